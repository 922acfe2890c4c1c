import { describe, expect, test } from "vitest";
import { computeAnomalyGrid } from "../../functions/api/anomaly-grid.ts";
import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid, fieldShape } from "../../lib/grid/description.ts";
import { type GridOrder, type GridRequest, gridId, leastValues } from "../../lib/grid/grid-order.ts";
import { planPasses } from "../../lib/grid/passes.ts";
import { ITEM_BYTES } from "../../lib/netcdf/numeric-types.ts";
import { draftProduct } from "../../lib/run/draft-product.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { withObservations } from "../../lib/run/observations.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { dayText } from "../../lib/time.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, float32, float64, golden } from "../support/golden.ts";
import { openGroup } from "../support/zarr.ts";

/** An archive of days, and what xarray makes of its weeks: see make-weekly.py. */
interface Case {
  readonly file: string;
  readonly request: GridOrder;
  readonly units: string;
  readonly type: "float32" | "float64";
  readonly seconds: readonly number[];
  /** Shape (lat, lon, time). */
  readonly anomalies: string;
}

const cases = golden<Case[]>("weekly/expected.json").map(
  (each) => [`${each.file} ${JSON.stringify({ ...each.request, variable: undefined })}`, each] as const,
);

const DAY = 86_400;

/** Doubles may differ in their last bits, by the order in which numpy sums. */
const rounded = (values: Float32Array | Float64Array) =>
  values instanceof Float32Array ? values : Array.from(values, (value) => value.toFixed(9));

describe.each(cases)("the weeks of %s", (_, { file, request, units, type, seconds, anomalies }) => {
  test.each(["at once", "through a file, or in two passes"])("have xarray's anomalies, %s", async (way) => {
    await withObservations({ path: fixture(`weekly/${file}`), key: file }, request, async (dataset) => {
      const about = describeGrid(dataset, request, "etag");
      expect(about).toMatchObject({ units, seconds });
      const bytes = fieldShape(about).months * about.lat.length * about.lon.length * ITEM_BYTES[about.archive.type];
      const memoryBytes = way === "at once" ? bytes : 0.7 * bytes;
      const { spooled, bandRows } = planPasses(about, memoryBytes);
      expect(way === "at once" || spooled || bandRows === 1).toBe(true);
      const store = folderStore(temporaryFolder());
      await storeGrid(dataset, about, store, { memoryBytes });
      const { data } = await (await openGroup(store, `grids/${about.id}`)).read("anomaly");
      expect(rounded(data as Float32Array)).toEqual(rounded({ float32, float64 }[type](anomalies)));
    });
  });
});

describe("an archive of days, of which weeks are made", () => {
  const request: GridRequest = { variable: "rain", firstMonth: "1990-01", baseline: [1990, 1990], weekly: "mean" };
  /** An archive of one cell, from Monday 1990-01-01 on, so far apart. */
  const archive = (count: number, { every = DAY, units = "mm/day", from = 0 } = {}) =>
    classicFile({
      variable: "rain",
      axes: {
        time: {
          values: counting(0, count).map((i) => from + i * every),
          attributes: { units: "seconds since 1990-01-01" },
        },
        lat: latitudes(0),
        lon: longitudes(100),
      },
      attributes: { units },
    });
  const weeksOf = (path: string, of: GridRequest = request) =>
    withObservations({ path, key: "rain.nc" }, of, (dataset) => describeGrid(dataset, of, "etag").seconds.map(dayText));

  test("has the weeks of which all days are there, from Monday on unless it is said otherwise", async () => {
    expect(await weeksOf(archive(20))).toEqual(["1990-01-01", "1990-01-08"]);
    expect(await weeksOf(archive(21))).toEqual(["1990-01-01", "1990-01-08", "1990-01-15"]);
    expect(await weeksOf(archive(21, { from: DAY / 2 }))).toHaveLength(3);
    const tuesdays = { ...request, weeks: { weekday: 2, dated: 3 * DAY } };
    expect(await weeksOf(archive(21), tuesdays)).toEqual(["1990-01-05", "1990-01-12"]);
    await expect(weeksOf(archive(6))).rejects.toThrow("rain.nc: has no whole week from 1990-01-01 on");
  });

  test("is read once, by its days: memory and bands are planned for these", async () => {
    await withObservations({ path: archive(400), key: "rain.nc" }, request, (dataset) => {
      const about = describeGrid(dataset, request, "etag");
      expect(about.shape.months).toBe(57);
      expect(fieldShape(about).months).toBe(400);
      expect(() => planPasses(about, 1000)).toThrow("a grid of 1 x 1 cells and 400 fields takes");
    });
  });

  test("has a grid of its own for each weekday, and each way to make weeks; the weekday is in its name", () => {
    const ways: Partial<GridOrder>[] = [
      { weekly: undefined },
      { weekly: undefined, frequency: "daily" },
      {},
      { weekly: "sum" },
      { minDays: 4 },
      { windowDays: 10 },
      { normal: "none" },
      { weeks: { weekday: 4, dated: 0 } },
      { weeks: { weekday: 4, dated: DAY } },
    ];
    const ids = ways.map((way) => gridId("etag", { ...request, ...way }));
    expect(new Set(ids).size).toBe(ways.length);
    expect(ids[2]).toMatch(/^rain-1990-01-1990-1990-weeks-monday-/);
    expect(ids[7]).toMatch(/^rain-1990-01-1990-1990-weeks-thursday-/);
    const defaults: GridRequest = { ...request, minDays: 5, windowDays: 15, weeks: { weekday: 1, dated: 0 } };
    expect(gridId("etag", defaults)).toBe(ids[2]);
  });

  test("of months, or of steps longer than a day, is refused, and what the hint says makes it be read", async () => {
    const months = classicFile({
      variable: "rain",
      axes: { time: monthsOf(1990, ...counting(0, 12)), lat: latitudes(0), lon: longitudes(100) },
    });
    const problem = /days apart, make no weeks. Weeks are made of days .* leave observations.weekly of the product out/;
    await expect(weeksOf(months)).rejects.toThrow(problem);
    expect(await weeksOf(months, { ...request, weekly: undefined })).toHaveLength(12);
    await expect(weeksOf(archive(20, { every: 5 * DAY }))).rejects.toThrow(problem);
  });

  test("of rates that add up to no amount is refused as sums, unless the product says the units of the weeks", async () => {
    const path = archive(21, { units: "kg m-2 s-1" });
    const sums: GridRequest = { ...request, weekly: "sum" };
    await expect(weeksOf(path, sums)).rejects.toThrow(/Set observations.weekly .* to "mean", or observations.units/);
    expect(await weeksOf(path, { ...sums, units: "mm/week" })).toHaveLength(3);
    expect(await weeksOf(path)).toHaveLength(3);
  });

  test("has warnings of weeks without a day, and of cells with too few years around a week", async () => {
    const of: GridRequest = { ...request, firstMonth: "1991-01", baseline: [1991, 1995], minYears: 3 };
    const { warnings } = await computeAnomalyGrid(fixture("weekly/gaps.nc"), of);
    expect(warnings.map(({ message }) => message)).toEqual([
      "weeks without observations, by their first day: 1992-12-21, 1992-12-28, 1993-01-04",
      "1 cell has fewer than 3 baseline years around some week, and no anomaly of it: observations.minYears of the product is 3",
    ]);
  });
});

test("more baseline years than a word has bits are told apart", async () => {
  const days = 40 * 365.25;
  const path = classicFile({
    variable: "t",
    axes: {
      time: { values: counting(0, days), attributes: { units: "days since 1981-01-01" } },
      lat: latitudes(0),
      lon: longitudes(100),
    },
    values: counting(0, days).map(() => 5),
    attributes: { units: "K" },
  });
  const of: GridRequest = {
    variable: "t",
    firstMonth: "1981-01",
    baseline: [1981, 2020],
    weekly: "mean",
    minYears: 40,
  };
  const { values, warnings } = await computeAnomalyGrid(path, of);
  expect(warnings).toEqual([]);
  expect(new Set(values)).toEqual(new Set([0]));
});

test("a calendar month that a forecast of weeks is rebased by needs the weeks of as many years", () => {
  expect(leastValues({ minYears: 10, rebase: [1999, 2010] })).toEqual([10, 4]);
  expect(leastValues({ minYears: 10, rebase: [1999, 2010], weekly: "mean" })).toEqual([40, 16]);
});

describe("the weeks of a forecast", () => {
  const DAYS_1990 = "days since 1990-01-01";
  /** Thursdays from 1996-03-28 on. */
  const THURSDAYS = [2278, 2285];
  const product = (daysIntoWeek?: number) =>
    ({
      name: "weeks",
      observations: { weekly: "mean" },
      forecast: { variable: "anom", pattern: "*", select: {}, daysIntoWeek },
    }) as unknown as Product;
  const forecast = (days: readonly number[], attributes = {}) =>
    classicFile({
      variable: "anom",
      axes: {
        time: { values: days, attributes: { units: DAYS_1990 } },
        lat: latitudes(0, 10),
        lon: longitudes(100, 110),
      },
      attributes,
    });
  const weeksOf = async (path: string, of = product()) => readForecast(await openUntilEnd(path, "f.nc"), of).weeks;

  test("begin on the day of its times, or so many days before as the product says", async () => {
    const path = forecast(THURSDAYS);
    expect(await weeksOf(path)).toEqual({ weekday: 4, dated: 0 });
    expect(await weeksOf(path, product(3))).toEqual({ weekday: 1, dated: 3 * DAY });
    expect(await weeksOf(path, product(7))).toEqual({ weekday: 4, dated: 7 * DAY });
    expect(await weeksOf(forecast([2281.5, 2288.5]), product(3))).toEqual({ weekday: 4, dated: 3.5 * DAY });
  });

  test("are those of means and sums of GRIB, which are dated with their end", async () => {
    expect(await weeksOf(forecast(THURSDAYS, { GRIB_stepType: "avg" }))).toEqual({ weekday: 4, dated: 7 * DAY });
    expect(await weeksOf(forecast(THURSDAYS, { GRIB_stepType: "instant" }))).toEqual({ weekday: 4, dated: 0 });
  });

  test.each([
    ["middle", 3, { weekday: 1, dated: 3 * DAY }],
    ["end", 7, { weekday: 4, dated: 7 * DAY }],
  ])("are those of the bounds of its times: the %s", async (_, before, weeks) => {
    const dataset = await openUntilEnd(forecast(THURSDAYS), "f.nc");
    const time = dataset.variables.get("time")!;
    const text = (value: string) => ({ type: "char", value }) as const;
    const variables = new Map(dataset.variables)
      .set("time", { ...time, attributes: { ...time.attributes, bounds: text("edges") } })
      .set("edges", { name: "edges", type: "float64", dimensions: ["time", "nv"], shape: [2, 2], attributes: {} });
    const edges = (length: number) =>
      Float64Array.from(THURSDAYS.flatMap((day) => [day - before, day - before + length]));
    const bounded = (length: number) => ({
      ...dataset,
      variables,
      readRaw: (name: string, slab?: Parameters<typeof dataset.readRaw>[1]) =>
        name === "edges" ? edges(length) : dataset.readRaw(name, slab),
    });
    expect(readForecast(bounded(7), product()).weeks).toEqual(weeks);
    expect(() => readForecast(bounded(14), product())).toThrow(
      "the product is of weeks, and its bounds are 14 days apart",
    );
  });

  test("are refused where its leads are none, and what the hint says makes it be read", async () => {
    const path = forecast([...THURSDAYS, 2293]);
    await expect(weeksOf(path)).rejects.toThrow(
      /the product is of weeks, and it has leads for 1996-03-28 00:00:00 and 1996-04-12 00:00:00. Weeks are .* set forecast.select/,
    );
    const one = { ...product(), forecast: { ...product().forecast, select: { time: 1 } } };
    expect(await weeksOf(path, one)).toEqual({ weekday: 4, dated: 0 });
  });
});

test("a daily archive and a forecast of weeks get a draft of a product of weeks, which reads both", async () => {
  const [archive, forecast] = ["days.nc", "CFSv2.prec.19960327.wkly.anom.nc"].map((name) => fixture(`weekly/${name}`));
  const files = [await openUntilEnd(archive!, "days.nc"), await openUntilEnd(forecast!, "forecast.nc")];
  const { product, notes } = draftProduct(files);
  expect(product.observations).toMatchObject({ frequency: "daily", weekly: "mean" });
  expect(product.observations).not.toHaveProperty("monthly");
  expect(notes.join("\n")).toMatch(/the forecast is of weeks: weekly is "mean"[\s\S]*else set daysIntoWeek/);
  const [whole] = parseProducts(JSON.stringify({ products: [product] }), "products.json");
  expect(readForecast(files[1]!, whole!).weeks).toEqual({ weekday: 4, dated: 0 });
  expect(draftProduct(files.slice(0, 1)).product.observations).toMatchObject({ frequency: "daily", monthly: "mean" });
});

test.each([
  [
    { observations: { weekly: "mean" } },
    'observations.weekly is "mean": it must be left out, or observations.frequency',
  ],
  [
    { observations: { frequency: "daily", weekly: "mean", monthly: "mean" } },
    'monthly is "mean": it must be left out beside',
  ],
  [
    { observations: { frequency: "daily", windowDays: 3 } },
    "windowDays is 3: it must be left out, or observations.weekly",
  ],
  [
    { observations: { frequency: "daily", weekly: "sum", windowDays: 200 } },
    "windowDays is 200: it must be 182 or less",
  ],
  [
    { observations: { frequency: "daily", weekly: "sum", minDays: 8 } },
    "minDays is 8: it must be 7 or less, as a week has",
  ],
  [
    { observations: { frequency: "daily", weekly: "sum", climatology: { key: "c.nc", variable: "c" } } },
    "it must be left out beside observations.weekly, as it is of calendar months",
  ],
  [
    { forecast: { daysIntoWeek: 3 } },
    "forecast.daysIntoWeek is 3: it must be left out, or observations.weekly be there",
  ],
  [
    { observations: { frequency: "daily", weekly: "mean" }, series: { expect: { lastMonth: "M-1" } } },
    'series.expect.lastMonth is "M-1": it must be left out beside observations.weekly',
  ],
  [
    { observations: { frequency: "daily", weekly: "mean" }, series: { expect: { everyMonth: true } } },
    "series.expect.everyMonth is true: it must be left out beside observations.weekly",
  ],
])(
  "a product with %j is refused",
  (fields: Partial<Record<"observations" | "forecast" | "series", object>>, problem) => {
    const products = [
      {
        name: "x",
        observations: {
          key: "observations/a.nc",
          variable: "a",
          firstMonth: "1990-01",
          baseline: [1991, 2020],
          ...fields.observations,
        },
        forecast: { pattern: "*.nc", variable: "a", ...fields.forecast },
        series: { column: "a", suffix: "a", ...fields.series },
      },
    ];
    expect(() => parseProducts(JSON.stringify({ products }), "products.json")).toThrow(problem);
  },
);
