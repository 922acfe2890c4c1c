import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeSample } from "../../lib/sample/sample.ts";
import { INPUT, OUTPUT, startCloud } from "../support/cloud.ts";
import { temporaryFolder } from "../support/folder.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const STATIONS = 500;
const CHUNKS = 10;

test("a run asks little of S3, and less where the grid is stored and the histories are kept", async () => {
  const files = await makeSample(temporaryFolder(), { resolution: 2.5, months: 498, stations: STATIONS, seed: 7 });
  const cloud = await startCloud({
    OBSERVATIONS_KEY: "observations/archive.nc",
    CHUNK_SIZE: String(STATIONS / CHUNKS),
    // An instance of the worker has one chunk at a time, and all chunks have the same one here.
    MAX_CONCURRENCY: "1",
  });
  onTestFinished(() => cloud.close());
  cloud.s3.store.deleteObject(INPUT, "products.json");
  await cloud.put("observations/archive.nc", readFileSync(files.observations));
  await cloud.put("stations/stations.xls", readFileSync(files.stations));
  const forecast = readFileSync(files.forecast);
  /** Requests of a run of a forecast of that day, by what they do. */
  const requestsOf = async (day: string) => {
    const forecastKey = `forecasts/${basename(files.forecast).replace(/\d{8}/, day)}`;
    await cloud.put(forecastKey, forecast);
    cloud.s3.requests.length = 0;
    const { results, error } = await cloud.execute({ forecastKey, product: "prec" });
    expect(error).toBeUndefined();
    expect(results).toMatchObject([{ status: "complete", written: STATIONS }]);
    const of = (pattern: RegExp) =>
      cloud.s3.requests.filter(({ bucket, key }) => bucket === OUTPUT && pattern.test(key)).length;
    return {
      all: cloud.s3.requests.length,
      ofInputs: cloud.s3.requests.flatMap(({ bucket, method, key }) => (bucket === INPUT ? `${method} ${key}` : [])),
      tiles: of(/^grids\/.*\/anomaly\/\d/),
      histories: of(/\/history\//),
      receipts: of(/\/receipts\/\d/),
    };
  };
  const [cold, warm] = [await requestsOf("20200625"), await requestsOf("20200626")];
  const bound = STATIONS + 8 * CHUNKS + 60;
  expect(cold.all).toBeLessThanOrEqual(bound);
  expect(cold).toMatchObject({ histories: CHUNKS, receipts: 2 * CHUNKS });
  // By claim, plan and grid together.
  expect(cold.ofInputs).toEqual([
    "GET products.json",
    "HEAD products.json",
    "HEAD forecasts/CFSv2.Prec.20200625.202008.nc",
    "HEAD observations/archive.nc",
    "HEAD stations/stations.xls",
    "GET forecasts/CFSv2.Prec.20200625.202008.nc",
    "GET observations/archive.nc",
    "GET stations/stations.xls",
  ]);
  expect(warm.all).toBeLessThanOrEqual(bound);
  expect(warm).toMatchObject({ tiles: 0, histories: CHUNKS, receipts: 2 * CHUNKS });
});
