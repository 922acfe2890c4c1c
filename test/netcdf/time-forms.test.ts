import { expect, test } from "vitest";
import { decodeTime } from "../../lib/netcdf/time.ts";
import { golden } from "../support/golden.ts";

interface Row {
  readonly units: string;
  readonly calendar: string;
  readonly values: number[];
  /** What xarray or cftime reads; absent where both refuse. */
  readonly seconds?: number[];
}

const rows = golden<Row[]>("decode/times.expected.json");

test("there are 200 forms of times, or more", () => {
  expect(rows.filter(({ seconds }) => seconds !== undefined).length).toBeGreaterThan(150);
  expect(rows.length).toBeGreaterThan(200);
});

const decoded = ({ units, calendar, values }: Row) => [...decodeTime(values, units, calendar, "a.nc").seconds];

test.each(rows.filter(({ seconds }) => seconds !== undefined))("$units in the calendar $calendar", (row) => {
  expect(decoded(row)).toEqual(row.seconds);
});

// Months of any calendar are read here, as archives have them.
const refused = rows.filter(({ units, seconds }) => seconds === undefined && !units.startsWith("months"));
test.each(refused)("$units in the calendar $calendar are refused", (row) => {
  expect(() => decoded(row)).toThrow(expect.objectContaining({ tag: "BadTime" }));
});

test.each([
  ["days since 01-01-1900", "which of the numbers is the year"],
  ["days since 01/02/1900", "1 February or 2 January"],
  ["days since 1-JAN-00", "of which century"],
  ["days since 2000-1-1000", "no day"],
  ["days since 2000-01-01 00:00 EST", "how far from UTC"],
])("%s is refused: it does not say %s", (units) => {
  expect(() => decodeTime([0], units, undefined, "a.nc")).toThrow("start from an impossible date");
});

test("without a calendar, or with an empty one, it is the standard one", () => {
  for (const calendar of [undefined, "", " "]) {
    expect([...decodeTime([1], "days since 1582-10-04", calendar, "a.nc").seconds]).toEqual([-12_219_292_800]);
  }
});

test("weeks have seven days", () => {
  expect([...decodeTime([1, 2], "weeks since 1970-01-01", undefined, "a.nc").seconds]).toEqual([604_800, 1_209_600]);
});

const texts = (values: number[], units: string, calendar: string) => {
  const { seconds, moved } = decodeTime(values, units, calendar, "a.nc");
  return { moved, times: Array.from(seconds, (s) => new Date(s * 1000).toISOString().slice(5, 16)) };
};

test("29 and 30 February of model years share the last day of the real one", () => {
  expect(texts([57, 58, 59, 60], "days since 2001-01-01", "360_day")).toEqual({
    moved: 2,
    times: ["02-28T00:00", "02-28T08:00", "02-28T16:00", "03-01T00:00"],
  });
  expect(texts([57, 58, 59, 60], "days since 2000-01-01 12:00", "360_day").times).toEqual([
    "02-28T12:00",
    "02-29T12:00",
    "02-29T18:00",
    "03-01T12:00",
  ]);
  expect(texts([58, 59, 60], "days since 2001-01-01", "all_leap").times).toEqual([
    "02-28T00:00",
    "02-28T12:00",
    "03-01T00:00",
  ]);
});

test("where only one of these days is there, it keeps its time of day", () => {
  expect(texts([29, 59.5, 89], "days since 2001-01-01", "360_day").times).toEqual([
    "01-30T00:00",
    "02-28T12:00",
    "03-30T00:00",
  ]);
});
