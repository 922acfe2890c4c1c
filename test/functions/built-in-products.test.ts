import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { findProduct } from "../../lib/run/product.ts";
import { startCloud } from "../support/cloud.ts";
import { manifestIn, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden, ofOneRun, texts } from "../support/golden.ts";

const FORECAST = "CFSv2.T2m.20110425.201106.nc";
const LABEL = "20110425.201106";

/** A whole run of the command, with the inputs of test/fixtures/products. */
async function made(product: string, observations: string, ...more: string[]) {
  const out = temporaryFolder();
  const path = (name: string) => fixture(`products/${name}`);
  const inputs = [
    "--observations",
    path(observations),
    "--forecast",
    path(FORECAST),
    "--stations",
    path("stations.csv"),
  ];
  const { code, stderr } = await s2s("run", "--product", product, ...inputs, "--out", out, ...more);
  if (code !== 0) throw new Error(stderr);
  return { csvs: seriesIn(out, `${product}/${LABEL}`), manifest: manifestIn(out) };
}

describe("a run of a built-in product of temperatures writes the bytes of the original job", () => {
  test.each([
    ["t2m-giss", "giss.nc", "giss"],
    ["t2m-giss", "giss-float.nc", "giss"],
    ["t2m-era5", "era5.nc", "era5"],
    ["t2m-era5", "era5-cds.nc", "era5"],
  ])("%s, of %s", async (product, observations, expected) => {
    const { csvs, manifest } = await made(product, observations);
    expect(csvs).toEqual(texts(fixture(`products/${expected}`)));
    // The forecast is relative to other years than the observations, which nothing in CPC's file says.
    expect(manifest.warnings.map(({ kind }) => kind)).toContain("baseUnknown");
    expect(manifest).toMatchObject({ status: "complete", forecast: { base: null } });
  });

  test("also of ERA5 with the file of the climatology that the job has", async () => {
    const era5 = findProduct(BUILT_IN_PRODUCTS, "t2m-era5");
    const climatology = { key: "observations/T2m.clim.REA5.1981-2010.nc", variable: "T2_CLIM" };
    const own = { ...era5, observations: { ...era5.observations, climatology } };
    const { csvs } = await made("t2m-era5", "era5.nc", ...definedAs(own), "--climatology", fixture("products/clim.nc"));
    expect(csvs).toEqual(texts(fixture("products/era5")));
  });
});

test("a product of the same name brings the forecast to the years of the observations", async () => {
  const giss = findProduct(BUILT_IN_PRODUCTS, "t2m-giss");
  const own = { ...giss, forecast: { ...giss.forecast, baseline: [1999, 2010], rebase: true } };
  const { csvs, manifest } = await made("t2m-giss", "giss.nc", ...definedAs(own));
  const rebased = golden<Record<string, string>>("products/rebased.json");
  const expected = Object.entries(texts(fixture("products/giss"))).map(([name, text]) => [
    name,
    text.replace(/[^,]*$/, `${rebased[name.slice(0, 5)]}\n`),
  ]);
  expect(csvs).toEqual(Object.fromEntries(expected));
  expect(manifest.warnings.filter(({ kind }) => kind.startsWith("base"))).toEqual([]);
});

/** The option for a file that defines this product. */
function definedAs(product: object): string[] {
  const file = join(temporaryFolder(), "products.json");
  writeFileSync(file, JSON.stringify({ products: [product] }));
  return ["--products", file];
}

describe("an uploaded forecast of temperatures", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  async function cloudWith(settings: Record<string, string>) {
    const cloud = await startCloud({ STATIONS_KEY: "stations/products.csv", ...settings });
    onTestFinished(() => cloud.close());
    const put = (key: string, name: string) => cloud.put(key, readFileSync(fixture(`products/${name}`)));
    await put("observations/air.2x2.250.mon.anom.comb.nc", "giss.nc");
    await put("observations/T2m.mon.REA5.1979-present.nc", "era5.nc");
    await put("stations/products.csv", "stations.csv");
    await put(`forecasts/${FORECAST}`, FORECAST);
    return cloud;
  }
  const event = { forecastKey: `forecasts/${FORECAST}` };

  test("starts the runs of both products, each with its own series and latest.json", async () => {
    const cloud = await cloudWith({ PRODUCTS: "prec,t2m-giss,t2m-era5" });
    const { results } = await cloud.execute(event);
    expect(results).toMatchObject([
      { product: "t2m-giss", status: "complete" },
      { product: "t2m-era5", status: "complete" },
    ]);
    for (const [product, folder] of [
      ["t2m-giss", "giss"],
      ["t2m-era5", "era5"],
    ] as const) {
      expect(ofOneRun(cloud.output(`${product}/${LABEL}/`))).toEqual(texts(fixture(`products/${folder}`)));
      const latest = JSON.parse(cloud.output(`${product}/`)["latest.json"]!) as { runId: string };
      expect(results.find((result) => result.product === product)?.runId).toBe(latest.runId);
    }
    const again = await cloud.execute(event);
    expect(again.results).toMatchObject([{ status: "duplicate" }, { status: "duplicate" }]);
  });

  test("starts none where no product is named but prec, which has another archive", async () => {
    const cloud = await cloudWith({});
    const { error } = await cloud.execute(event);
    expect(error).toContain("no product's forecast pattern matches this name. Valid choices: CFSv2.Prec*.nc (prec)");
    expect(readdirSync(cloud.scratch)).toEqual([]);
  });
});
