import { describe, expect, test } from "vitest";
import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { type GridRequest, gridId } from "../../lib/grid/grid-order.ts";
import { read as decoded } from "../../lib/netcdf/decode.ts";
import { draftProduct } from "../../lib/run/draft-product.ts";
import { withObservations } from "../../lib/run/observations.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { monthText } from "../../lib/time.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, float32, float64, golden } from "../support/golden.ts";
import { joined, picked } from "../support/pieces.ts";
import { openGroup } from "../support/zarr.ts";

/** An archive of days, and what xarray makes of it: see make-daily.py. */
interface Case {
  readonly file: string;
  readonly request: GridRequest;
  readonly units: string;
  readonly type: "float32" | "float64";
  readonly seconds: readonly number[];
  /** Shape (time, lat, lon). */
  readonly months: string;
  /** Shape (lat, lon, time). */
  readonly anomalies: string;
}

const cases = golden<Case[]>("daily/expected.json").map(
  (each) => [`${each.file} ${JSON.stringify({ ...each.request, variable: undefined })}`, each] as const,
);

const typed = { float32, float64 };

describe.each(cases)("the months of %s", (_, { file, request, units, type, seconds, months, anomalies }) => {
  const archive = { path: fixture(`daily/${file}`), key: file };

  test("are xarray's to the last bit, whole and in parts", async () => {
    await withObservations(archive, request, async (dataset) => {
      const { shape, attributes, type: made } = dataset.variables.get("rain")!;
      expect(made).toBe(type);
      expect(attributes["units"]?.value).toBe(units);
      expect(describeGrid(dataset, request, "etag").archive.madeOf).toBeGreaterThanOrEqual(25);
      expect(dataset.readRaw("time")).toEqual(Float64Array.from(seconds));
      const expected = typed[type](months);
      expect(dataset.readRaw("rain")).toEqual(expected);
      const count = seconds.length;
      for (const slab of [
        [
          [0, count],
          [0, 2],
          [0, 3],
        ],
        [
          [3, count - 1],
          [1, 2],
          [1, 3],
        ],
        [
          [5, 6],
          [0, 1],
          [2, 3],
        ],
      ] as const) {
        const part = [...slab, ...shape.slice(3).map(() => [0, 1] as const)];
        expect(await joined(dataset, "rain", part)).toEqual(picked(expected, shape, part));
      }
    });
  });

  test("have the anomalies of these", async () => {
    await withObservations(archive, request, async (dataset) => {
      const about = describeGrid(dataset, request, "etag");
      const store = folderStore(temporaryFolder());
      await storeGrid(dataset, about, store, { memoryBytes: 2 ** 30 });
      const { data } = await (await openGroup(store, `grids/${about.id}`)).read("anomaly");
      expect(data).toEqual(typed[type](anomalies));
    });
  });
});

describe("an archive of days", () => {
  const DAY = 86_400;
  const request: GridRequest = { variable: "rain", firstMonth: "1990-01", baseline: [1990, 1990] };
  const daily: GridRequest = { ...request, frequency: "daily" };

  /** An archive of one cell, of so many values from 1990-01-01 on, so far apart; 1, 2, 3 … */
  const archive = (count: number, { every = DAY, from = 0, units = "mm/day", first = 1 } = {}) =>
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
      values: counting(first, count),
      attributes: { units },
    });
  const read = (path: string, of: GridRequest) =>
    withObservations({ path, key: "rain.nc" }, of, (dataset) => {
      const { units, seconds, warnings } = describeGrid(dataset, of, "etag");
      return { units, months: seconds.map(monthText), values: Array.from(decoded(dataset, "rain")), warnings };
    });

  test("may be a file for each day, or cut within a month", async () => {
    const day = (i: number) => ({ path: archive(1, { from: i * DAY, first: i + 1 }), key: `${i}.nc` });
    const files = { key: "*.nc", files: counting(0, 59).map(day) };
    const months = await withObservations(files, daily, async (dataset) => {
      expect(describeGrid(dataset, daily, "etag").seconds.map(monthText)).toEqual(["1990-01", "1990-02"]);
      return joined(dataset, "rain", [
        [0, 2],
        [0, 1],
        [0, 1],
      ]);
    });
    expect(months).toEqual([16, 45.5]);
    await expect(withObservations({ ...files, files: [day(3), day(3)] }, daily, () => {})).rejects.toThrow(
      "has 1990-01-04 00:00:00, and so has 3.nc",
    );
  });

  test("of which nothing is said is refused, and what the hint says makes it be read", async () => {
    const path = archive(59);
    await expect(read(path, request)).rejects.toThrow(
      'its times are 1 day apart, and not months. Set observations.frequency of the product to "daily"',
    );
    expect(await read(path, daily)).toMatchObject({ months: ["1990-01", "1990-02"], values: [16, 45.5] });
    await expect(read(archive(300, { every: DAY / 4 }), request)).rejects.toThrow("its times are 6 hours apart");
  });

  test("of months is refused as one of days, and what the hint says makes it be read", async () => {
    const path = classicFile({
      variable: "rain",
      axes: { time: monthsOf(1990, 0, 1, 2), lat: latitudes(0), lon: longitudes(100) },
    });
    await expect(read(path, daily)).rejects.toThrow(/its 3 times are no days. Leave observations.frequency .* out/);
    expect((await read(path, request)).months).toHaveLength(3);
  });

  test("ends with the last month of which all days are there", async () => {
    expect((await read(archive(58), daily)).months).toEqual(["1990-01"]);
    expect((await read(archive(59), daily)).months).toEqual(["1990-01", "1990-02"]);
    // Dated at noon.
    expect((await read(archive(59, { from: DAY / 2 }), daily)).months).toEqual(["1990-01", "1990-02"]);
    await expect(read(archive(30), daily)).rejects.toThrow("has no month but a part of 1990-01");
  });

  test("that begins within a month has that one where enough of its days are there", async () => {
    const from = 10 * DAY;
    expect((await read(archive(49, { from }), daily)).values).toEqual([11, 35.5]);
    expect((await read(archive(49, { from }), { ...daily, minDays: 22 })).values).toEqual([Number.NaN, 35.5]);
    expect((await read(archive(49, { from }), { ...daily, monthly: "sum" })).values).toEqual([Number.NaN, 994]);
    expect((await read(archive(49, { from }), { ...daily, monthly: "sum", minDays: 1 })).values).toEqual([231, 994]);
  });

  test("may be one of hours, or of five days", async () => {
    const hours = await read(archive(31 * 24, { every: 3600 }), daily);
    expect(hours).toMatchObject({ months: ["1990-01"], values: [372.5], units: "mm/day" });
    const fives = await read(archive(12, { every: 5 * DAY }), { ...daily, minDays: 25 });
    // The seventh five days begin on 31 January, and the thirteenth on 2 March.
    expect(fives).toMatchObject({ months: ["1990-01", "1990-02"], values: [4, 10] });
  });

  test("whose times go back is refused", async () => {
    const back = [...counting(31, 28), ...counting(0, 31)].map((i) => i * DAY);
    const path = classicFile({
      variable: "rain",
      axes: {
        time: { values: back, attributes: { units: "seconds since 1990-01-01" } },
        lat: latitudes(0),
        lon: longitudes(100),
      },
    });
    await expect(read(path, daily)).rejects.toThrow("its times go back from 1990-02 to 1990-01");
  });

  test.each([
    ["mm/day", DAY, "mm/month"],
    ["kg m**-2", DAY, "mm/month"],
    ["m", 6 * 3600, "m/month"],
    ["mm hr-1", 3600, "mm/month"],
    ["in/day", DAY, "in/month"],
    ["K", DAY, "K"],
    ["furlongs", DAY, "furlongs"],
  ])("in %s every %d s has sums in %s", async (units, every, expected) => {
    const path = archive((31 * DAY) / every, { every, units });
    expect((await read(path, { ...daily, monthly: "sum" })).units).toBe(expected);
  });

  test("of rates that do not add up to an amount is refused, unless the product says the units of the months", async () => {
    const path = archive(31, { units: "kg m-2 s-1" });
    const sums: GridRequest = { ...daily, monthly: "sum" };
    await expect(read(path, sums)).rejects.toThrow(
      /"rain" is in kg m⁻² s⁻¹ every 24 hours, of which the sum is no amount. Set observations.monthly .* to "mean", or observations.units/,
    );
    expect((await read(path, { ...sums, units: "mm/month" })).units).toBe("mm/month");
    expect((await read(path, { ...sums, monthly: "mean" })).units).toBe("kg m-2 s-1");
  });

  test("has a grid of its own for each way to make months", () => {
    const ways: Partial<GridRequest>[] = [
      {},
      { frequency: "daily" },
      { frequency: "daily", minDays: 10 },
      { frequency: "daily", monthly: "sum" },
    ];
    expect(new Set(ways.map((way) => gridId("etag", { ...request, ...way }))).size).toBe(ways.length);
    expect(gridId("etag", { ...request, frequency: "monthly" })).toBe(gridId("etag", request));
    const sayingDefaults: GridRequest = { ...daily, monthly: "mean", minDays: 20 };
    expect(gridId("etag", sayingDefaults)).toBe(gridId("etag", daily));
  });

  test("gets a draft of a product that reads it", async () => {
    const path = archive(365 * 3, { units: "mm" });
    const { product } = draftProduct([await openUntilEnd(path, "rain.nc")]);
    expect(product.observations).toMatchObject({ frequency: "daily", monthly: "sum", firstMonth: "1990-01" });
    expect((await read(path, product.observations)).months).toHaveLength(35);
  });
});

test.each([
  [{ monthly: "sum" }, 'observations.monthly is "sum": it must be left out, or observations.frequency be "daily"'],
  [{ minDays: 3 }, 'observations.minDays is 3: it must be left out, or observations.frequency be "daily"'],
  [{ frequency: "daily", minDays: 32 }, "observations.minDays is 32: it must be 31 or less"],
])("a product with %j is refused", (fields, problem) => {
  const base = { key: "observations/a.nc", variable: "a", firstMonth: "1990-01", baseline: [1991, 2020] };
  const products = [
    {
      name: "x",
      observations: { ...base, ...fields },
      forecast: { pattern: "*.nc", variable: "a" },
      series: { column: "a", suffix: "a" },
    },
  ];
  expect(() => parseProducts(JSON.stringify({ products }), "products.json")).toThrow(problem);
});
