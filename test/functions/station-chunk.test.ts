import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ChunkEvent, ChunkResult } from "../../functions/station-chunk.ts";
import type { Receipt } from "../../lib/run/chunk-records.ts";
import { type Cloud, FORECAST, startCloud } from "../support/cloud.ts";
import { gathering } from "../support/gathering.ts";
import { fixture, ofOneRun } from "../support/golden.ts";
import { lambdaContext } from "../support/lambda-context.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const SERIES = "prec/19970520.199707/";
const expected = (name: string) => readFileSync(fixture(`run/expected/${name}`), "utf8");

interface Planned {
  readonly cloud: Cloud;
  readonly runId: string;
  /** The worker as it is deployed, with what it is sent. */
  readonly work: (event: unknown, remaining?: () => number) => Promise<ChunkResult>;
}

/** A run of the golden inputs with grid and one planned chunk, none of whose stations is written. */
async function planned(settings: Record<string, string> = {}, table?: string): Promise<Planned> {
  const cloud = await startCloud(settings);
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
  if (table !== undefined) await cloud.put("stations/many.csv", table);
  cloud.beforeChunk = () => Promise.reject(new Error("not yet"));
  await cloud.execute({ forecastKey: FORECAST, now: "1997-05-20T06:07:08" });
  const [runId] = Object.keys(cloud.output("runs/"))[0]!.split("/");
  const { handler } = await import("../../functions/station-chunk.ts");
  expect(ofOneRun(cloud.output(SERIES))).toEqual({});
  return {
    cloud,
    runId: runId!,
    work: (event, remaining) => handler(event as ChunkEvent, lambdaContext(remaining)),
  };
}

/** events/chunk.json, with a run's id in place of its own. */
function chunkEvent(runId: string): unknown {
  const text = readFileSync(new URL("../../events/chunk.json", import.meta.url), "utf8");
  return JSON.parse(text.replace("prec-20200625.202008-0123456789ab", runId));
}

function receipt({ cloud, runId }: Planned): Receipt | undefined {
  const text = cloud.output(`runs/${runId}/receipts/`)["0001.json"];
  return text === undefined ? undefined : (JSON.parse(text) as Receipt);
}

test("a chunk's event writes its series and its receipt", async () => {
  const run = await planned();
  const answer = await run.work(chunkEvent(run.runId));
  const { runId, stations, warnings, seconds } = receipt(run)!;
  expect({ runId, stations }).toEqual({ runId: run.runId, stations: 20 });
  expect(warnings.length).toBeGreaterThan(0);
  expect(answer).toEqual({ chunkId: "0001", stations: 20, warnings: warnings.length, seconds });
  const files = ofOneRun(run.cloud.output(SERIES));
  expect(Object.keys(files)).toHaveLength(20);
  for (const [name, text] of Object.entries(files)) expect(text).toBe(expected(name));
});

test("a chunk that was done before is written again, byte for byte", async () => {
  const run = await planned();
  await run.work(chunkEvent(run.runId));
  const [files, first] = [ofOneRun(run.cloud.output(SERIES)), receipt(run)!];
  await run.work(chunkEvent(run.runId));
  expect(ofOneRun(run.cloud.output(SERIES))).toEqual(files);
  expect(receipt(run)).toEqual({ ...first, seconds: receipt(run)!.seconds });
});

test("out of time, it stops with what it has; with more time it ends the same", async () => {
  const run = await planned();
  let asked = 0;
  const failed = run.work(chunkEvent(run.runId), () => (asked++ < 7 ? 5_000 : 4_999));
  await expect(failed).rejects.toMatchObject({
    name: "InputError",
    tag: "OutOfTime",
    message:
      `chunk 0001 of ${run.runId}: only 4999 ms are left of this invocation. ` +
      "Give the worker more time or memory, or the run smaller chunks",
  });
  const begun = ofOneRun(run.cloud.output(SERIES));
  expect(Object.keys(begun)).toHaveLength(7);
  for (const [name, text] of Object.entries(begun)) expect(text).toBe(expected(name));
  expect(receipt(run)).toBeUndefined();

  expect(await run.work(chunkEvent(run.runId))).toMatchObject({ stations: 20 });
  expect(receipt(run)).toMatchObject({ stations: 20 });
  const files = ofOneRun(run.cloud.output(SERIES));
  expect(files).toMatchObject(begun);
  for (const [name, text] of Object.entries(files)) expect(text).toBe(expected(name));
});

test("no more than 32 series are sent at once", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${1000 + i},${(i % 34) * 2.5},${i * 3}`);
  const run = await planned(
    { CHUNK_SIZE: "100", STATIONS_KEY: "stations/many.csv" },
    ["id,lat,lon", ...rows, ""].join("\n"),
  );
  const gathered = gathering(32);
  let [now, peak] = [0, 0];
  run.cloud.s3.intercept = async ({ operation, key }) => {
    if (operation !== "PutObject" || !key.startsWith(SERIES)) return undefined;
    peak = Math.max(peak, ++now);
    await gathered();
    // Time for one more than may come.
    await setTimeout(30);
    now--;
    return undefined;
  };
  expect(await run.work(chunkEvent(run.runId))).toMatchObject({ stations: 100 });
  expect(peak).toBe(32);
});

describe("what is refused", () => {
  const ids = { runId: "prec-20200625.202008-0123456789ab", chunkId: "0001", product: "prec" };

  test.each<[string, unknown, string]>([
    ["nothing", null, "null"],
    ["an event of the coordinator", { forecastKey: FORECAST }, JSON.stringify({ forecastKey: FORECAST })],
    ["no run", { ...ids, runId: undefined }, '{"chunkId":"0001","product":"prec"}'],
    ["a run that leads elsewhere", { ...ids, runId: "../prec-0123456789ab" }, '{"runId":"../prec-0123456789ab",'],
    ["a chunk that is a number", { ...ids, chunkId: 1234 }, '"chunkId":1234,'],
    ["a chunk that is short", { ...ids, chunkId: "1" }, '"chunkId":"1",'],
    ["no product", { ...ids, product: "" }, '"product":""'],
  ])("%s, with the right form", async (_, sent, named) => {
    const { work } = await started();
    const error: unknown = await work(sent).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "InputError", tag: "BadEvent" });
    const { message } = error as Error;
    expect(message).toContain(named);
    // The right form is that of the sample event.
    expect(message).toContain(`names no chunk. Send ${JSON.stringify(ids).replaceAll(/([:,])/g, "$1 ")}`);
    expect(chunkEvent(ids.runId)).toEqual(ids);
  });

  test("a chunk that no run planned, by its key", async () => {
    const { cloud, runId } = await planned();
    const { handler } = await import("../../functions/station-chunk.ts");
    await expect(handler({ runId, chunkId: "0002", product: "prec" }, lambdaContext())).rejects.toMatchObject({
      tag: "FileNotFound",
      message: `s3://output-bucket/runs/${runId}/chunks/0002.json: there is no such object`,
    });
    expect(ofOneRun(cloud.output(SERIES))).toEqual({});
  });

  test.each([
    ["OUTPUT_BUCKET", "", "environment: OUTPUT_BUCKET is not set"],
    ["S3_FORCE_PATH_STYLE", "True", 'environment: S3_FORCE_PATH_STYLE is "true" or "false", not "True"'],
  ])("to start with a wrong %s", async (name, value, message) => {
    await expect(started({ [name]: value })).rejects.toMatchObject({ tag: "BadSetting", message });
  });

  /** The worker as it starts, with nothing in its bucket. */
  async function started(settings: Record<string, string> = {}) {
    const environment = { OUTPUT_BUCKET: "output-bucket", S3_FORCE_PATH_STYLE: "true", ...settings };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.resetModules();
    const { handler } = await import("../../functions/station-chunk.ts");
    return { work: (sent: unknown) => handler(sent as ChunkEvent, lambdaContext()) };
  }
});
