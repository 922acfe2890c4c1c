import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundle } from "../../infra/bundle.ts";
import { keys } from "../../lib/keys.ts";
import type { Receipt } from "../../lib/run/chunk-records.ts";
import { makeGrid } from "../../lib/run/grid-step.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { claimed, stationTable } from "../support/claimed-run.ts";
import { gathering } from "../support/gathering.ts";
import { fixture, ofOneRun } from "../support/golden.ts";
import { bucket, startS3, textsIn } from "../support/s3-server.ts";
import { startSandbox } from "./runtime-process.ts";

const SERIES = "prec/19970520.199707/";
/** More than are written at once, so that a chunk can be stopped between two stations. */
const STATIONS = 60;
/** Of the worker: puts at once, and the milliseconds of an invocation that it keeps in hand. */
const [AT_ONCE, RESERVE_MS] = [32, 5_000];
/** As infra/workers.ts and infra/coordinator.ts set them. */
const NODE_OPTIONS = "--enable-source-maps --max-old-space-size=64 --max-semi-space-size=4";

const HOUR_MS = 3_600_000;
const HOUR_LATER = "an hour later";
/** An option of Node: the process's clock goes an hour on at a signal. */
const CLOCK = `--import=data:text/javascript,${encodeURIComponent(`
  const { now } = Date;
  process.once("SIGUSR2", () => {
    Date.now = () => now() + ${HOUR_MS};
    console.log("${HOUR_LATER}");
  });
  process.on("SIGUSR2", () => {});
`)}`;

const outOfTime = {
  errorType: "InputError",
  errorMessage: expect.stringMatching(
    /^chunk 0001 of prec-\S+: only -?\d+ ms are left of this invocation\. Give the worker/,
  ),
};

describe("the worker under Lambda's runtime", () => {
  let folder = "";
  beforeAll(() => {
    ({ folder } = bundle("station-chunk"));
  });

  /** A bucket with a planned run, its grid, and one chunk in which every golden station comes three times. */
  async function planned() {
    const { stations } = await readStationTable(readFileSync(fixture("run/stations.xls")), "stations.xls");
    const rows = ["", "b", "c"].flatMap((copy) =>
      stations.map(({ id, lat, lon }) => `${id}${copy},${id}${copy},${lat},${lon}`),
    );
    const { store, run, claim, plan } = await claimed({ stations: stationTable(...rows) }, "1997-05-20 06:07:08");
    await plan({ chunkSize: STATIONS });
    await makeGrid(run);
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    const output = bucket(s3, "output-bucket");
    const target = s3Store(s3.client, output);
    for await (const { key } of store.list("")) await target.put(key, (await store.get(key))!.body);

    const environment = { OUTPUT_BUCKET: output, S3_FORCE_PATH_STYLE: "true", AWS_ENDPOINT_URL: s3.endpoint };
    const golden = (name: string) => readFileSync(fixture(`run/expected/${name.replace(/(\d)[bc]\./, "$1.")}`), "utf8");
    return {
      s3,
      /** As the coordinator sends it. */
      event: { runId: claim.runId, chunkId: "0001", product: "prec" },
      /** A new process of the worker, with more Node options. */
      start: (options = "") => startSandbox(folder, { ...environment, NODE_OPTIONS: `${NODE_OPTIONS} ${options}` }),
      /** How many CSVs there are, each of which must be golden. */
      series: () => {
        const files = Object.entries(ofOneRun(textsIn(s3, output, SERIES)));
        for (const [name, text] of files) expect(text).toBe(golden(name));
        return files.length;
      },
      receipt: () => {
        const text = textsIn(s3, output, keys.receipts(claim.runId))["0001.json"];
        return text === undefined ? undefined : (JSON.parse(text) as Receipt);
      },
    };
  }

  test("one process answers one event after the other, a chunk that it did before too", async () => {
    const { s3, event, start, series, receipt } = await planned();
    const sandbox = await start();
    for (let time = 1; time <= 2; time++) {
      const answer = await sandbox.invoke(event);
      const { warnings, seconds } = receipt()!;
      expect(answer).toEqual({
        response: { chunkId: "0001", stations: STATIONS, warnings: warnings.length, seconds },
      });
      expect(series()).toBe(STATIONS);
      const puts = s3.requests.filter(({ operation, key }) => operation === "PutObject" && key.startsWith(SERIES));
      expect(puts).toHaveLength(time * STATIONS);
    }
    await expect.poll(() => sandbox.api.calls).toEqual(["next", "response", "next", "response", "next"]);
    await expect.poll(() => sandbox.output().match(/\n/g)).toHaveLength(2);
    const lines = sandbox.output().trim().split("\n");
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const written = { ...event, message: "chunk written", xray_trace_id: "1-5bef4de7-ad49b0e87f6ef6c87fc2e700" };
    expect(logged).toMatchObject([true, false].map((cold_start) => ({ ...written, cold_start })));
    expect(new Set(logged.map(({ function_request_id: id }) => id)).size).toBe(2);
  });

  test("a wrong event and a failing chunk are told with type, message and source lines; the next one is served", async () => {
    const { event, start, series } = await planned();
    const sandbox = await start();
    const wrong = await sandbox.invoke({ forecastKey: "forecasts/a.nc" });
    expect(wrong).toMatchObject({
      error: {
        errorType: "InputError",
        errorMessage: expect.stringMatching(/^\{"forecastKey":"forecasts\/a\.nc"\} names no chunk\. Send /),
      },
    });
    const missing = await sandbox.invoke({ ...event, chunkId: "0002" });
    expect(missing).toMatchObject({
      error: {
        errorType: "InputError",
        errorMessage: `s3://output-bucket/runs/${event.runId}/chunks/0002.json: there is no such object`,
        trace: expect.arrayContaining([
          expect.stringMatching(/lib\/run\/run-chunk\.ts:\d+:\d+/),
          expect.stringMatching(/functions\/station-chunk\.ts:\d+:\d+/),
        ]),
      },
    });
    expect(series()).toBe(0);
    expect(await sandbox.invoke(event)).toMatchObject({ response: { stations: STATIONS } });
    expect(series()).toBe(STATIONS);
  });

  test("as its time ends it stops, says so, and keeps what is written; with more time it ends the chunk", async () => {
    const { s3, event, start, series, receipt } = await planned();
    const sandbox = await start(CLOCK);
    expect(await sandbox.invoke(event, RESERVE_MS - 1)).toMatchObject({ error: outOfTime });
    expect(series()).toBe(0);

    // Its time passes while the first puts are under way.
    const gathered = gathering(AT_ONCE);
    s3.intercept = async ({ operation }) => {
      if (operation !== "PutObject") return undefined;
      await gathered();
      sandbox.signal("SIGUSR2");
      await expect.poll(() => sandbox.output()).toContain(HOUR_LATER);
      return undefined;
    };
    expect(await sandbox.invoke(event, HOUR_MS)).toMatchObject({ error: outOfTime });
    expect(series()).toBe(AT_ONCE);
    expect(receipt()).toBeUndefined();

    s3.intercept = undefined;
    expect(await sandbox.invoke(event, 2 * HOUR_MS)).toMatchObject({ response: { stations: STATIONS } });
    expect(series()).toBe(STATIONS);
    expect(receipt()).toMatchObject({ stations: STATIONS });
  });

  test("killed when its time is over, it leaves whole series and no receipt; a new process ends the chunk", async () => {
    const { s3, event, start, series, receipt } = await planned();
    const sandbox = await start();
    let puts = 0;
    s3.intercept = ({ operation, key }) => {
      // The history of the cells is kept before the first series.
      if (operation !== "PutObject" || key.startsWith("grids/") || ++puts <= 20) return undefined;
      // When no put can follow before another has its answer.
      if (puts === 20 + AT_ONCE) sandbox.signal("SIGKILL");
      // Some are carried out although nobody is there to be told.
      return puts <= 30 ? "late" : "stall";
    };
    expect(await sandbox.invoke(event)).toEqual({ ended: "SIGKILL" });
    expect(sandbox.api.calls).toEqual(["next"]);
    await expect.poll(series).toBe(30);
    expect(receipt()).toBeUndefined();

    s3.intercept = undefined;
    const next = await start();
    expect(await next.invoke(event)).toMatchObject({ response: { stations: STATIONS } });
    expect(series()).toBe(STATIONS);
    expect(receipt()).toMatchObject({ stations: STATIONS });
  });

  test.each([
    ["an uncaught exception", 'throw new Error("from nowhere")'],
    ["an unhandled rejection", 'void Promise.reject(new Error("from nowhere"))'],
  ])("%s ends the process at once, so that Lambda starts a new one", async (_, statement) => {
    const { s3, event, start, series, receipt } = await planned();
    const script = encodeURIComponent(`process.on("SIGUSR2", () => { ${statement}; });`);
    const sandbox = await start(`--import=data:text/javascript,${script}`);
    s3.intercept = ({ operation }) => {
      if (operation !== "PutObject") return undefined;
      sandbox.signal("SIGUSR2");
      return "stall";
    };
    expect(await sandbox.invoke(event)).toEqual({ ended: 1 });
    expect(sandbox.api.calls).toEqual(["next"]);
    expect(sandbox.output()).toContain("Error: from nowhere");
    expect(series()).toBe(0);
    expect(receipt()).toBeUndefined();

    s3.intercept = undefined;
    const next = await start();
    expect(await next.invoke(event)).toMatchObject({ response: { stations: STATIONS } });
  });

  test("without a bucket it does not start, and says which variable is not set", async () => {
    const sandbox = await startSandbox(folder, { NODE_OPTIONS });
    expect(await sandbox.api.initError).toMatchObject({
      errorType: "InputError",
      errorMessage: "environment: OUTPUT_BUCKET is not set",
      trace: expect.arrayContaining([expect.stringMatching(/functions\/station-chunk\.ts:\d+:\d+/)]),
    });
    expect(await sandbox.ended).toEqual({ ended: 1 });
    expect(sandbox.api.calls).toEqual(["init/error"]);
  });
});
