import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { deployedProducts } from "../../functions/coordinator/products.ts";
import { coordinatorSettings } from "../../functions/settings.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { stationTable } from "../support/claimed-run.ts";
import { type Cloud, FORECAST, startCloud } from "../support/cloud.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden, texts } from "../support/golden.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

async function cloudWith(settings: Record<string, string>): Promise<Cloud> {
  const cloud = await startCloud(settings);
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
  const { products } = JSON.parse(readFileSync(fixture("run/products.json"), "utf8")) as { products: object[] };
  await cloud.put("products.json", JSON.stringify({ products: [...products, { ...products[0], name: "rain" }] }));
  return cloud;
}

test("a deployment makes its products alone, with its baseline", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain", BASELINE: "1992-1994" });
  const { results } = await cloud.execute({ forecastKey: FORECAST });
  expect(results).toMatchObject([{ product: "rain", status: "complete" }]);
  expect(Object.keys(cloud.output("prec/"))).toEqual([]);
  const plan = JSON.parse(cloud.output(`runs/${results[0]!.runId}/`)["plan.json"]!) as { grid: { id: string } };
  expect(plan.grid.id).toMatch(/^precip-1990-03-1992-1994-/);
});

test("a deployment makes global grids, where that is its setting", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain", GRID: "global" });
  const { results } = await cloud.execute({ forecastKey: FORECAST });
  expect(results).toMatchObject([{ product: "rain", status: "complete" }]);
  const plan = JSON.parse(cloud.output(`runs/${results[0]!.runId}/`)["plan.json"]!) as { grid: { id: string } };
  expect(plan.grid.id).not.toContain("-rows");
});

test("a product that is not the deployment's is answered with those that are", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain" });
  const { error } = await cloud.execute({ forecastKey: FORECAST, product: "prec" });
  expect(error).toContain('there is no product \\"prec\\". Valid choices: rain"');
});

test("a product that nobody defined fails every event, and says what is defined", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain,snow" });
  const { error } = await cloud.execute({ forecastKey: FORECAST });
  expect(error).toContain('there is no product "snow". Valid choices: prec, rain, t2m-giss, t2m-era5.');
});

test.each([
  ["fields get it", {}, { baseline: [1991, 2020] }],
  // What they are relative to does not change with it: they are brought from there to it.
  ["anomalies stay relative to their years", { kind: "anomaly" }, { baseline: [1991, 2020], base: [1951, 1980] }],
  [
    "anomalies that name their years keep them",
    { kind: "anomaly", base: [1961, 1990] },
    { baseline: [1991, 2020], base: [1961, 1990] },
  ],
  ["a climatology of a file keeps its years", { climatology: { key: "observations/c.nc", variable: "c" } }, {}],
])("of a deployment's baseline: %s", async (_, own, expected) => {
  const store = folderStore(temporaryFolder());
  const observations = { key: "observations/a.nc", variable: "air", firstMonth: "1950-01", baseline: [1951, 1980] };
  const rest = { forecast: { pattern: "*", variable: "air" }, series: { column: "ano", suffix: "x" } };
  const product = { name: "air", observations: { ...observations, ...own }, ...rest };
  await store.put("products.json", JSON.stringify({ products: [product] }));
  const buckets = { INPUT_BUCKET: "in-bucket", OUTPUT_BUCKET: "out-bucket", STATION_CHUNK_FUNCTION: "w" };
  const settings = coordinatorSettings({ ...buckets, PRODUCTS: "air", BASELINE: "1991-2020" });
  const [deployed] = await deployedProducts(store, settings);
  expect(deployed?.observations).toEqual({ ...product.observations, ...expected });
});

test("a deployment rebases, and reads a climatology by its key", async () => {
  const cloud = await startCloud({ STATIONS_KEY: "stations/bases.csv", PRODUCTS: "air,era5" });
  onTestFinished(() => cloud.close());
  const base = { firstMonth: "1990-01", baseline: [1991, 1996] };
  const forecast = { pattern: "bases.nc", variable: "air" };
  const series = { column: "tave_ano", suffix: "x", missing: "", gapRow: null };
  const climatology = { key: "observations/clim.nc", variable: "T2_CLIM" };
  const products = [
    {
      name: "air",
      observations: { key: "observations/archive.nc", variable: "air", ...base },
      forecast: { ...forecast, rebase: true },
      series,
    },
    {
      name: "era5",
      observations: { key: "observations/era5.nc", variable: "t2m", ...base, climatology },
      forecast,
      series,
    },
  ];
  await cloud.put("products.json", JSON.stringify({ products }));
  await cloud.put("stations/bases.csv", readFileSync(stationTable("1,x,40,100", "2,y,20,105")));
  for (const name of ["archive.nc", "era5.nc", "clim.nc"]) {
    await cloud.put(`observations/${name}`, readFileSync(fixture(`bases/${name}`)));
  }
  await cloud.put("forecasts/bases.nc", readFileSync(fixture("bases/forecast.nc")));
  const { results } = await cloud.execute({ forecastKey: "forecasts/bases.nc", now: "2002-01-05T00:00:00" });
  expect(results).toMatchObject([{ status: "complete" }, { status: "complete" }]);
  const ofProduct = (name: string, station: string) =>
    Object.entries(cloud.output(`${name}/`)).find(([key]) => key.endsWith(`${station}.x.csv`))?.[1];
  expect(ofProduct("era5", "2")).toBe(texts(fixture("bases"))["era5.csv"]);
  const [one, other] = golden<Record<string, { rebased: number[] }>>("bases/bases.expected.json")["air"]!.rebased;
  const ahead = ofProduct("air", "1")!.trimEnd().split("\n").slice(-2);
  expect(ahead).toEqual([`2001-11-01 00:00:00,${one}`, `2001-12-01 00:00:00,${other}`]);
});
