import { readdirSync, readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { BandEvent } from "../../functions/grid-band.ts";
import type { BandRecord, Manifest, PlannedGrid, RunPlan } from "../../lib/run/records.ts";
import { type Cloud, FORECAST, INPUT, OUTPUT, startCloud } from "../support/cloud.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { objects } from "../support/s3-server.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const SERIES = "prec/19970520.199707/";
const ARCHIVE = "observations/precip.mon.mean.nc";
const START = { forecastKey: FORECAST, product: "prec", now: "1997-05-20T06:07:08" };
const RESUME = { forecastKey: FORECAST, product: "prec", resume: true };
/** So little time that the grid of the fixtures, of nine rows of tiles, is made in three bands. */
const LITTLE = { INVOCATION_SECONDS: "0.0042", GRID: "global" };
const BANDS = ["0001", "0002", "0003"];
const expected = texts(fixture("run/expected"));

async function cloudWith(settings: Record<string, string> = {}): Promise<Cloud> {
  const cloud = await startCloud({ ...LITTLE, ...settings });
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
  return cloud;
}

/** A run of which no band can be made, and the function that makes them. */
async function planned() {
  const cloud = await cloudWith();
  cloud.beforeBand = () => Promise.reject(new Error("not yet"));
  await cloud.execute(START);
  cloud.beforeBand = undefined;
  const { handler } = await import("../../functions/grid-band.ts");
  const runId = runIdOf(cloud);
  const work = (bandId: string, remaining?: () => number) =>
    handler({ runId, bandId, product: "prec" }, lambdaContext(remaining));
  return { cloud, runId, work };
}

function runIdOf(cloud: Cloud): string {
  const claim = Object.keys(cloud.output("runs/")).find((key) => key.endsWith("/claim.json"));
  return claim!.split("/")[0]!;
}

function inRun<T>(cloud: Cloud, name: string): T {
  return JSON.parse(cloud.output(`runs/${runIdOf(cloud)}/`)[name]!) as T;
}

const bandsOf = (cloud: Cloud) => Object.keys(cloud.output(`runs/${runIdOf(cloud)}/bands/`));
const recordOf = (cloud: Cloud, bandId: string) => inRun<BandRecord>(cloud, `bands/${bandId}.json`);
const marker = (cloud: Cloud) => Object.values(cloud.output("grids/ready/"))[0];

/** The bytes of what a run leaves for its readers. */
function made(cloud: Cloud): Record<string, string> {
  const kept = [...objects(cloud.s3, OUTPUT)].filter(
    ([key]) => /^(grids|prec)\//.test(key) && !key.endsWith("latest.json"),
  );
  return Object.fromEntries(kept.map(([key, body]) => [key, Buffer.from(body).toString("base64")]));
}

/** Keys of the tiles that were written, in turn. */
function tilesPut(cloud: Cloud, from = 0): string[] {
  const puts = cloud.s3.requests.slice(from).filter(({ method, key }) => method === "PUT" && key.includes("/anomaly/"));
  return puts.map(({ key }) => key).filter((key) => /\d+\.\d+\.0$/.test(key));
}

describe("a run whose grid does not fit one invocation", () => {
  test("has its bands made by workers, and leaves the same bytes as one whose grid fits", async () => {
    const whole = await cloudWith({ INVOCATION_SECONDS: "300" });
    const one = await whole.execute(START);
    expect([one.results[0]?.status, one.bands]).toEqual(["complete", []]);
    expect(inRun<RunPlan>(whole, "plan.json").bands).toBeUndefined();
    const expectedBytes = made(whole);
    expect(Object.keys(expectedBytes).length).toBeGreaterThan(100);
    vi.unstubAllEnvs();

    const cloud = await cloudWith();
    const { results, bands } = await cloud.execute(START);
    expect(results).toMatchObject([{ status: "complete", written: 20, missing: 0 }]);
    expect(bands.toSorted()).toEqual(BANDS);
    expect(made(cloud)).toEqual(expectedBytes);
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);

    expect(inRun<RunPlan>(cloud, "plan.json").bands).toBe(3);
    const { rows, made: isMade } = inRun<PlannedGrid>(cloud, "grid-plan.json").bands!;
    expect({ rows, isMade }).toEqual({
      rows: [
        [0, 3],
        [3, 6],
        [6, 9],
      ],
      isMade: true,
    });
    const { tiles } = JSON.parse(marker(cloud)!) as { tiles: Record<string, number> };
    const records = BANDS.map((bandId) => recordOf(cloud, bandId).tiles);
    expect(Object.assign({}, ...records)).toEqual(tiles);
    // Each tile is written once, and nothing is left on the disk.
    const anomalies = Object.keys(tiles).filter((name) => !name.includes("/"));
    expect(tilesPut(cloud)).toHaveLength(anomalies.length);
    expect(readdirSync(cloud.scratch)).toEqual([]);
    const { seconds } = inRun<Manifest>(cloud, "manifest.json");
    expect(seconds["grid"]).toBeLessThanOrEqual(seconds["total"]!);
  });

  test("uses the grid that is there", async () => {
    const cloud = await cloudWith();
    await cloud.execute(START);
    const forced = await cloud.execute({ forecastKey: FORECAST, product: "prec", force: true });
    expect(forced.results).toMatchObject([{ status: "complete" }]);
    expect(forced.bands).toEqual([]);
    expect(inRun<RunPlan>(cloud, "plan.json").bands).toBeUndefined();
  });

  test("is refused before any work where not even single rows fit, with what to do", async () => {
    const cloud = await cloudWith({ INVOCATION_SECONDS: "0.001" });
    const { status, error, bands } = await cloud.execute(START);
    expect(status).toBe("FAILED");
    expect(error).toMatch(/does not fit: each of 9 invocations would take 1 MiB of storage and 1 s, and can count on/);
    expect(error).toContain("Raise coordinatorTimeoutSeconds to 1; or let the product say grid");
    expect(bands).toEqual([]);
    expect(tilesPut(cloud)).toEqual([]);
  });

  test("is made by the coordinator where no function for bands is set", async () => {
    const cloud = await cloudWith();
    vi.stubEnv("GRID_BAND_FUNCTION", undefined);
    vi.resetModules();
    const { handler } = await import("../../functions/coordinator.ts");
    const runner = new LocalDurableTestRunner({ handlerFunction: handler });
    runner.registerFunction(process.env["STATION_CHUNK_FUNCTION"]!, () => Promise.reject(new Error("not asked")));
    await runner.run({ payload: START });
    expect(marker(cloud)).toBeDefined();
    expect(bandsOf(cloud)).toEqual([]);
  });
});

describe("a band that fails", () => {
  test("twice is tried a third time", async () => {
    const cloud = await cloudWith();
    let failures = 0;
    cloud.beforeBand = ({ bandId }) => {
      if (bandId === "0002" && failures++ < 2) throw new Error("the sandbox is gone");
    };
    const { results, bands } = await cloud.execute(START);
    expect(results).toMatchObject([{ status: "complete" }]);
    expect(bands.toSorted()).toEqual(["0001", "0002", "0002", "0002", "0003"]);
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);
  });

  test("for good fails the run, which names it and why; all others are made, and a resume makes that one", async () => {
    const cloud = await cloudWith();
    cloud.beforeBand = ({ bandId }) => {
      if (bandId === "0002") throw new Error("poison");
    };
    const first = await cloud.execute(START);
    expect(first.status).toBe("FAILED");
    expect(first.error).toContain(
      "1 of its 3 bands could not be made: band 0002: poison. Correct the cause, then resume",
    );
    expect(first.invoked).toEqual([]);
    expect(inRun<Manifest>(cloud, "manifest.json")).toMatchObject({
      status: "failed",
      error: expect.stringContaining("band 0002: poison") as string,
      counts: { planned: 20, written: 0 },
    });
    expect(bandsOf(cloud)).toEqual(["0001.json", "0003.json"]);
    expect(marker(cloud)).toBeUndefined();

    cloud.beforeBand = undefined;
    const requests = cloud.s3.requests.length;
    const resumed = await cloud.execute(RESUME);
    expect(resumed.bands).toEqual(["0002"]);
    expect(resumed.results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(new Set(tilesPut(cloud, requests).map((key) => key.split("/").at(-1)!.split(".")[0]))).toEqual(
      new Set(["3", "4", "5"]),
    );
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);
  });

  test("after it has left its record counts as made", async () => {
    const cloud = await cloudWith();
    const { handler } = await import("../../functions/grid-band.ts");
    cloud.beforeBand = async (event) => {
      await handler(event, lambdaContext());
      throw new Error("the answer is lost");
    };
    const { results } = await cloud.execute(START);
    expect(results).toMatchObject([{ status: "complete" }]);
  });
});

test("an archive that is replaced meanwhile fails the run, and no grid of two archives counts as there", async () => {
  const cloud = await cloudWith({ MAX_CONCURRENCY: "1" });
  cloud.beforeBand = async ({ bandId }) => {
    if (bandId === "0002") await cloud.put(ARCHIVE, readFileSync(fixture("run/precip.classic.nc")));
  };
  const { status, error } = await cloud.execute(START);
  expect(status).toBe("FAILED");
  expect(error).toMatch(/band 0002: .*precip\.mon\.mean\.nc: was replaced since the run began/);
  expect(bandsOf(cloud)).toEqual(["0001.json"]);
  expect(marker(cloud)).toBeUndefined();
});

test("an archive that is replaced when all bands are made fails the run as well", async () => {
  const cloud = await cloudWith({ MAX_CONCURRENCY: "1" });
  const { handler } = await import("../../functions/grid-band.ts");
  cloud.beforeBand = async (event) => {
    await handler(event, lambdaContext());
    if (event.bandId === "0003") await cloud.put(ARCHIVE, readFileSync(fixture("run/precip.classic.nc")));
  };
  const { status, error } = await cloud.execute(START);
  expect(status).toBe("FAILED");
  expect(error).toMatch(/^.*precip\.mon\.mean\.nc: was replaced since the run began/);
  expect(bandsOf(cloud)).toHaveLength(3);
  expect(marker(cloud)).toBeUndefined();
});

test("what a band costs is within what an execution may do", async () => {
  const cloud = await cloudWith({ INVOCATION_SECONDS: "300" });
  const { operations: without } = await cloud.execute(START);
  vi.unstubAllEnvs();
  const failing = await cloudWith();
  failing.beforeBand = () => Promise.reject(new Error("poison"));
  await failing.execute(START);
  failing.beforeBand = undefined;
  const attempts = new Map<string, number>();
  failing.beforeBand = ({ bandId }) => {
    attempts.set(bandId, (attempts.get(bandId) ?? 0) + 1);
    if (attempts.get(bandId)! < 3) throw new Error("poison");
  };
  const { operations } = await failing.execute(RESUME);
  // A context, three invocations and two waits for each, and the map.
  expect(operations).toHaveLength(without.length + BANDS.length * 6 + 1);
});

describe("the function that makes bands", () => {
  test("leaves the same bytes each time, also where it is asked twice at once", async () => {
    const { cloud, work } = await planned();
    const [first, second] = await Promise.all([work("0002"), work("0002")]);
    expect(first).toEqual({ ...second, seconds: first.seconds });
    expect(first).toMatchObject({ bandId: "0002", tiles: Object.keys(recordOf(cloud, "0002").tiles).length });
    const files = made(cloud);
    const record = cloud.output(`runs/${runIdOf(cloud)}/bands/`)["0002.json"];
    await work("0002");
    expect(made(cloud)).toEqual(files);
    expect(cloud.output(`runs/${runIdOf(cloud)}/bands/`)["0002.json"]).toBe(record);
    expect(readdirSync(cloud.scratch)).toEqual([]);
  });

  test("stops where its time ends, and says so; with more it ends the same", async () => {
    const { cloud, runId, work } = await planned();
    for (const looks of [0, 1, 30, 100]) {
      let asked = 0;
      await expect(work("0001", () => (asked++ < looks ? 5_000 : 4_999))).rejects.toMatchObject({
        tag: "OutOfTime",
        message:
          `band 0001 of ${runId}: only 4999 ms are left of this invocation. ` +
          "Give the coordinator, whose settings this function has, more time or memory",
      });
      expect(readdirSync(cloud.scratch)).toEqual([]);
    }
    expect(bandsOf(cloud)).toEqual([]);
    expect(await work("0001")).toMatchObject({ bandId: "0001" });
    expect(bandsOf(cloud)).toEqual(["0001.json"]);
  });

  test("refuses a band that the grid does not have", async () => {
    const { runId, work } = await planned();
    await expect(work("0004")).rejects.toMatchObject({
      tag: "BadEvent",
      message: `the grid of ${runId} has no band 0004. It has 0001, 0002, 0003`,
    });
    await expect(work("0000")).rejects.toMatchObject({ tag: "BadEvent" });
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a chunk", { runId: "prec-20200625.202008-0123456789ab", chunkId: "0001", product: "prec" }],
    ["a run that leads elsewhere", { runId: "../prec-0123456789ab", bandId: "0001", product: "prec" }],
    ["a band that is a number", { runId: "prec-20200625.202008-0123456789ab", bandId: 1, product: "prec" }],
  ])("refuses %s, with the right form", async (_, sent) => {
    const { handler } = await started();
    const sample = readFileSync(new URL("../../events/band.json", import.meta.url), "utf8");
    const hint = `names no band. Send ${sample.trim().replace(/^\{ (.*) \}$/, "{$1}")}`;
    await expect(handler(sent as BandEvent, lambdaContext())).rejects.toMatchObject({
      tag: "BadEvent",
      message: `${JSON.stringify(sent)} ${hint}`,
    });
  });

  test.each([
    ["INPUT_BUCKET", "", "environment: INPUT_BUCKET is not set"],
    ["OUTPUT_BUCKET", "", "environment: OUTPUT_BUCKET is not set"],
    ["GRID_MEMORY_MB", "", "environment: GRID_MEMORY_MB is not set"],
    ["GRID_MEMORY_MB", "1.5", 'environment: GRID_MEMORY_MB is a whole number of MiB from 1 on, not "1.5"'],
  ])("does not start with a wrong %s, %j", async (name, value, message) => {
    await expect(started({ [name]: value })).rejects.toMatchObject({ tag: "BadSetting", message });
  });

  async function started(settings: Record<string, string> = {}) {
    const environment = { INPUT_BUCKET: INPUT, OUTPUT_BUCKET: OUTPUT, GRID_MEMORY_MB: "256", ...settings };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.resetModules();
    return import("../../functions/grid-band.ts");
  }
});
