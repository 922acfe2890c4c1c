import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findTimeSource } from "../../lib/netcdf/time-source.ts";
import { readValidTimes } from "../../lib/netcdf/valid-time.ts";
import { type ClassicAttributes, writeClassic } from "../../lib/sample/classic-writer.ts";
import { timeText } from "../../lib/time.ts";
import { openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";

type Coordinate = readonly [dimensions: string[], values: number[], attributes?: ClassicAttributes];

interface Contents {
  /** Those of the variable "v", of length 1 unless a coordinate says otherwise; lat and lon come last. */
  readonly dimensions: readonly string[];
  readonly coordinates: Readonly<Record<string, Coordinate>>;
  readonly attributes?: ClassicAttributes;
  readonly fileAttributes?: ClassicAttributes;
}

/** The times that the values of "v" are valid for, and the dimension that they lie along. */
async function times({ dimensions, coordinates, attributes = {}, fileAttributes = {} }: Contents, init = 0) {
  const all = [...dimensions, "lat", "lon", "two"];
  const sizeOf = (name: string) => (name === "two" ? 2 : (coordinates[name]?.[1].length ?? 1));
  const shape = [...dimensions, "lat", "lon"];
  const bytes = writeClassic({
    dimensions: all.map((name) => ({ name, size: sizeOf(name), unlimited: false })),
    attributes: fileAttributes,
    variables: [
      { name: "lat", dimensions: ["lat"], attributes: { units: "degrees_north" }, values: Float64Array.of(0) },
      { name: "lon", dimensions: ["lon"], attributes: { units: "degrees_east" }, values: Float64Array.of(0) },
      ...Object.entries(coordinates).map(([name, [own, values, texts = {}]]) => ({
        name,
        dimensions: own,
        attributes: texts,
        values: Float64Array.from(values),
      })),
      { name: "v", dimensions: shape, attributes, values: new Float32Array(shape.reduce((n, d) => n * sizeOf(d), 1)) },
    ],
  });
  const path = join(temporaryFolder(), "v.nc");
  writeFileSync(path, bytes);
  const dataset = await openUntilEnd(path, "v.nc");
  const source = findTimeSource(dataset, "v");
  if (source === undefined) return undefined;
  const { seconds, along } = readValidTimes(dataset, "v", source, init);
  return { along, times: Array.from(seconds, timeText) };
}

const DAYS = { units: "days since 2026-01-01" };
const START: ClassicAttributes = { ...DAYS, standard_name: "forecast_reference_time" };
const midnight = (...days: string[]) => days.map((day) => `${day} 00:00:00`);

describe("leads after an initial time", () => {
  test.each([
    ["months", "months", [0, 1, 1.5], midnight("2026-01-31", "2026-02-28", "2026-03-14")],
    ["weeks", "weeks", [0, 1], midnight("2026-01-31", "2026-02-07")],
    ["hours", "hours", [0, 36], ["2026-01-31 00:00:00", "2026-02-01 12:00:00"]],
    ["nanoseconds", "nanoseconds", [0, 86_400e9], midnight("2026-01-31", "2026-02-01")],
  ])("count in %s", async (_, units, leads, expected) => {
    const found = await times({
      dimensions: ["lead"],
      coordinates: { lead: [["lead"], leads, { units }], start: [[], [30], START] },
    });
    expect(found).toEqual({ along: "lead", times: expected });
  });

  test("of forecastMonth begin with the month of the start, whatever its day", async () => {
    const coordinates: Contents["coordinates"] = {
      forecastMonth: [["forecastMonth"], [1, 2]],
      start: [[], [30], START],
    };
    expect(await times({ dimensions: ["forecastMonth"], coordinates })).toEqual({
      along: "forecastMonth",
      times: midnight("2026-01-01", "2026-02-01"),
    });
  });

  test("count in the calendar of the start", async () => {
    const start = { ...START, calendar: "360_day" };
    const found = await times({
      dimensions: ["lead"],
      coordinates: { lead: [["lead"], [0, 30], { units: "days" }], start: [[], [29], start] },
    });
    expect(found?.times).toEqual(midnight("2026-01-30", "2026-02-28"));
  });

  test.each([
    ["the variable's attribute", { initial_time: "20261116" }, {}],
    ["the file's attribute", {}, { forecast_reference_time: "2026-11-16T00:00:00Z" }],
    ["a number", { init: Int32Array.of(20_261_116) }, {}],
    ["the variable's before the file's", { issue_date: "2026-11-16" }, { issue_date: "2026-11-15" }],
    ["the one that is a date", { init: "unknown", init_time: "2026111600" }, {}],
  ])("may start from %s", async (_, attributes, fileAttributes) => {
    const coordinates: Contents["coordinates"] = { lead: [["lead"], [0, 1], { units: "months" }] };
    const found = await times({ dimensions: ["lead"], coordinates, attributes, fileAttributes });
    expect(found?.times).toEqual(midnight("2026-11-16", "2026-12-16"));
  });

  test("without an initial time, or a coordinate of their own, have no times", async () => {
    const lead: Coordinate = [["lead"], [0, 1], { units: "months" }];
    expect(await times({ dimensions: ["lead"], coordinates: { lead } })).toBeUndefined();
    expect(await times({ dimensions: ["lead"], coordinates: { start: [[], [30], START] } })).toBeUndefined();
  });

  test.each([
    [undefined, 'its lead "lead" has no units. Valid choices: months, weeks, days'],
    ["fortnights", 'its lead "lead" has the units "fortnights". Valid choices'],
  ])("with units %s are refused", async (units, message) => {
    const lead: Coordinate = [["lead"], [0, 1], units === undefined ? {} : { units }];
    const found = times({ dimensions: ["lead"], coordinates: { lead, start: [[], [30], START] } });
    await expect(found).rejects.toMatchObject({ tag: "BadTime", message: expect.stringContaining(message) });
  });
});

describe("a coordinate of valid times", () => {
  test("of one value is that of all values", async () => {
    const found = await times({ dimensions: [], coordinates: { time: [[], [31], DAYS] } });
    expect(found).toEqual({ along: undefined, times: midnight("2026-02-01") });
  });

  test("of one value tells no leads apart", async () => {
    const lead: Coordinate = [["lead"], [0, 1], { units: "months" }];
    const found = await times({
      dimensions: ["lead"],
      coordinates: { lead, valid_time: [[], [31], DAYS], start: [[], [0], START] },
    });
    expect(found?.times).toEqual(midnight("2026-01-01", "2026-02-01"));
  });

  test("weighs more than start and lead", async () => {
    const lead: Coordinate = [["lead"], [1, 2], { units: "months" }];
    const found = await times({
      dimensions: ["lead"],
      coordinates: { lead, valid_time: [["lead"], [0, 31], DAYS], start: [[], [0], START] },
    });
    expect(found).toEqual({ along: "lead", times: midnight("2026-01-01", "2026-02-01") });
  });

  test("one start and several leads along dimensions of no standard name: the time is the start", async () => {
    const found = await times({
      dimensions: ["time", "lead"],
      coordinates: { time: [["time"], [31], DAYS], lead: [["lead"], [0, 1], { units: "months" }] },
    });
    expect(found).toEqual({ along: "lead", times: midnight("2026-02-01", "2026-03-01") });
  });
});

describe("dates as numbers", () => {
  test.each([
    [[20_260_101, 20_260_201], undefined, midnight("2026-01-01", "2026-02-01")],
    [[20_260_101.5], "day as %Y%m%d.%f", ["2026-01-01 12:00:00"]],
  ])("%j", async (values, units, expected) => {
    const date: Coordinate = [["date"], values, units === undefined ? {} : { units }];
    expect(await times({ dimensions: ["date"], coordinates: { date } })).toEqual({ along: "date", times: expected });
  });

  test.each([[[0, 1]], [[20_261_301]], [[20_260_101, 5]]])("%j are none", async (values) => {
    const found = times({ dimensions: ["date"], coordinates: { date: [["date"], values] } });
    await expect(found).rejects.toMatchObject({ tag: "BadTime", message: expect.stringContaining("has no units") });
  });

  test("a day that there is not is refused", async () => {
    const found = times({ dimensions: ["date"], coordinates: { date: [["date"], [20_260_231]] } });
    await expect(found).rejects.toMatchObject({ message: expect.stringContaining("20260231 as YYYYMMDD") });
  });
});

describe("monthly means dated with the month's end", () => {
  const bounded = { ...DAYS, bounds: "b" };
  const monthly = (time: number[], b: number[]): Contents => ({
    dimensions: ["time"],
    coordinates: { time: [["time"], time, bounded], b: [["time", "two"], b] },
  });

  test("have the start of their month where all bounds are months", async () => {
    const found = await times(monthly([31, 59], [0, 31, 31, 59]));
    expect(found?.times).toEqual(midnight("2026-01-01", "2026-02-01"));
  });

  test("also where the last month is not over", async () => {
    const found = await times(monthly([31, 58], [0, 31, 31, 58]));
    expect(found?.times).toEqual(midnight("2026-01-01", "2026-02-01"));
  });

  test("also where all values have one time", async () => {
    const found = await times({ dimensions: [], coordinates: { time: [[], [31], bounded], b: [["two"], [0, 31]] } });
    expect(found?.times).toEqual(midnight("2026-01-01"));
  });

  test("also where the bounds of one time lack its dimension", async () => {
    const coordinates: Contents["coordinates"] = { time: [["time"], [31], bounded], b: [["two"], [0, 31]] };
    expect((await times({ dimensions: ["time"], coordinates }))?.times).toEqual(midnight("2026-01-01"));
  });

  test.each(["time_bnds", "time_bounds", "time_bound"])("also by %s, which nothing names", async (name) => {
    const coordinates: Contents["coordinates"] = {
      time: [["time"], [31, 59], DAYS],
      [name]: [
        ["time", "two"],
        [0, 31, 31, 59],
      ],
    };
    expect((await times({ dimensions: ["time"], coordinates }))?.times).toEqual(midnight("2026-01-01", "2026-02-01"));
  });

  test.each<[string, Contents["coordinates"]]>([
    ["not there", {}],
    ["of another shape", { b: [["two"], [0, 31]] }],
    [
      "of other dimensions",
      {
        b: [
          ["two", "time"],
          [0, 31, 31, 59],
        ],
      },
    ],
    ["in units that are none", { b: [["time", "two"], [0, 31, 31, 59], { units: "fortnights since 2026-01-01" }] }],
    [
      "not for these times",
      {
        b: [
          ["time", "two"],
          [0, 1, 1, 2],
        ],
      },
    ],
  ])("and else stay: their bounds are %s", async (_, b) => {
    const coordinates = { time: [["time"], [31, 59], bounded] as Coordinate, ...b };
    const found = await times({ dimensions: ["time"], coordinates });
    expect(found?.times).toEqual(midnight("2026-02-01", "2026-03-01"));
  });

  test.each([
    ["one cell is no month", [31, 59], [0, 31, 30, 59]],
    ["the cells come after", [31, 59], [31, 59, 59, 90]],
    ["two cells are parts of one month", [31, 40, 59], [0, 31, 31, 40, 31, 59]],
    ["the cells are weeks", [31, 38], [24, 31, 31, 38]],
    ["the cells are years of a climatology", [31, 59], [0, 396, 31, 424]],
    ["the cells are three months", [90], [0, 90]],
    ["the bounds are none", [31, 59], [9e36, 9e36, 9e36, 9e36]],
  ])("and else stay: %s", async (_, time, b) => {
    const plain = await times({ dimensions: ["time"], coordinates: { time: [["time"], time, DAYS] } });
    expect(await times(monthly(time, b))).toEqual(plain);
  });

  const grib = (attributes: ClassicAttributes, start: number, steps: number[]) =>
    times({
      dimensions: ["step"],
      coordinates: { step: [["step"], steps, { units: "days" }], time: [[], [start], START] },
      attributes,
    });

  test.each([{ GRIB_dataType: "fcmean" }, { GRIB_stepType: "avg" }, { GRIB_stepType: "avgua" }])(
    "have the start of their month in a converted GRIB forecast, %j",
    async (attributes) => {
      expect((await grib(attributes, 0, [31, 59]))?.times).toEqual(midnight("2026-01-01", "2026-02-01"));
    },
  );

  test.each<[string, ClassicAttributes, number, number[]]>([
    ["no mean", { GRIB_dataType: "fc", GRIB_stepType: "instant" }, 0, [31, 59]],
    ["no GRIB", {}, 0, [31, 59]],
    ["a start within a month", { GRIB_dataType: "fcmean" }, 1, [30, 58]],
    ["the start's own month", { GRIB_dataType: "fcmean" }, 0, [0, 31]],
    ["times within months", { GRIB_dataType: "fcmean" }, 0, [30, 59]],
  ])("and else stay: %s", async (_, attributes, start, steps) => {
    const days = steps.map((step) => timeText(Date.UTC(2026, 0, 1 + start + step) / 1000));
    expect((await grib(attributes, start, steps))?.times).toEqual(days);
  });
});
