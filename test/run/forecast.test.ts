import { describe, expect, test } from "vitest";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { forecastAt, readForecast } from "../../lib/run/forecast.ts";
import type { Product } from "../../lib/run/product.ts";
import {
  classicFile,
  counting,
  latitudes,
  longitudes,
  monthsOf,
  openUntilEnd,
  type TestAxis,
  type TestField,
} from "../support/classic.ts";

const prec = BUILT_IN_PRODUCTS[0]!;
type Select = Product["forecast"]["select"];

const LAT = latitudes(10, 0);
const LON = longitudes(100, 110, 120);
const FIELD = 6;
const ENS: TestAxis = { values: [1, 2, 3, 4] };
const LEV: TestAxis = { values: [1000] };
const TIME = monthsOf(2020, 7, 8, 9);
const utc = (year: number, month: number) => Date.UTC(year, month - 1) / 1000;

async function forecast(axes: TestField["axes"], select: Select = {}, field: Partial<TestField> = {}) {
  const path = classicFile({ variable: "anom", axes, ...field });
  return readForecast(await openUntilEnd(path, "fc.nc"), { ...prec, forecast: { ...prec.forecast, select } });
}

describe("leading dimensions", () => {
  test("of length 1 need no choice; the axes are the file's own", async () => {
    const { seconds, moved, lat, lon, values } = await forecast({ TIME: monthsOf(2020, 7), ENS: LEV, LEV, LAT, LON });
    expect(Array.from(seconds)).toEqual([utc(2020, 8)]);
    expect(moved).toBe(0);
    expect(Array.from(values)).toEqual(counting(0, FIELD));
    expect([Array.from(lat.values), lat.ascending]).toEqual([[10, 0], false]);
    expect([Array.from(lon.values), lon.ascending]).toEqual([[100, 110, 120], true]);
  });

  test("all times are leads, in the order of the file, unless the product says otherwise", async () => {
    for (const select of [{}, { time: "all" }] as const) {
      const { seconds, values } = await forecast({ TIME, LEV, LAT, LON }, select);
      expect(Array.from(seconds)).toEqual([utc(2020, 8), utc(2020, 9), utc(2020, 10)]);
      expect(Array.from(values)).toEqual(counting(0, 3 * FIELD));
    }
  });

  test("a position of time is one lead", async () => {
    const { seconds, values } = await forecast({ TIME, LEV, LAT, LON }, { TIME: 1 });
    expect(Array.from(seconds)).toEqual([utc(2020, 9)]);
    expect(Array.from(values)).toEqual(counting(FIELD, FIELD));
  });

  test.each(["ENS", "ens", "Ens"])(
    "a position is that of the dimension of this name, %s, in any case",
    async (name) => {
      const { values } = await forecast({ TIME, ENS, LEV, LAT, LON }, { [name]: 2 });
      const leads = [2, 6, 10].map((member) => counting(member * FIELD, FIELD));
      expect(Array.from(values)).toEqual(leads.flat());
    },
  );

  test("positions of several dimensions, members before times", async () => {
    const { values } = await forecast({ ENS, TIME, LAT, LON }, { ENS: 3, TIME: 0 });
    expect(Array.from(values)).toEqual(counting(9 * FIELD, FIELD));
  });
});

describe("a forecast", () => {
  const two = { values: [1, 2] };
  const time = monthsOf(2020, 7, 8);
  const one = latitudes(10);
  const lon = longitudes(100, 110);

  // Values count in the order of the file: each place is worth as many as the dimensions behind it have.
  test.each<{ order: string; axes: TestField["axes"]; worth: Readonly<Record<"TIME" | "ENS" | "LON", number>> }>([
    {
      order: "time, members, longitude, latitude",
      axes: { TIME: time, ENS: two, LON: lon, LAT: one },
      worth: { TIME: 4, ENS: 2, LON: 1 },
    },
    {
      order: "latitude, longitude, members, time",
      axes: { LAT: one, LON: lon, ENS: two, TIME: time },
      worth: { TIME: 1, ENS: 2, LON: 4 },
    },
    {
      order: "members, longitude, time, latitude",
      axes: { ENS: two, LON: lon, TIME: time, LAT: one },
      worth: { TIME: 1, ENS: 4, LON: 2 },
    },
  ])("of the dimensions $order is read as leads, latitudes and longitudes", async ({ axes, worth }) => {
    const expected = [0, 1].flatMap((t) => [0, 1].map((x) => t * worth.TIME + x * worth.LON));
    const second = await forecast(axes, { ENS: 1 });
    expect(Array.from(second.values)).toEqual(expected.map((value) => value + worth.ENS));
    const mean = await forecast(axes, { ENS: "mean" });
    expect(Array.from(mean.values)).toEqual(expected.map((value) => value + worth.ENS / 2));
    expect(forecastAt(mean, [0, 1])).toEqual([expected[1]! + worth.ENS / 2, expected[3]! + worth.ENS / 2]);
  });
});

describe("the mean of members", () => {
  const fill = -9999;
  const attributes = { missing_value: Float32Array.of(fill) };
  /** A cell whose sum in single precision would lose the 0.25, one with a hole, one of holes alone. */
  const members = [
    [2 ** 27, 0.1, fill],
    [0.25, fill, fill],
    [-(2 ** 27), 0.2, fill],
    [16, 0.4, fill],
  ];
  const f = Math.fround;
  const means = [f(16.25 / 4), f((f(0.1) + f(0.2) + f(0.4)) / 3), Number.NaN];
  const row = latitudes(10);

  test("leaves missing values out, and is rounded once", async () => {
    const axes = { TIME: monthsOf(2020, 7), ENS, LAT: row, LON };
    const { values } = await forecast(axes, { ENS: "mean" }, { attributes, values: members.flat() });
    expect(values).toEqual(Float32Array.from(means));
  });

  test.each([
    ["before", { ENS, TIME: monthsOf(2020, 7, 8), LEV, LAT: row, LON }],
    ["after", { TIME: monthsOf(2020, 7, 8), ENS, LEV, LAT: row, LON }],
  ] as const)("is one for each lead, with members %s times", async (order, axes) => {
    const second = members.map(([a, b, c]) => [a! + 32, b!, c!]);
    const values =
      order === "before" ? members.flatMap((member, i) => [...member, ...second[i]!]) : [...members, ...second].flat();
    const read = await forecast(axes, { ENS: "mean" }, { attributes, values });
    expect(read.values).toEqual(Float32Array.of(...means, f((16.25 + 4 * 32) / 4), ...means.slice(1)));
    const one = await forecast(axes, { ENS: "mean", TIME: 1 }, { attributes, values });
    expect(Array.from(one.seconds)).toEqual([utc(2020, 9)]);
    expect(one.values).toEqual(read.values.slice(3));
  });

  test("is taken over two dimensions as over one", async () => {
    const axes = { ENS: { values: [1, 2] }, TIME, RUN: { values: [0, 6] }, LAT: row, LON: longitudes(100) };
    const { values } = await forecast(axes, { ENS: "mean", RUN: "mean" });
    // Value 6 ens + 2 time + run.
    expect(Array.from(values)).toEqual([3.5, 5.5, 7.5]);
  });
});

describe("a forecast is refused", () => {
  const ensHint = 'Set forecast.select.ENS of product "prec" to a position from 0 to 3 or "mean"';
  test.each<[string, TestField["axes"], Select, string, string]>([
    [
      "whose members are not chosen",
      { TIME, ENS, LAT, LON },
      {},
      "BadDimensions",
      `fc.nc: "anom" has 4 values along ENS, and the product does not say which to take. ${ensHint}`,
    ],
    [
      "of another member",
      { TIME, ENS, LAT, LON },
      { ENS: 4 },
      "BadProduct",
      `"anom" has no position 4 along ENS. ${ensHint}`,
    ],
    [
      "of another time",
      { TIME, LAT, LON },
      { time: 3 },
      "BadProduct",
      'has no position 3 along TIME. Set forecast.select.TIME of product "prec" to a position from 0 to 2 or "all"',
    ],
    ["as a mean over time", { TIME, LAT, LON }, { time: "mean" }, "BadProduct", '"anom" cannot be averaged over time'],
    ["with rows for members", { TIME, ENS, LAT, LON }, { ENS: "all" }, "BadProduct", "cannot have a row for each ENS"],
    [
      "whose product chooses along what it has not",
      { TIME, ENS, LAT, LON },
      { ens: 0, member: 1 },
      "BadProduct",
      'fc.nc: "anom" has no dimension member to choose along. Valid choices: TIME, ENS. Correct forecast.select of product "prec"',
    ],
    [
      "without times",
      { TIME: monthsOf(2020), ENS, LAT, LON },
      { ENS: 0 },
      "BadDimensions",
      "fc.nc: dimension TIME has length 0: the file holds no forecast",
    ],
    [
      "without members",
      { ENS: { values: [] }, TIME, LAT, LON },
      { ENS: "mean" },
      "BadDimensions",
      "dimension ENS has length 0",
    ],
    [
      "whose times do not rise",
      { TIME: monthsOf(2020, 7, 9, 8), LAT, LON },
      {},
      "BadTime",
      "go from 2020-10-01 00:00:00 to 2020-09-01",
    ],
    [
      "of leads after no time",
      { lead: { values: [0, 1], attributes: { units: "months" } }, LAT, LON },
      {},
      "MissingCoordinate",
      '"anom" has leads along lead, and nothing says after which initial time. Add a coordinate variable lead',
    ],
    ["without a time", { ENS: LEV, LAT, LON }, {}, "MissingCoordinate", "no time was found"],
    ["whose axis turns", { TIME, LAT, LON: longitudes(1, 3, 2) }, {}, "BadAxis", "its longitude axis goes from 3 to 2"],
  ])("%s", async (_, axes, select, tag, message) => {
    await expect(forecast(axes, select)).rejects.toMatchObject({ tag, message: expect.stringContaining(message) });
  });

  test("of another variable", async () => {
    await expect(forecast({ TIME, LAT, LON }, {}, { variable: "prate" })).rejects.toMatchObject({
      tag: "MissingVariable",
    });
  });
});

test("the forecast in a cell is one value for each lead; missing is NaN", async () => {
  const values = counting(0, 3 * FIELD).with(FIELD + 2, Number.NaN);
  const read = await forecast({ TIME, LAT, LON }, {}, { values });
  expect(forecastAt(read, [0, 1])).toEqual([1, 7, 13]);
  expect(forecastAt(read, [1, 1])).toEqual([4, 10, 16]);
  expect(forecastAt(read, [0, 2])).toEqual([2, Number.NaN, 14]);
});

test("units and text attributes are the variable's", async () => {
  const read = await forecast(
    { TIME, LAT, LON },
    {},
    { attributes: { units: "mm/day", climatoloy_period: "1999-2010" } },
  );
  expect(read.units).toBe("mm/day");
  expect(read.attributes).toEqual({ units: "mm/day", climatoloy_period: "1999-2010" });
  expect((await forecast({ TIME, LAT, LON })).units).toBeUndefined();
});
