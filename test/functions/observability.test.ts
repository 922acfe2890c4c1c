import { readdirSync, readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { type Cloud, FORECAST, startCloud } from "../support/cloud.ts";
import { fixture } from "../support/golden.ts";
import { captureOutput } from "../support/output-lines.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const forecast = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
const manual = { forecastKey: FORECAST, now: "1997-05-20T06:07:08" };

type Line = Readonly<Record<string, unknown>>;

interface Watched {
  readonly cloud: Cloud;
  /** Runs an event, and parses what was printed meanwhile. */
  readonly run: (
    event: unknown,
  ) => Promise<{ logs: Line[]; metrics: Line[]; printed: string; manifest: Manifest | undefined }>;
}

async function watched(settings: Record<string, string> = {}): Promise<Watched> {
  const lines = captureOutput();
  const talkative = { POWERTOOLS_LOG_LEVEL: "INFO", POWERTOOLS_METRICS_DISABLED: "", POWERTOOLS_DEV: "" };
  const cloud = await startCloud({ ...talkative, ...settings });
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, forecast);
  return {
    cloud,
    async run(event) {
      const before = lines.length;
      await cloud.execute(event);
      const own = lines.slice(before);
      const parsed = own.map((line) => JSON.parse(line) as Line);
      const manifest = Object.entries(cloud.output("runs/")).find(([key]) => key.endsWith("/manifest.json"));
      return {
        logs: parsed.filter((line) => !("_aws" in line)),
        metrics: parsed.filter((line) => "_aws" in line),
        printed: own.join("\n"),
        manifest: manifest === undefined ? undefined : (JSON.parse(manifest[1]) as Manifest),
      };
    },
  };
}

const units: Readonly<Record<string, string>> = { RunSeconds: "Seconds", GridSeconds: "Seconds" };

/** What CloudWatch is told in that format, and nothing else. */
function embedded(values: Readonly<Record<string, number>>): Line {
  const definitions = Object.keys(values).map((Name) => ({ Name, Unit: units[Name] ?? "Count" }));
  return {
    _aws: {
      Timestamp: expect.any(Number) as number,
      CloudWatchMetrics: [{ Namespace: "S2sFanout", Dimensions: [["product"]], Metrics: definitions }],
    },
    product: "prec",
    ...values,
  };
}

const none = {
  RunsCompleted: 0,
  RunsPartial: 0,
  RunsFailed: 0,
  StationsWritten: 0,
  StationsUsable: 0,
  StationWarnings: 0,
  ChunksFailed: 0,
  ChunkRetries: 0,
};

describe("metrics, once for a run despite its replays", () => {
  test("of a complete run, with the grid computed and then stored", async () => {
    const { run } = await watched({ CHUNK_SIZE: "5" });
    for (const [event, GridCacheHit] of [
      [manual, 0],
      [{ ...manual, force: true }, 1],
    ] as const) {
      const { metrics, manifest } = await run(event);
      const { counts, seconds } = manifest!;
      expect(counts.warnings).toBeGreaterThan(0);
      expect(seconds["total"]).toBeGreaterThanOrEqual(seconds["grid"]!);
      expect(metrics).toEqual([
        embedded({
          ...none,
          RunsCompleted: 1,
          StationsWritten: 20,
          StationsUsable: 18,
          StationWarnings: counts.warnings,
          RunSeconds: seconds["total"]!,
          GridCacheHit,
          GridSeconds: seconds["grid"]!,
        }),
      ]);
    }
  });

  test("in the namespace that the deployment names", async () => {
    const { run } = await watched({ POWERTOOLS_METRICS_NAMESPACE: "rain" });
    const { metrics } = await run(manual);
    expect(metrics).toMatchObject([{ _aws: { CloudWatchMetrics: [{ Namespace: "rain" }] } }]);
  });

  test("of a partial run, with what was tried again", async () => {
    const { cloud, run } = await watched({ CHUNK_SIZE: "5" });
    refuseReceipts(cloud, { "0002": 3, "0003": 1 });
    const { metrics, manifest } = await run(manual);
    const { counts, seconds } = manifest!;
    expect(metrics).toEqual([
      embedded({
        ...none,
        RunsPartial: 1,
        StationsWritten: 15,
        StationsUsable: counts.usable,
        StationWarnings: counts.warnings,
        ChunksFailed: 1,
        ChunkRetries: 3,
        RunSeconds: seconds["total"]!,
        GridCacheHit: 0,
        GridSeconds: seconds["grid"]!,
      }),
    ]);
  });

  test("of chunks that Lambda refused first count each attempt after the first, whatever came of them", async () => {
    const { cloud, run } = await watched({ CHUNK_SIZE: "5" });
    const ends: Record<string, string[]> = {
      "0002": ["Rate Exceeded.", "Rate Exceeded.", "gone", "gone", "gone"],
      "0003": ["Rate Exceeded.", "gone"],
    };
    cloud.beforeChunk = ({ chunkId }) => {
      const end = ends[chunkId]?.shift();
      if (end !== undefined) throw new Error(end);
    };
    const { metrics } = await run(manual);
    expect(metrics).toMatchObject([{ RunsPartial: 1, ChunksFailed: 1, ChunkRetries: 4 + 2 }]);
  });

  test("of a run that failed before its grid", async () => {
    const { cloud, run } = await watched();
    await cloud.put(FORECAST, readFileSync(fixture("run/precip.classic.nc")));
    const { metrics, manifest } = await run(manual);
    expect(metrics).toEqual([embedded({ ...none, RunsFailed: 1, RunSeconds: manifest!.seconds["total"]! })]);
  });

  test("none of an event that starts no run of its own", async () => {
    const { run } = await watched();
    await run(manual);
    expect((await run(manual)).metrics).toEqual([]);
  });
});

describe("log lines", () => {
  test("of a run tell its id, and of a chunk its own", async () => {
    const { cloud, run } = await watched({ CHUNK_SIZE: "5" });
    refuseReceipts(cloud, { "0002": 3, "0003": 1 });
    const { logs, manifest } = await run(manual);
    const { runId, counts } = manifest!;
    for (const line of logs) expect(line).toMatchObject({ runId, product: "prec" });
    const told = logs.map(({ service, level, message, chunkId }) => [service, level, message, chunkId]);
    const count = (...line: unknown[]) => told.filter((other) => JSON.stringify(other) === JSON.stringify(line)).length;
    for (const chunk of ["0001", "0003", "0004"])
      expect(count("station-chunk", "INFO", "chunk written", chunk)).toBe(1);
    expect(count("station-chunk", "ERROR", "chunk failed", "0002")).toBe(3);
    expect(count("station-chunk", "ERROR", "chunk failed", "0003")).toBe(1);
    expect(told.filter(([service]) => service === "coordinator")).toEqual([
      ["coordinator", "INFO", "run", undefined],
      ["coordinator", "INFO", "step done", undefined],
      ["coordinator", "INFO", "step done", undefined],
      ["coordinator", "ERROR", "chunk missing", "0002"],
      ["coordinator", "INFO", "run ended", undefined],
    ]);
    expect(logs.at(-1)).toMatchObject({ status: "partial", ...counts });
    expect(logs.find(({ message }) => message === "chunk failed")).toMatchObject({
      error: { name: "InputError", tag: "NoAccess", message: expect.stringContaining("s3:PutObject") as string },
    });
  });

  test("of a run that failed tell what failed", async () => {
    const { cloud, run } = await watched();
    await cloud.put(FORECAST, readFileSync(fixture("run/precip.classic.nc")));
    const { logs, manifest } = await run(manual);
    const { runId, error } = manifest!;
    expect(error).toContain('there is no variable "anom"');
    expect(logs).toMatchObject([
      { level: "INFO", message: "run", runId },
      { level: "ERROR", message: "step failed", runId, product: "prec", attempt: 1, error: { tag: "MissingVariable" } },
      { level: "ERROR", message: "run failed", runId, product: "prec", status: "failed", error },
    ]);
  });

  test("of a run whose chunks all failed tell of the first", async () => {
    const { cloud, run } = await watched();
    refuseReceipts(cloud, { "0001": 3 });
    const { logs } = await run(manual);
    const error = expect.stringContaining("S3 refused s3:PutObject") as string;
    expect(logs.at(-1)).toMatchObject({ level: "ERROR", message: "run failed", status: "failed", written: 0, error });
  });

  test("of a forecast that is not there name it", async () => {
    const forecastKey = "forecasts/CFSv2.Prec.19970521.199707.nc";
    const { run } = await watched();
    expect((await run({ forecastKey })).logs).toMatchObject([
      { level: "ERROR", message: "step failed", product: "prec", forecastKey, error: { tag: "FileNotFound" } },
    ]);
  });

  test("hold no station's name and no value", async () => {
    const { cloud, run } = await watched({ CHUNK_SIZE: "5" });
    refuseReceipts(cloud, { "0002": 3 });
    const { printed } = await run(manual);
    const { stations } = await readStationTable(readFileSync(fixture("run/stations.xls")), "stations.xls");
    const names = stations.flatMap(({ name }) => name ?? []);
    const values = readdirSync(fixture("run/expected")).flatMap((file) =>
      // Shorter ones may be found by chance.
      [...readFileSync(fixture(`run/expected/${file}`), "utf8").matchAll(/,-?(\d+\.\d{5,})$/gm)].map((m) => m[1]!),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(values.length).toBeGreaterThan(1000);
    expect([...names, ...values].filter((text) => printed.includes(text))).toEqual([]);
  });
});

/** Has the store refuse the receipt of each chunk so many times. */
function refuseReceipts(cloud: Cloud, times: Record<string, number>): void {
  cloud.s3.intercept = ({ method, key }) => {
    const chunkId = /\/receipts\/(\d+)\.json$/.exec(key)?.[1];
    if (method !== "PUT" || chunkId === undefined || times[chunkId] === undefined || times[chunkId]-- <= 0) return;
    return { status: 403, code: "AccessDenied" };
  };
}
