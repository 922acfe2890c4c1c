import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../functions/local/check.ts";
import { inspect } from "../../functions/local/inspect.ts";
import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { type GridRequest, gridId } from "../../lib/grid/grid-order.ts";
import { readNormals } from "../../lib/grid/normals.ts";
import { read } from "../../lib/netcdf/decode.ts";
import { withDataset } from "../../lib/netcdf/open.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { meanOfHindcasts } from "../../lib/run/full-field.ts";
import { asObservations, withObservations } from "../../lib/run/observations.ts";
import { findProduct, type Product } from "../../lib/run/product.ts";
import type { ClassicAttributes } from "../../lib/sample/classic-writer.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { forecast, observations } from "../support/bad-input.ts";
import { classicFile, latitudes, longitudes, openUntilEnd, type TestField } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";

const DEGREES: ClassicAttributes = { units: "K", valid_range: Float32Array.of(-90, 60) };
const kelvins = (length: number) => Float32Array.from({ length }, (_, i) => 260 + (i % 40));

const open = (bytes: Buffer) => {
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, bytes);
  return openUntilEnd(path, "a.nc");
};

const REQUEST: GridRequest = { variable: "precip", firstMonth: "2000-01", baseline: [2000, 2001] };

/** The grid of an archive, and how many of its tiles have any value. */
async function made(attributes: ClassicAttributes, request = REQUEST, values = kelvins(480)) {
  const dataset = asObservations(await open(observations({ values, attributes })), request);
  const grid = describeGrid(dataset, request, "etag");
  const { tiles } = await storeGrid(dataset, grid, folderStore(temporaryFolder()), { memoryBytes: 2 ** 30 });
  return { dataset, grid, count: Object.keys(tiles).length };
}

describe("an archive whose valid range excludes all of its values", () => {
  test.each<[string, ClassicAttributes]>([
    ["valid_range of -90 to 60", DEGREES],
    ["valid_max of 60", { units: "K", valid_max: Float32Array.of(60) }],
    ["valid_max of 60", { units: "K", valid_max: "60" }],
  ])("is refused, naming the %s", async (range, attributes) => {
    await expect(made(attributes)).rejects.toMatchObject({
      tag: "BadRange",
      message: `a.nc: all values of "precip" are outside of its ${range}: they go from 260 to 299. Where the values are right and the range is not, set observations.ignoreValidRange of the product to true`,
    });
  });

  test("is read where the product says that the range does not count", async () => {
    expect((await made(DEGREES, { ...REQUEST, ignoreValidRange: true })).count).toBe((await made({})).count);
  });

  test("is not refused where one value is inside, or where all are missing anyway", async () => {
    const values = kelvins(480);
    for (let month = 0; month < 24; month++) values[month * 20] = 20;
    expect((await made(DEGREES, REQUEST, values)).count).toBe(1);
    const filled = { ...DEGREES, _FillValue: Float32Array.of(-999) };
    expect((await made(filled, REQUEST, new Float32Array(480).fill(-999))).count).toBe(0);
  });

  test("is read where some fields have no valid value, and others have", async () => {
    expect((await made(DEGREES, REQUEST, kelvins(480).fill(20, 460))).count).toBe(20);
  });

  const days = Array.from({ length: 62 }, (_, i) => i);
  test.each<[string, Parameters<typeof observations>[0], Partial<GridRequest>]>([
    ["means of members", { members: 2, values: kelvins(960) }, { select: { member: "mean" } }],
    ["what is merged", { members: 2, values: kelvins(960) }, { select: { member: "merge" } }],
    ["another order of dimensions", { order: ["lat", "lon", "time"], values: kelvins(480) }, {}],
    [
      "months of days",
      { time: days, timeAttributes: { units: "days since 2000-01-01" }, values: kelvins(20 * 62) },
      { frequency: "daily", monthly: "mean" },
    ],
  ])("is refused behind %s", async (_, changes, more) => {
    const request = { ...REQUEST, ...more };
    const asked = async (wanted: GridRequest) =>
      asObservations(await open(observations({ ...changes, attributes: DEGREES })), wanted);
    await expect(asked(request)).rejects.toThrow(
      'a.nc: all values of "precip" are outside of its valid_range of -90 to 60',
    );
    const whole = await asked({ ...request, ignoreValidRange: true });
    expect(read(whole, "precip").some((value) => value >= 260)).toBe(true);
  });

  test("is refused when it is several files, unless one of them has a valid value", async () => {
    const folder = temporaryFolder();
    const file = (key: string, first: number, values: Float32Array) => {
      const time = Array.from({ length: 12 }, (_, i) => first + i);
      writeFileSync(join(folder, key), observations({ time, values, attributes: DEGREES }));
      return { path: join(folder, key), key };
    };
    const one = file("2000.nc", 0, kelvins(240));
    const monthsOf = (last: Float32Array, request = REQUEST) =>
      withObservations({ key: "*.nc", files: [one, file("2001.nc", 12, last)] }, request, (dataset) => {
        return describeGrid(dataset, request, "etag").seconds.length;
      });
    await expect(monthsOf(kelvins(240))).rejects.toThrow(
      '2000.nc: all values of "precip" are outside of its valid_range',
    );
    await expect(monthsOf(kelvins(240), { ...REQUEST, ignoreValidRange: true })).resolves.toBe(24);
    await expect(monthsOf(new Float32Array(240).fill(20))).resolves.toBe(24);
  });

  test("is told before a run, by both commands that look at files", async () => {
    const path = join(temporaryFolder(), "a.nc");
    writeFileSync(path, observations({ values: kelvins(480), attributes: DEGREES }));
    const problem = 'all values of "precip" are outside of its valid_range of -90 to 60';
    expect(await inspect([path])).toContain(`product prec, as observations: no: ${path}: ${problem}`);
    const checked = await check({ observations: path });
    expect(checked).toMatchObject({ usable: false, text: expect.stringContaining(problem) });
  });
});

test("a grid's id tells that the range does not count, and is else what it was", () => {
  const id = gridId("etag", REQUEST);
  expect(gridId("etag", { ...REQUEST, ignoreValidRange: false })).toBe(id);
  expect(gridId("etag", { ...REQUEST, ignoreValidRange: true })).not.toBe(id);
});

test("a climatology whose range excludes all of its values is refused", async () => {
  const { grid } = await made({ units: "K" });
  const normals = await open(
    observations({ time: Array.from({ length: 12 }, (_, i) => i), values: kelvins(240), attributes: DEGREES }),
  );
  expect(() => readNormals(normals, "precip", grid)).toThrow(
    expect.objectContaining({ tag: "BadRange", message: expect.stringContaining("observations.ignoreValidRange") }),
  );
});

describe("a forecast whose valid range excludes all of its values", () => {
  const product = findProduct(BUILT_IN_PRODUCTS, "prec");
  const anomalies = async (more: Partial<Product["forecast"]>) =>
    readForecast(await open(forecast({ values: kelvins(20), attributes: DEGREES })), {
      ...product,
      forecast: { ...product.forecast, ...more },
    }).values;

  test("is refused", async () => {
    await expect(anomalies({})).rejects.toMatchObject({
      tag: "BadRange",
      message: expect.stringContaining("set forecast.ignoreValidRange of the product to true"),
    });
  });

  test("is read where the product says that the range does not count", async () => {
    expect([...(await anomalies({ ignoreValidRange: true }))]).toEqual([...kelvins(20)]);
  });
});

describe("hindcasts whose valid range excludes all of their values", () => {
  const cells = { lat: latitudes(40, 30), lon: longitudes(100, 110) };
  const files = [2000, 2001, 2002].map((year) =>
    year === 2002
      ? forecastFrom(year, cells, { units: "K" })
      : forecastFrom(year, cells, { units: "K", valid_max: Float32Array.of(60) }),
  );
  const means = async (more: Partial<Product["forecast"]>) => {
    const product = findProduct(BUILT_IN_PRODUCTS, "prec");
    const of = { ...product, forecast: { ...product.forecast, ...more } };
    const [one, other, latest] = files.map((file) => file());
    const whole = await withDataset(latest!, "2002.nc", (dataset) => readForecast(dataset, of));
    const hindcasts = [one!, other!].map((path, i) => ({ path, key: `${2000 + i}.nc` }));
    return meanOfHindcasts(whole, of, { key: "*.nc", files: hindcasts });
  };

  test("are refused", async () => {
    await expect(means({})).rejects.toThrow(
      '2000.nc: all values of "anom" are outside of its valid_max of 60: they go from 260 to 267. Where the values are right and the range is not, set forecast.ignoreValidRange of the product to true',
    );
  });

  test("are read where the product says that the range does not count", async () => {
    const { values, years } = await means({ ignoreValidRange: true });
    expect([[...values], years]).toEqual([
      [260, 261, 262, 263, 264, 265, 266, 267],
      [2000, 2001],
    ]);
  });
});

/** Makes a forecast of two months from November on. */
function forecastFrom(year: number, cells: TestField["axes"], attributes: ClassicAttributes): () => string {
  const time = { values: [0, 30], attributes: { units: `days since ${year}-11-01` } };
  const values = [...kelvins(8)];
  return () =>
    classicFile({
      variable: "anom",
      axes: { time, ...cells },
      values,
      attributes: { ...attributes, initial_time: `${year}1101` },
    });
}
