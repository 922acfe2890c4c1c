import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Claim, Manifest } from "../../lib/run/records.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { type Cloud, type Execution, FORECAST, INPUT, OUTPUT, startCloud } from "../support/cloud.ts";
import { gathering } from "../support/gathering.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { objects } from "../support/s3-server.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const NOW = "1997-05-20T06:07:08";
const SERIES = "prec/19970520.199707/";
const forecast = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
const expected = texts(fixture("run/expected"));

async function cloudWith(settings: Record<string, string> = {}): Promise<Cloud> {
  const cloud = await startCloud(settings);
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, forecast);
  return cloud;
}

/** An event of events/, with the names of this test's buckets. */
function event(name: string): object {
  const text = readFileSync(new URL(`../../events/${name}.json`, import.meta.url), "utf8");
  return JSON.parse(
    text.replaceAll("my-input-bucket", INPUT).replaceAll("forecasts/CFSv2.Prec.20200625.202008.nc", FORECAST),
  ) as object;
}

function manifestOf(cloud: Cloud, runId: string | undefined): Manifest {
  return JSON.parse(cloud.output(`runs/${runId}/`)["manifest.json"]!) as Manifest;
}

/** The row for now: of the day of issue, as the sample event asks for it, or of the clock. */
const NOW_ROW = /^(1997-05-20 00:00:00|20\d\d-.*),0\.0$/m;

/** The series with the row for now put back to that of the golden ones. */
function series(cloud: Cloud, prefix = SERIES): Record<string, string> {
  const files = ofOneRun(cloud.output(prefix));
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, text.replace(NOW_ROW, "1997-05-20 06:07:08,0.0")]),
  );
}

describe("a run", () => {
  test.each([
    ["page", "pageMissing", (key: string) => key.endsWith("/index.html")],
    ["index", "indexMissing", (key: string) => key === "index.html"],
    ["entry of the index", "indexMissing", (key: string) => key.startsWith("index/")],
  ] as const)("whose %s S3 refuses is complete, with the warning %s in its manifest", async (_, kind, isRefused) => {
    const cloud = await cloudWith();
    cloud.s3.intercept = ({ operation, key }) =>
      operation === "PutObject" && isRefused(key) ? { status: 403, code: "AccessDenied" } : undefined;
    const { status, results } = await cloud.execute(event("manual"));
    expect(status).toBe("SUCCEEDED");
    const { warnings } = manifestOf(cloud, results[0]?.runId);
    expect(results).toMatchObject([{ status: "complete", written: 20, warnings: warnings.length }]);
    expect(warnings.at(-1)).toMatchObject({
      kind,
      message: expect.stringContaining("S3 refused s3:PutObject") as string,
    });
  });

  test("that an upload starts writes the golden bytes, and nothing to the input bucket", async () => {
    const cloud = await cloudWith();
    const before = [...objects(cloud.s3, INPUT).keys()];
    const { status, results } = await cloud.execute(event("s3-notification"));
    expect(status).toBe("SUCCEEDED");
    expect(results).toMatchObject([{ product: "prec", status: "complete", written: 20, missing: 0 }]);
    expect(series(cloud)).toEqual(expected);
    const { runId } = results[0]!;
    expect(manifestOf(cloud, runId)).toMatchObject({
      status: "complete",
      grid: { stored: false, months: 87 },
      counts: { planned: 20, written: 20, emptyRows: 1, chunks: 1, chunksDone: 1 },
      inputs: { forecast: { key: FORECAST } },
    });
    expect(JSON.parse(cloud.output("prec/")["latest.json"]!)).toMatchObject({
      runId,
      manifest: `runs/${runId}/manifest.json`,
    });
    expect([...objects(cloud.s3, INPUT).keys()]).toEqual(before);
    const writes = cloud.s3.requests.filter(({ method }) => method !== "GET" && method !== "HEAD");
    expect(new Set(writes.slice(before.length).map((request) => request.bucket))).toEqual(new Set([OUTPUT]));
    expect(readdirSync(cloud.scratch)).toEqual([]);
  });

  test.each(["eventbridge", "sns", "manual"])(
    "that the event events/%s.json starts writes the golden bytes",
    async (name) => {
      const cloud = await cloudWith();
      expect((await cloud.execute(event(name))).results).toMatchObject([{ status: "complete" }]);
      expect(series(cloud)).toEqual(expected);
    },
  );

  test("keeps to the concurrency that is set", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "1", MAX_CONCURRENCY: "5" });
    cloud.beforeChunk = gathering(5);
    const { results, invoked, peak } = await cloud.execute(event("manual"));
    expect(results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(invoked).toHaveLength(20);
    expect(peak).toBe(5);
    expect(series(cloud)).toEqual(expected);
  });

  test("tries a chunk again that failed twice", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    let failures = 0;
    cloud.beforeChunk = ({ chunkId }) => {
      if (chunkId === "0003" && failures++ < 2) throw new Error("the sandbox is gone");
    };
    const { results, invoked } = await cloud.execute(event("manual"));
    expect(results).toMatchObject([{ status: "complete" }]);
    expect(invoked.filter((id) => id === "0003")).toHaveLength(3);
    expect(series(cloud)).toEqual(expected);
  });

  test("tries a chunk longer for which the account has no room", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    let refusals = 0;
    cloud.beforeChunk = ({ chunkId }) => {
      if (chunkId === "0003" && refusals++ < 5) throw new Error("Rate Exceeded.");
    };
    const { results, invoked } = await cloud.execute(event("manual"));
    expect(results).toMatchObject([{ status: "complete" }]);
    expect(invoked.filter((id) => id === "0003")).toHaveLength(6);
    expect(series(cloud)).toEqual(expected);
  });

  test("does not count an attempt that Lambda refused as one that failed", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    const ends = ["Rate Exceeded.", "the sandbox is gone", "Rate Exceeded.", "the sandbox is gone"];
    cloud.beforeChunk = ({ chunkId }) => {
      const end = chunkId === "0003" ? ends.shift() : undefined;
      if (end !== undefined) throw new Error(end);
    };
    const { results } = await cloud.execute(event("manual"));
    expect(results).toMatchObject([{ status: "complete" }]);
    expect(ends).toEqual([]);
  });

  test("with a poison chunk is partial and says what is missing; resumed after the cure, it does just that", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    cloud.beforeChunk = ({ chunkId }) => {
      if (chunkId === "0002") throw new Error("poison");
    };
    const first = await cloud.execute({ ...event("manual"), now: NOW });
    expect(first.status).toBe("SUCCEEDED");
    expect(first.results).toMatchObject([{ status: "partial", written: 15, missing: 5 }]);
    const { runId } = first.results[0]!;
    const [missing] = manifestOf(cloud, runId).missing;
    expect(missing).toMatchObject({ chunkId: "0002", error: "poison" });
    const written = Object.keys(ofOneRun(cloud.output(SERIES)));
    expect(written).toHaveLength(15);
    expect([...written, ...missing!.stations.map((id) => `${id}.prec.csv`)].sort()).toEqual(Object.keys(expected));
    expect(cloud.output("prec/")["latest.json"]).toBeUndefined();

    cloud.beforeChunk = undefined;
    const resumed = await cloud.execute(event("resume"));
    expect(resumed.invoked).toEqual(["0002"]);
    expect(resumed.results).toMatchObject([{ runId, status: "complete", written: 20 }]);
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);
    expect(cloud.output("prec/")["latest.json"]).toContain(runId);
  });

  test("that is forced does every chunk again, with the stored grid", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    await cloud.execute(event("manual"));
    const forced = await cloud.execute(event("force"));
    expect(forced.invoked).toHaveLength(4);
    expect(forced.results).toMatchObject([{ status: "complete" }]);
    expect(manifestOf(cloud, forced.results[0]!.runId).grid?.stored).toBe(true);
  });
});

describe("an event that comes twice", () => {
  test("one after the other starts one run", async () => {
    const cloud = await cloudWith();
    const first = await cloud.execute(event("s3-notification"));
    const files = cloud.output("");
    const second = await cloud.execute(event("s3-notification"));
    expect(second.results).toMatchObject([{ status: "duplicate", of: "complete", runId: first.results[0]!.runId }]);
    expect(second.invoked).toEqual([]);
    expect(cloud.output("")).toEqual(files);
  });

  test("at once starts one run", async () => {
    const cloud = await cloudWith();
    const executions = await Promise.all([1, 2, 3].map(() => cloud.execute(event("s3-notification"))));
    expect(executions.map(({ results }) => results[0]?.status ?? "").sort()).toEqual([
      "complete",
      "duplicate",
      "duplicate",
    ]);
    expect(executions.flatMap(({ invoked }) => invoked)).toHaveLength(1);
    expect(series(cloud)).toEqual(expected);
  });
});

describe("an event of a run that has no series", () => {
  const refuseTiles = (cloud: Cloud) => {
    cloud.s3.intercept = ({ operation, key }) =>
      operation === "PutObject" && key.includes("/anomaly/") ? { status: 403, code: "AccessDenied" } : undefined;
  };

  test("as it failed does it", async () => {
    const cloud = await cloudWith();
    refuseTiles(cloud);
    const first = await cloud.execute(event("s3-notification"));
    expect(first.status).toBe("FAILED");
    expect(ofOneRun(cloud.output(SERIES))).toEqual({});
    cloud.s3.intercept = undefined;
    const second = await cloud.execute(event("s3-notification"));
    expect(second.results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(series(cloud)).toEqual(expected);
  });

  test("as its execution died does it when that can no longer be at work", async () => {
    const cloud = await cloudWith();
    cloud.s3.intercept = ({ operation, key }) =>
      operation === "PutObject" && /anomaly|manifest/.test(key) ? { status: 403, code: "AccessDenied" } : undefined;
    await cloud.execute(event("s3-notification"));
    cloud.s3.intercept = undefined;
    const soon = await cloud.execute(event("s3-notification"));
    expect(soon.results).toMatchObject([{ status: "duplicate", of: "unfinished" }]);
    const key = `runs/${soon.results[0]!.runId}/claim.json`;
    const claim = JSON.parse(cloud.output(key)[""]!) as Claim;
    expect(Date.parse(`${claim.leaseUntil!}Z`) - Date.parse(`${claim.claimedAt!}Z`)).toBe(15 * 60_000);
    await s3Store(cloud.s3.client, OUTPUT).put(key, JSON.stringify({ ...claim, leaseUntil: claim.claimedAt }));
    // The clock tells seconds.
    await sleep(1100);
    const late = await cloud.execute(event("s3-notification"));
    expect(late.results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(series(cloud)).toEqual(expected);
  });

  test("as it is partial fails, and says that it is to be resumed", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5" });
    cloud.beforeChunk = ({ chunkId }) => {
      if (chunkId === "0002") throw new Error("poison");
    };
    await cloud.execute(event("s3-notification"));
    const again = await cloud.execute(event("s3-notification"));
    expect(again.status).toBe("FAILED");
    expect(again.error).toContain('"status":"duplicate","of":"partial","error":"it is partial: resume it"');
  });
});

test("a plan is made once despite replays, and what a step leaves is small", async () => {
  const cloud = await cloudWith({ CHUNK_SIZE: "1" });
  cloud.beforeChunk = ({ chunkId }) => {
    if (chunkId === "0007") throw new Error("poison");
  };
  const { operations } = await cloud.execute(event("manual"));
  const puts = cloud.s3.requests.filter(({ method, key }) => method === "PUT" && key.endsWith("/plan.json"));
  expect(puts).toHaveLength(1);
  expect(Math.max(...operations.map((operation) => operation.resultBytes))).toBeLessThan(64 * 1024);
});

test.each([
  { chunks: 450, error: "poison" },
  // Half as many may be tried twice as often, where there is time.
  { chunks: 225, error: "Rate Exceeded." },
])("$chunks chunks that end with $error at each attempt stay within 3000 operations", async ({ chunks, error }) => {
  const many = { CHUNK_SIZE: "1", STATIONS_KEY: "stations/many.csv", EXECUTION_TIMEOUT_MINUTES: "600" };
  const cloud = await cloudWith(many);
  const rows = Array.from({ length: chunks }, (_, i) => `${1000 + i},${(i % 170) / 2},${(i % 340) + 0.5}`);
  await cloud.put("stations/many.csv", ["id,lat,lon", ...rows, ""].join("\n"));
  cloud.beforeChunk = () => {
    throw new Error(error);
  };
  const { operations, invoked } = await cloud.execute(event("manual"));
  expect(invoked).toHaveLength(1350);
  // A context for each chunk, its invocations and the waits between them, and the steps of the run.
  expect(operations.length).toBeGreaterThan(1350 * 2);
  expect(operations.length).toBeLessThan(3000);
  const largest = (type: string) =>
    Math.max(...operations.flatMap((operation) => (operation.type === type ? [operation.resultBytes] : [])));
  expect(largest("STEP")).toBeLessThan(64 * 1024);
  // The map's own result holds the error of every chunk; what an execution can store of one operation is 256 KB.
  expect(largest("CONTEXT")).toBeLessThan(128 * 1024);
});

test("one upload starts every product that takes it, and one event may tell of several uploads", async () => {
  const cloud = await cloudWith();
  const { products } = JSON.parse(readFileSync(fixture("run/products.json"), "utf8")) as {
    products: [{ series: object }];
  };
  const wet = { ...products[0], name: "wet", series: { ...products[0].series, suffix: "wet" } };
  await cloud.put("products.json", JSON.stringify({ products: [...products, wet] }));
  const keys = ["forecasts/CFSv2.Prec. 第 1 期+a.nc", FORECAST];
  await cloud.put(keys[0]!, forecast);
  const records = keys.map((key) => ({
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name: INPUT }, object: { key: encodeURIComponent(key).replaceAll("%20", "+") } },
  }));
  const { results } = await cloud.execute({ Records: records });
  expect(results.map(({ product, forecastKey, status }) => [product, forecastKey, status])).toEqual([
    ["prec", keys[0], "complete"],
    ["wet", keys[0], "complete"],
    ["prec", keys[1], "complete"],
    ["wet", keys[1], "complete"],
  ]);
  expect(series(cloud, "prec/CFSv2.Prec. 第 1 期+a/")).toEqual(expected);
  const renamed = Object.fromEntries(
    Object.entries(expected).map(([name, text]) => [name.replace("prec", "wet"), text]),
  );
  expect(series(cloud, "wet/19970520.199707/")).toEqual(renamed);
});

test("an event that tells of an upload twice starts its run once", async () => {
  const cloud = await cloudWith();
  const { Records } = event("s3-notification") as { Records: [object] };
  const { results } = await cloud.execute({ Records: [...Records, ...Records] });
  expect(results).toMatchObject([{ status: "complete" }]);
});

test("a manifest that cannot be written fails the execution, and a resume then writes it", async () => {
  const cloud = await cloudWith();
  cloud.s3.intercept = ({ method, key }) =>
    method === "PUT" && key.endsWith("manifest.json") ? { status: 403, code: "AccessDenied" } : undefined;
  const { status, error } = await cloud.execute(event("manual"));
  expect(status).toBe("FAILED");
  expect(error).toContain("the run was not closed: ");
  expect(series(cloud)).toEqual(expected);
  cloud.s3.intercept = undefined;
  const resumed = await cloud.execute(event("resume"));
  expect(resumed.results).toMatchObject([{ status: "complete", written: 20 }]);
  expect(resumed.invoked).toEqual([]);
});

describe("what cannot be done fails the execution with a message that tells what to do", () => {
  test.each<[string, object, string]>([
    ["a wrong form", { forecast: FORECAST }, 'Send {"forecastKey"'],
    ["a forecast that is not there", { forecastKey: "forecasts/CFSv2.Prec.x.nc" }, "forecasts/CFSv2.Prec.x.nc"],
    ["a name that no product takes", { forecastKey: "forecasts/x.nc" }, "no product's forecast pattern matches"],
    [
      "an unknown product",
      { forecastKey: FORECAST, product: "snow" },
      'there is no product \\"snow\\". Valid choices: prec',
    ],
  ])("%s", async (_, sent, message) => {
    const cloud = await cloudWith();
    const { status, error } = await cloud.execute(sent);
    expect(status).toBe("FAILED");
    expect(error).toContain(message);
    expect(cloud.output("prec/")).toEqual({});
  });

  test("a forecast without its variable leaves a manifest that says so", async () => {
    const cloud = await cloudWith();
    await cloud.put(FORECAST, readFileSync(fixture("run/precip.classic.nc")));
    const { status, error } = await cloud.execute(event("manual"));
    expect(status).toBe("FAILED");
    expect(error).toContain('there is no variable \\"anom\\"');
    const manifest = Object.entries(cloud.output("runs/")).find(([key]) => key.endsWith("manifest.json"));
    expect(JSON.parse(manifest![1])).toMatchObject({ status: "failed", error: expect.stringContaining("anom") });
  });

  test("a run that cannot even leave its manifest does not keep the others of its event from being done", async () => {
    const cloud = await cloudWith();
    const bad = "forecasts/CFSv2.Prec.19970519.199707.nc";
    await cloud.put(bad, readFileSync(fixture("run/precip.classic.nc")));
    cloud.s3.intercept = ({ method, key }) =>
      method === "PUT" && key.includes("19970519") && key.endsWith("manifest.json")
        ? { status: 403, code: "AccessDenied" }
        : undefined;
    const { Records } = event("s3-notification") as { Records: [{ s3: object }] };
    const first = { ...Records[0], s3: { bucket: { name: INPUT }, object: { key: bad } } };
    const { status, error } = await cloud.execute({ Records: [first, ...Records] });
    expect(status).toBe("FAILED");
    expect(error).toMatch(/there is no variable .*; and the run was not closed: /);
    expect(series(cloud)).toEqual(expected);
  });

  test("a bad record does not keep the others of its event from being done", async () => {
    const cloud = await cloudWith();
    const { Records } = event("s3-notification") as { Records: [{ s3: object }] };
    const stray = { ...Records[0], s3: { bucket: { name: INPUT }, object: { key: "forecasts/stray.nc" } } };
    const { status, error } = await cloud.execute({ Records: [stray, ...Records] });
    expect(status).toBe("FAILED");
    expect(error).toContain("forecasts/stray.nc");
    expect(series(cloud)).toEqual(expected);
  });
});

test("an event of more runs than an execution can do is refused, and says so", async () => {
  const cloud = await cloudWith();
  const { Records } = event("s3-notification") as { Records: [{ s3: object }] };
  const many = Array.from({ length: 451 }, (_, i) => {
    const object = { key: `forecasts/CFSv2.Prec.${19_970_000 + i}.199707.nc` };
    return { ...Records[0], s3: { bucket: { name: INPUT }, object } };
  });
  const { status, error, invoked } = await cloud.execute({ Records: many });
  expect([status, error, invoked]).toEqual([
    "FAILED",
    "it asks for 451 runs, and an execution can do 450. Send its records in several events",
    [],
  ]);
});

describe("inputs that change", () => {
  test("a forecast replaced during the run is an error, never a mix", async () => {
    const cloud = await cloudWith();
    let replaced = false;
    cloud.s3.intercept = async ({ method, key }) => {
      if (method === "PUT" && key.endsWith("claim.json") && !replaced) {
        replaced = true;
        await cloud.put(FORECAST, Buffer.concat([forecast, Buffer.alloc(4)]));
      }
      return undefined;
    };
    const { status, error } = await cloud.execute(event("manual"));
    expect(status).toBe("FAILED");
    expect(error).toContain("was replaced while it was read. Start the run again");
    expect(cloud.output("prec/")).toEqual({});
  });

  test("another forecast of the same name has series of its own, and both runs are complete", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5", MAX_CONCURRENCY: "1" });
    let second: Execution | undefined;
    cloud.beforeChunk = async ({ chunkId }) => {
      if (chunkId !== "0003" || second !== undefined) return;
      const changed = Buffer.from(forecast);
      changed.writeFloatBE(77, changed.length - 4);
      await cloud.put(FORECAST, changed);
      // The clock tells seconds.
      await sleep(1100);
      second = await cloud.execute(event("manual"));
    };
    const first = await cloud.execute({ ...event("manual"), now: NOW });
    const [one, other] = [first, second!].map(({ results }) => manifestOf(cloud, results[0]?.runId));
    const seriesOf = ({ series: keys }: Manifest) => cloud.output(keys!.replace("{station}.prec.csv", ""));
    expect([one!.status, other!.status]).toEqual(["complete", "complete"]);
    expect(seriesOf(one!)).toEqual(expected);
    const others = Object.values(seriesOf(other!));
    expect(others).toHaveLength(20);
    expect(others.every((text) => text.includes("\n2020-06-30 12:34:56,0.0\n"))).toBe(true);
    expect(JSON.parse(cloud.output("prec/")["latest.json"]!)).toMatchObject({ runId: other!.runId });
  });

  test("a truncated file of the same name fails in a run of its own, and the run that is at work goes on", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5", MAX_CONCURRENCY: "1" });
    let second: Execution | undefined;
    cloud.beforeChunk = async ({ chunkId }) => {
      if (chunkId !== "0003" || second !== undefined) return;
      await cloud.put(FORECAST, forecast.subarray(0, 200));
      second = await cloud.execute(event("s3-notification"));
    };
    const first = await cloud.execute({ ...event("manual"), now: NOW });
    expect(second).toMatchObject({ status: "FAILED", invoked: [] });
    expect(first.results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);
    expect(cloud.output("prec/")["latest.json"]).toContain(first.results[0]?.runId);
  });

  test("a run that is resumed while it is at work is one run: the late worker and the late coordinator change nothing", async () => {
    const cloud = await cloudWith({ CHUNK_SIZE: "5", MAX_CONCURRENCY: "1" });
    let resumed: Execution | undefined;
    let documents: Record<string, string> | undefined;
    cloud.beforeChunk = async ({ chunkId }) => {
      if (chunkId !== "0003" || documents !== undefined) return;
      documents = {};
      resumed = await cloud.execute({ ...event("resume"), now: NOW });
      documents = cloud.output("runs/");
    };
    const first = await cloud.execute({ ...event("manual"), now: NOW });
    expect(resumed?.results).toMatchObject([{ status: "complete", written: 20 }]);
    expect(first.status).toBe("FAILED");
    expect(first.error).toContain("was taken over by");
    // It does not try again what is none of its business any more.
    expect(first.invoked).toEqual(["0001", "0002", "0003", "0004"]);
    expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);
    const ending = (files: Record<string, string>) =>
      Object.entries(files).filter(([key]) => !key.includes("/receipts/"));
    expect(ending(cloud.output("runs/"))).toEqual(ending(documents!));
  });

  test("new observations make a new grid, and leave the old one as it is", async () => {
    const cloud = await cloudWith();
    await cloud.execute(event("manual"));
    const old = cloud.output("grids/");
    await cloud.put("observations/precip.mon.mean.nc", readFileSync(fixture("run/precip.classic.nc")));
    const { results } = await cloud.execute({ ...event("manual"), now: NOW });
    expect(results).toMatchObject([{ status: "complete" }]);
    const grids = cloud.output("grids/");
    expect(Object.keys(grids).filter((key) => key.startsWith("ready/"))).toHaveLength(2);
    expect(grids).toMatchObject(old);
    const { series: keys } = manifestOf(cloud, results[0]?.runId);
    expect(cloud.output(keys!.replace("{station}.prec.csv", ""))).toEqual(expected);
  });

  test("an older forecast that arrives late does not move latest.json back", async () => {
    const cloud = await cloudWith();
    const { results } = await cloud.execute(event("manual"));
    const older = "forecasts/CFSv2.Prec.19970519.199707.nc";
    await cloud.put(older, forecast);
    expect((await cloud.execute({ forecastKey: older })).results).toMatchObject([{ status: "complete" }]);
    expect(JSON.parse(cloud.output("prec/")["latest.json"]!)).toMatchObject({ runId: results[0]!.runId });
  });
});
