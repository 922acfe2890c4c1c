import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runLocally } from "../../functions/api/run-locally.ts";
import { localFiles } from "../../functions/local/files.ts";
import { withDataset } from "../../lib/netcdf/open.ts";
import { type Forecast, readForecast } from "../../lib/run/forecast.ts";
import { lessMean, meanOfHindcasts } from "../../lib/run/full-field.ts";
import type { LocalArchive } from "../../lib/run/local-archive.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import type { InputFiles } from "../../lib/store/input-file.ts";
import { s3Files } from "../../lib/store/s3-files.ts";
import { seal } from "../../lib/store/sealed.ts";
import { stationTable } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, type TestField } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, float32, float64, golden } from "../support/golden.ts";
import { bucket, startS3 } from "../support/s3-server.ts";
import { zarrOf } from "../support/zarr-of.ts";

/** A forecast of whole values, the hindcasts to take off it, and what xarray makes of them: see make-hindcasts.py. */
interface Case {
  readonly forecast: string;
  readonly hindcasts: string;
  readonly member?: string;
  readonly baseline?: readonly [number, number];
  readonly years: readonly [number, number] | null;
  readonly type: "float32" | "float64";
  /** Shape (leads, lat, lon). */
  readonly anomalies: string;
}

const cases = golden<Case[]>("hindcasts/expected.json").map(
  (each) => [`${each.forecast} less ${each.hindcasts}, ${each.baseline?.join("-") ?? "all years"}`, each] as const,
);

function productOf(forecast: Partial<Product["forecast"]> = {}): Product {
  const products = [
    {
      name: "x",
      observations: { key: "observations/a.nc", variable: "t2m", firstMonth: "1990-01", baseline: [1991, 2020] },
      forecast: {
        pattern: "*.nc",
        variable: "t2m",
        select: { number: "mean" },
        climatology: { key: "observations/hindcasts/*.nc" },
        ...forecast,
      },
      series: { column: "a", suffix: "a" },
    },
  ];
  return parseProducts(JSON.stringify({ products }), "products.json")[0]!;
}

const filesOf = (pattern: string) => ({
  key: pattern,
  files: globSync(fixture(`hindcasts/${pattern}`))
    .toSorted()
    .map((path) => ({ path, key: path.split("/").at(-1)! })),
});

async function lessHindcasts(whole: Forecast, product: Product, hindcasts: LocalArchive) {
  return lessMean(whole, product, await meanOfHindcasts(whole, product, hindcasts), hindcasts.key);
}

async function anomaliesOf(file: string, hindcasts: string, forecast: Partial<Product["forecast"]> = {}) {
  const product = productOf(forecast);
  const whole = await withDataset(fixture(`hindcasts/${file}`), file, (dataset) => readForecast(dataset, product));
  return lessHindcasts(whole, product, filesOf(hindcasts));
}

test.each(cases)("the anomalies of %s are xarray's to the last bit", async (_, expected) => {
  const { forecast, hindcasts, member = "number", baseline, type } = expected;
  const { years, ...made } = await anomaliesOf(forecast, hindcasts, { select: { [member]: "mean" }, baseline });
  expect(made.forecast.values).toEqual((type === "float32" ? float32 : float64)(expected.anomalies));
  expect(years ?? null).toEqual(expected.years);
});

test("the spread of the anomalies is that of each member's own", async () => {
  const { forecast } = await anomaliesOf("c3s.nc", "c3s-hindcasts.nc");
  const product = productOf();
  const whole = await withDataset(fixture("hindcasts/c3s.nc"), "c3s.nc", (dataset) => readForecast(dataset, product));
  const { values: climatology } = await meanOfHindcasts(whole, product, filesOf("c3s-hindcasts.nc"));
  const members = await Promise.all(
    [0, 1, 2, 3].map((number) =>
      withDataset(fixture("hindcasts/c3s.nc"), "c3s.nc", (dataset) =>
        readForecast(dataset, productOf({ select: { number } })),
      ),
    ),
  );
  const ends = Array.from(climatology, (mean, at) => {
    const values = members.map(({ values: of }) => Math.fround(of[at]! - mean)).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? [Number.NaN, Number.NaN] : [Math.min(...values), Math.max(...values)];
  });
  expect(Array.from(forecast.spread!.low)).toEqual(ends.map(([low]) => low));
  expect(Array.from(forecast.spread!.high)).toEqual(ends.map(([, high]) => high));
  expect(ends.some(([low, high]) => low! < high!)).toBe(true);
  for (const { spread } of members) expect(spread).toBeUndefined();
});

describe("hindcasts in stores of Zarr", () => {
  /** Each hindcast file as a store, in a folder or below a prefix. */
  const eachStore = async (put: (path: string, bytes: Uint8Array) => void) => {
    for (const { path, key } of filesOf("start-*.nc").files) {
      const files = await withDataset(path, key, (dataset) => zarrOf(dataset));
      for (const [name, bytes] of Object.entries(files)) put(`${key.replace(".nc", ".zarr")}/${name}`, bytes);
    }
  };
  const expectSame = async (files: InputFiles) => {
    const product = productOf();
    const whole = await withDataset(fixture("hindcasts/c3s.nc"), "c3s.nc", (dataset) => readForecast(dataset, product));
    const made = await lessHindcasts(whole, product, { key: files.key, files: await files.files() });
    const { years, forecast } = await anomaliesOf("c3s.nc", "start-*.nc");
    expect([made.years, made.forecast.values]).toEqual([years, forecast.values]);
    expect(await files.size()).toBeGreaterThan(0);
    return files.etag();
  };

  test("of a folder are those in its files", async () => {
    const folder = temporaryFolder();
    const put = (path: string, bytes: Uint8Array) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    };
    await eachStore(put);
    mkdirSync(join(folder, "start-notes"));
    const hash = async (path: string) => path;
    const etag = await expectSame(localFiles(`${folder}/start-*`, hash));
    put("start-200611.zarr/.zattrs", Buffer.from("{}"));
    expect(await localFiles(`${folder}/start-*`, hash).etag()).not.toBe(etag);
  });

  test("of a bucket are those in its files", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    bucket(s3, "input");
    const put = (path: string, bytes: Uint8Array) =>
      void s3.store.putObject("input", `observations/${path}`, Buffer.from(bytes));
    await eachStore(put);
    put("start-200711.zarr", Buffer.from("an object of that name"));
    const files = () =>
      s3Files({ client: s3.client, bucket: "input", pattern: "observations/start-*.zarr" }, temporaryFolder());
    const etag = await expectSame(files());
    put("start-200611.zarr/.zattrs", Buffer.from("{}"));
    expect(await files().etag()).not.toBe(etag);
  });
});

describe("hindcasts", () => {
  test("of fewer years than a climatology needs are told", async () => {
    const { warnings } = await anomaliesOf("c3s.nc", "c3s-hindcasts.nc");
    expect(warnings).toEqual([
      {
        kind: "hindcastYears",
        message:
          "the climatology of the forecast is the mean of hindcasts of 6 years, and 10 or more make a climatology: c3s-hindcasts.nc",
      },
    ]);
    const years = [2000, 2006] as const;
    expect((await anomaliesOf("c3s.nc", "c3s-hindcasts.nc", { baseline: years })).warnings).toMatchObject([
      { kind: "hindcastYears", message: expect.stringContaining("of 6 years of 2000-2006: c3s-hindcasts.nc") },
    ]);
    expect((await anomaliesOf("c3s.nc", "c3s-hindcasts.nc", { baseline: [2001, 2006] })).warnings).toEqual([]);
    expect((await anomaliesOf("c3s.nc", "climatology.nc")).warnings).toEqual([]);
  });

  test.each([
    [
      "of another start",
      "weeks.nc",
      "start-*.nc",
      {},
      "start-*.nc: has no hindcast that starts in month 11 of a year, as the forecast does. Use the hindcasts of that start month",
    ],
    [
      "of no year that is asked for",
      "c3s.nc",
      "c3s-hindcasts.nc",
      { baseline: [1981, 1990] },
      "has no hindcast that starts in month 11 of a year in 1981-1990, as the forecast does. Use the hindcasts of that start month, or set forecast.baseline to the years of these",
    ],
    [
      "of fewer leads",
      "c3s.nc",
      "nmme-hindcasts.nc",
      {},
      "nmme-hindcasts.nc: has no lead of 2 months, which the forecast has. Valid choices: 0, 1. Use hindcasts with the leads",
    ],
  ] as const)("%s are refused", async (_, forecast, hindcasts, changes, message) => {
    await expect(anomaliesOf(forecast, hindcasts, changes)).rejects.toThrow(message);
  });

  /** A forecast, or hindcasts, of one cell. */
  const field = (more: Partial<TestField> = {}, cells = { lat: latitudes(40, 30), lon: longitudes(100, 110, 120) }) =>
    classicFile({
      variable: "t2m",
      axes: { time: { values: [9801, 9831], attributes: { units: "days since 2000-01-01" } }, ...cells },
      attributes: { units: "K", initial_time: "20261101" },
      ...more,
    });
  const subtracted = async (path: string, hindcasts = fixture("hindcasts/climatology.nc")) => {
    const product = productOf({ select: {} });
    const whole = await withDataset(path, "whole.nc", (dataset) => readForecast(dataset, product));
    return lessHindcasts(whole, product, { path: hindcasts, key: "hindcasts.nc" });
  };

  test("on other cells, or in other units, are refused", async () => {
    await expect(subtracted(field())).resolves.toMatchObject({ years: undefined });
    await expect(subtracted(field({}, { lat: latitudes(30, 40), lon: longitudes(100, 110, 120) }))).rejects.toThrow(
      "hindcasts.nc: its latitudes are others than those of whole.nc. Hindcasts are on the cells of their forecast",
    );
    const celsius = field({ attributes: { units: "degC", initial_time: "20261101" } });
    await expect(subtracted(celsius)).rejects.toThrow(
      'hindcasts.nc: "t2m" is in K, and the forecast whole.nc in degC. Hindcasts have the units of their forecast',
    );
  });

  test("need a forecast that tells its start, and starts of their own", async () => {
    const unstarted = field({ attributes: { units: "K" } });
    await expect(subtracted(unstarted)).rejects.toThrow("whole.nc: nothing says when it starts");
    await expect(subtracted(field(), unstarted)).rejects.toThrow(
      'hindcasts.nc: nothing says when the forecasts of "t2m" start, and how far ahead they are',
    );
  });

  test("are an input of a run, whose series have the anomalies", async () => {
    const [expected] = golden<Case[]>("hindcasts/expected.json");
    const folder = temporaryFolder();
    const months = counting(0, 12 * 22 + 9);
    const observations = classicFile({
      variable: "t2m",
      axes: { time: monthsOf(2004, ...months), lat: latitudes(40, 30), lon: longitudes(100, 110, 120) },
      attributes: { units: "K" },
    });
    const product = productOf();
    const products = join(folder, "products.json");
    const own = {
      ...product,
      observations: { ...product.observations, firstMonth: "2004-01", baseline: [2004, 2020] },
    };
    writeFileSync(products, JSON.stringify({ products: [own] }));
    const request = {
      observations,
      forecast: fixture("hindcasts/c3s.nc"),
      stations: stationTable("a,x,40,110"),
      products,
      out: join(folder, "out"),
    };
    await expect(runLocally(request)).rejects.toThrow(
      'product "x" takes hindcasts off its forecasts, observations/hindcasts/*.nc. Name their file, or their climatology, with --forecast-climatology',
    );
    const hindcasts = fixture("hindcasts/c3s-hindcasts.nc");
    const lastCsv = async (wanted: Parameters<typeof runLocally>[0], id: string) => {
      const { manifest: made } = await runLocally(wanted);
      return { manifest: made, csv: readFileSync(join(folder, "out", made.series!.replace("{station}", id)), "utf8") };
    };
    const { manifest, csv } = await lastCsv({ ...request, forecastClimatology: hindcasts }, "a");
    expect(manifest).toMatchObject({
      status: "complete",
      inputs: { hindcasts: { key: "c3s-hindcasts.nc" } },
      forecast: { base: { years: [2001, 2006], from: "the hindcasts", rebased: false } },
    });
    const last = csv.trimEnd().split("\n").slice(-3);
    const at = [1, 7, 13].map((i) => float32(expected!.anomalies)[i]!);
    expect(last.map((line) => Number(line.split(",")[1]))).toEqual(at);

    // The next run takes the climatology that this one has kept, unless it is damaged.
    const [kept] = globSync(join(folder, "out/grids/hindcasts/*"));
    const key = kept!.slice(join(folder, "out/").length);
    const next = async (id: string) => {
      const stations = stationTable(`${id},x,40,110`);
      const { csv: text } = await lastCsv({ ...request, stations, forecastClimatology: hindcasts }, id);
      return text
        .trimEnd()
        .split("\n")
        .slice(-3)
        .map((line) => Number(line.split(",")[1]));
    };
    const whole = readFileSync(kept!);
    const means = new Uint8Array(Float32Array.from({ length: 18 }, () => 1).buffer);
    writeFileSync(kept!, seal(key, { head: { years: [2001] }, body: means }));
    expect(await next("b")).not.toEqual(at);
    writeFileSync(kept!, whole.subarray(1));
    expect(await next("c")).toEqual(at);
    expect(readFileSync(kept!)).toEqual(whole);
  });
});

test("a product that takes no hindcasts is given none", async () => {
  const request = {
    observations: fixture("run/precip.mon.mean.nc"),
    forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
    stations: fixture("run/stations.xls"),
    out: temporaryFolder(),
    forecastClimatology: fixture("hindcasts/c3s-hindcasts.nc"),
  };
  await expect(runLocally(request)).rejects.toThrow("Leave --forecast-climatology out, or set forecast.climatology");
});
