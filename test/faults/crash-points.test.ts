import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { type Cloud, FORECAST, OUTPUT, startCloud } from "../support/cloud.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { tally } from "./tally.ts";

/** The functions and all that they invoke, stopped after each request to S3 in turn, one after the other; then resumed. */

vi.mock(import("@aws-sdk/client-s3"), async (original) => {
  const { hurried } = await import("../support/hurried-client.ts");
  return hurried(await original());
});
vi.mock(import("../../lib/store/s3-slim/backoff.ts"), () => ({ backoff: () => 1 }));

const SUITE = "the functions, stopped after every request to S3";
const SERIES = "prec/19970520.199707/";
const EVENT = { forecastKey: FORECAST, now: "1997-05-20T06:07:08" };
const expected = texts(fixture("run/expected"));
const forecast = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
/** Of the same name, with another value at the end. */
const otherForecast = Buffer.from(forecast);
otherForecast.writeFloatBE(77, otherForecast.length - 4);

let cloud: Cloud;
/** How many requests are to be done; of one tile after another only some. And the series of the other forecast. */
let points: number[];
let others: Record<string, string>;

beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  // Two chunks, one after the other, so that every run has its requests in one order.
  cloud = await startCloud({ CHUNK_SIZE: "10", MAX_CONCURRENCY: "1" });
  await cloud.put("observations/precip.mon.mean.nc", readFileSync(fixture("run/precip.classic.nc")));
  others = await ofOther();
  await cloud.put(FORECAST, forecast);
  // The second time, as the instance of the worker knows the grid by then, and does in all that follow.
  for (let time = 1; time <= 2; time++) {
    cloud.s3.store.emptyBucket(OUTPUT);
    cloud.s3.requests.length = 0;
    await cloud.execute(EVENT);
  }
  points = cloud.s3.requests.flatMap(({ key }, i) => (key.includes("/anomaly/") && i % 16 !== 0 ? [] : [i]));
});
afterAll(async () => {
  await cloud.close();
  await LocalDurableTestRunner.teardownTestEnvironment();
});

/** In the ordinary run some of the points, spread over all; in `npm run test:faults` each. */
const EVERY = process.env["FAULT_SEEDS"] === "all" ? 1 : 12;

test.each([
  { between: "nothing", title: "then resumed" },
  { between: "another run", title: "then another file of that name came and was done, then resumed" },
])("stopped after each request, $title", async ({ between, title }) => {
  for (const after of points.filter((_, i) => i % EVERY === 0)) {
    cloud.s3.store.emptyBucket(OUTPUT);
    await cloud.put(FORECAST, forecast);
    let done = 0;
    // Nobody sees an answer any more, nor does anything that is asked.
    cloud.s3.intercept = () => (++done > after ? { status: 403, code: "AccessDenied" } : undefined);
    await cloud.execute(EVENT);
    cloud.s3.intercept = undefined;
    onlyGolden(after);

    const [series, wanted] = between === "nothing" ? [{}, {}] : [await ofOther(), others];
    await cloud.put(FORECAST, forecast);
    const resumed = await cloud.execute({ ...EVENT, resume: true });
    expect([after, resumed.results]).toMatchObject([after, [{ status: "complete", written: 20, missing: 0 }]]);
    expect([after, golden(resumed.results[0]?.runId)]).toEqual([after, expected]);
    expect([after, series]).toEqual([after, wanted]);
    tally(SUITE, title);
  }
});

/** Does a run of the other file of the name, and gives its series. */
async function ofOther(): Promise<Record<string, string>> {
  await cloud.put(FORECAST, otherForecast);
  const { results } = await cloud.execute(EVENT);
  expect(results).toMatchObject([{ status: "complete" }]);
  return golden(results[0]?.runId);
}

/** The series of a run, by name. */
function golden(runId: string | undefined): Record<string, string> {
  const { series } = JSON.parse(cloud.output(`runs/${runId}/`)["manifest.json"]!) as Manifest;
  return cloud.output(series!.replace("{station}.prec.csv", ""));
}

function onlyGolden(point: number): void {
  const found = ofOneRun(cloud.output(SERIES));
  const right = Object.fromEntries(Object.keys(found).map((name) => [name, expected[name]]));
  expect([point, found]).toEqual([point, right]);
}
