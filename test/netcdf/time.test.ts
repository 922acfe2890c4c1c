import { describe, expect, test } from "vitest";
import { decodeTime } from "../../lib/netcdf/time.ts";
import { golden } from "../support/golden.ts";

interface Case {
  readonly units: string;
  readonly calendar: string;
  readonly values: number[];
  readonly seconds: number[];
  readonly moved: number;
}

function texts(values: number[], units: string, calendar?: string): string[] {
  const { seconds } = decodeTime(values, units, calendar, "a.nc");
  return Array.from(seconds, (s) => new Date(s * 1000).toISOString().slice(0, 19));
}

describe("cftime's dates are decoded", () => {
  test.each(golden<Case[]>("netcdf/times.expected.json"))("$calendar, $units", (expected) => {
    const { units, calendar, values } = expected;
    const { seconds, moved } = decodeTime(values, units, calendar, "a.nc");
    expect([...seconds]).toEqual(expected.seconds);
    expect(moved).toBe(expected.moved);
  });
});

test("without a calendar, it is the standard one", () => {
  expect(texts([1], "days since 1582-10-4")).toEqual(["1582-10-15T00:00:00"]);
  expect(texts([1], "days since 1582-10-4", "Proleptic_Gregorian")).toEqual(["1582-10-05T00:00:00"]);
});

test.each([
  "hours since 2000-01-01 00:00:00",
  "hour since 2000-1-1",
  "HRS since 2000-01-01T00:00:00Z",
  "hr since 2000-01-01 00:00 UTC",
  "h since 2000-01-01 00Z",
  "hours since 2000-01-01 00:00:0.0 GMT",
  "hours since 2000-01-01 +00:00",
  "hours since 2000-01-01 08:00:00 +8:00",
  "hours since 1999-12-31T19:00-0500",
  "hours since 2000-01-01 05:30 +05:30",
])("%s", (units) => {
  expect(texts([0, 36.5], units)).toEqual(["2000-01-01T00:00:00", "2000-01-02T12:30:00"]);
});

test.each([
  ["days", 1, "2000-01-02T00:00:00"],
  ["d", -0.5, "1999-12-31T12:00:00"],
  ["minutes", 90, "2000-01-01T01:30:00"],
  ["min", 1, "2000-01-01T00:01:00"],
  ["seconds", 1.4, "2000-01-01T00:00:01"],
  ["secs", 59.6, "2000-01-01T00:01:00"],
  ["s", -1, "1999-12-31T23:59:59"],
  ["milliseconds", 1500, "2000-01-01T00:00:02"],
  ["msec", 1400, "2000-01-01T00:00:01"],
])("%s since: %d is rounded to whole seconds", (unit, value, text) => {
  expect(texts([value], `${unit} since 2000-01-01`)).toEqual([text]);
});

describe("months since", () => {
  test("are calendar months, and their fractions are of their own length", () => {
    expect(texts([0, 1, 1.5, 2.5, 13, -1, -0.5], "months since 2000-01-01")).toEqual([
      "2000-01-01T00:00:00",
      "2000-02-01T00:00:00",
      "2000-02-15T12:00:00",
      "2000-03-16T12:00:00",
      "2001-02-01T00:00:00",
      "1999-12-01T00:00:00",
      "1999-12-16T12:00:00",
    ]);
    expect(texts([725.5], "mon since 1960-1-1 06:00", "360_day")).toEqual(["2020-06-16T06:00:00"]);
  });

  test("from a month's end end where shorter months end", () => {
    expect(texts([1, 2], "months since 2001-01-31", "noleap")).toEqual(["2001-02-28T00:00:00", "2001-03-31T00:00:00"]);
  });
});

test("days that UTC lacks become the last of their month, and are counted", () => {
  const leap = decodeTime([59, 60], "days since 1900-01-01", "all_leap", "a.nc");
  expect(leap.moved).toBe(1);
  expect(texts([59, 60], "days since 1900-01-01", "all_leap")).toEqual(["1900-02-28T00:00:00", "1900-03-01T00:00:00"]);
  const days = decodeTime([57, 58, 59, 60], "days since 2001-01-01 12:00", "360_day", "a.nc");
  expect(days.moved).toBe(2);
  expect(texts([59], "days since 2001-01-01 12:00", "360_day")).toEqual(["2001-02-28T12:00:00"]);
});

describe("what is no time is refused", () => {
  test.each([
    ["fortnights since 2000-01-01", "standard"],
    ["days", "standard"],
    ["degrees_north", "standard"],
    ["day as %Y%m%d.%f", "standard"],
  ])("%s is not understood, and the units that are are told", (units, calendar) => {
    expect(() => decodeTime([0], units, calendar, "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BadTime",
        message: expect.stringMatching(
          /^a\.nc: the time units ".*" are not understood\. Valid choices: months since <date>, weeks/,
        ),
      }),
    );
  });

  test.each([
    ["days since 2001-02-29", "standard"],
    ["days since 1582-10-10", "standard"],
    ["days since 0000-01-01", "standard"],
    ["days since 0-1-1", "julian"],
    ["days since 2000-01-31", "360_day"],
    ["days since 2000-02-29", "noleap"],
    ["days since 2000-13-01", "noleap"],
    ["days since 2000-00-01", "noleap"],
    ["days since 2000-01-00", "noleap"],
    ["days since 2000-01-01 24:00", "standard"],
    ["days since 2000-01-01 00:60", "standard"],
    ["days since 2000-13", "standard"],
    ["days since 200", "standard"],
    ["days since yesterday", "standard"],
    ["days since 2000-01-01 noon", "standard"],
  ])("%s is impossible in the %s calendar", (units, calendar) => {
    expect(() => decodeTime([0], units, calendar, "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BadTime",
        message: expect.stringContaining(`a.nc: the time units "${units}" start from an impossible date. A date of`),
      }),
    );
  });

  test("an unknown calendar, and those that are known are told", () => {
    expect(() => decodeTime([0], "days since 2000-01-01", "lunar", "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BadTime",
        message: expect.stringContaining('there is no calendar "lunar". Valid choices: standard, gregorian, proleptic'),
      }),
    );
  });

  test.each([[Number.NaN], [Infinity], [1e20], [-3e6], [1e7]])("the time %d", (value) => {
    expect(() => decodeTime([0, value], "days since 2000-01-01", "standard", "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BadTime",
        message: expect.stringContaining(
          `a.nc: time 2 of 2 is ${value} days since 2000-01-01, which is no date. Times lie`,
        ),
      }),
    );
  });

  test("units of very many blanks are refused at once", () => {
    const units = `days since ${" ".repeat(2_000_000)}`;
    expect(() => decodeTime([0], units, "standard", "a.nc")).toThrow("are not understood");
  });
});
