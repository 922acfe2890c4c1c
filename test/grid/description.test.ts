import { describe, expect, test } from "vitest";
import { describeGrid } from "../../lib/grid/description.ts";
import { type GridRequest, gridId } from "../../lib/grid/grid-order.ts";
import { calendarMonthsOf, spanOf } from "../../lib/grid/months.ts";
import type { ClassicAttributes } from "../../lib/sample/classic-writer.ts";
import {
  classicFile,
  counting,
  latitudes,
  longitudes,
  monthsOf,
  openUntilEnd,
  type TestAxis,
} from "../support/classic.ts";

const lat = latitudes(10, 0);
const lon = longitudes(100, 105, 110);
const request: GridRequest = { variable: "air", firstMonth: "1990-01", baseline: [1990, 1991] };
const utc = (year: number, month: number, day = 1) => Date.UTC(year, month - 1, day) / 1000;

async function grid(axes: Record<string, TestAxis>, asked: Partial<GridRequest> = {}, attributes?: ClassicAttributes) {
  const path = classicFile({ variable: "air", axes, ...(attributes === undefined ? {} : { attributes }) });
  return describeGrid(await openUntilEnd(path, "air.nc"), { ...request, ...asked }, "etag");
}

describe("the months of a grid", () => {
  const seconds = counting(0, 40).map((t) => utc(1990, 3 + t));

  test("have calendar months, and a baseline of whole years", () => {
    const calendarMonths = calendarMonthsOf(seconds);
    expect(Array.from(calendarMonths.subarray(0, 12))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1]);
    expect(spanOf(seconds, [1991, 1992])).toEqual([10, 34]);
  });

  test.each([
    { baseline: [1980, 1990], positions: [0, 10] },
    { baseline: [1993, 2020], positions: [34, 40] },
    { baseline: [2000, 2010], positions: [40, 40] },
    { baseline: [1970, 1980], positions: [0, 0] },
  ] as const)("lie in the baseline $baseline as far as they go", ({ baseline, positions }) => {
    expect(spanOf(seconds, baseline)).toEqual(positions);
  });
});

describe("an archive", () => {
  test("is used from the first month on", async () => {
    const asked = { firstMonth: "1990-03", baseline: [1991, 1991] } as const;
    expect(await grid({ time: monthsOf(1990, ...counting(0, 24)), lat, lon }, asked, { units: "K" })).toEqual({
      id: gridId("etag", { ...request, ...asked }),
      observations: { key: "air.nc", etag: "etag" },
      variable: "air",
      ...asked,
      units: "K",
      lat: [10, 0],
      lon: [100, 105, 110],
      seconds: counting(2, 22).map((t) => utc(1990, 1 + t)),
      firstIndex: 2,
      shape: { cells: [2, 3], months: 22, tile: [1, 2] },
      warnings: [],
      archive: { type: "float32", timeAt: 0, latAt: 1, lonAt: 2, cells: [2, 3], chunkMonths: 1, chunkCells: [1, 3] },
    });
  });

  test("may have dates within the month, and need not reach back to the first month", async () => {
    const time = { values: [14, 45, 73], attributes: { units: "days since 1990-01-01" } };
    const { firstIndex, seconds } = await grid({ time, lat, lon }, { firstMonth: "1985-06" });
    expect(firstIndex).toBe(0);
    expect(seconds).toEqual([utc(1990, 1, 15), utc(1990, 2, 15), utc(1990, 3, 15)]);
    expect((await grid({ time, lat, lon }, { firstMonth: "1990-02" })).firstIndex).toBe(1);
  });

  test("is described in plain data, from which a plan computes the grid", async () => {
    const about = await grid({ time: monthsOf(1991, ...counting(0, 12)), lat, lon });
    expect(JSON.parse(JSON.stringify(about))).toEqual(about);
  });

  test("without units has none", async () => {
    expect(await grid({ time: monthsOf(1990, 0), lat, lon })).not.toHaveProperty("units");
  });

  test("may have more dimensions of length 1, in any place", async () => {
    const level = { values: [1000] };
    const { shape } = await grid({ time: monthsOf(1990, 0, 1), level, lat, lon });
    expect(shape).toEqual({ cells: [2, 3], months: 2, tile: [1, 2] });
    expect((await grid({ level, time: monthsOf(1990, 0, 1), lat, lon })).shape).toEqual(shape);
  });

  test.each([
    ["lat, lon, time", { lat, lon, time: monthsOf(1990, 0, 1) }],
    ["time, lon, lat", { time: monthsOf(1990, 0, 1), lon, lat }],
    ["time, level, lat, lon", { time: monthsOf(1990, 0), level: { values: [1000, 850] }, lat, lon }],
  ])("of the dimensions %s is nothing that grids are made of without a view", async (names, axes) => {
    await expect(grid(axes)).rejects.toThrow(
      new TypeError(`air.nc: "air" has the dimensions ${names}, and not time, lat, lon`),
    );
  });

  test("whose axis does not rise or fall is refused", async () => {
    await expect(grid({ time: monthsOf(1990, 0), lat: latitudes(0, 0), lon })).rejects.toMatchObject({
      tag: "BadAxis",
    });
  });

  test("whose times go back is refused", async () => {
    await expect(grid({ time: monthsOf(1990, 0, 2, 1), lat, lon })).rejects.toMatchObject({
      tag: "BadTime",
      message:
        "air.nc: its times go back from 1990-03 to 1990-02. Sort the archive by time first, e.g. by: python3 -c \"import xarray as x; x.open_dataset('in.nc', decode_cf=False).sortby('time').to_netcdf('out.nc')\"",
    });
  });

  test("that ends before the first month is refused", async () => {
    await expect(grid({ time: monthsOf(1980, 0, 1), lat, lon })).rejects.toMatchObject({
      tag: "BadTime",
      message:
        "air.nc: has no month from 1990-01 on. Its times are 1980-01 to 1980-02: choose an earlier first month, or a newer archive",
    });
  });

  test("of no times is refused", async () => {
    await expect(grid({ time: monthsOf(1980), lat, lon })).rejects.toMatchObject({
      tag: "BadTime",
      message: expect.stringContaining("Its times are none"),
    });
  });

  test.each([
    [{ baseline: [1981, 1989] }, "has no month of the baseline 1981-1989. The months used are 1990-01 to 1990-02"],
    [{ firstMonth: "1990-02", baseline: [1992, 1992] }, "has no month of the baseline 1992-1992"],
  ] as const)("without a month of the baseline is refused: %j", async (asked, message) => {
    await expect(grid({ time: monthsOf(1990, 0, 1), lat, lon }, asked)).rejects.toMatchObject({
      tag: "BadBaseline",
      message: expect.stringContaining(`air.nc: ${message}`),
    });
  });
});

describe("what an archive lacks is a warning:", () => {
  const warningsOf = async (time: TestAxis, asked?: Partial<GridRequest>) =>
    (await grid({ time, lat, lon }, asked)).warnings;
  const baselineOf1990 = { baseline: [1990, 1990] } as const;

  test("months between others", async () => {
    const months = [...counting(0, 12), 14, 16];
    expect(await warningsOf(monthsOf(1990, ...months), baselineOf1990)).toEqual([
      { kind: "historyGap", message: "months without observations: 2 after 1990-12, 1 after 1991-03" },
    ]);
  });

  test("months that come again", async () => {
    expect(await warningsOf(monthsOf(1990, 0, 1, 1, 1, ...counting(2, 10)), baselineOf1990)).toEqual([
      { kind: "historyRepeats", message: "months observed more than once: 1990-02, 1990-02" },
    ]);
  });

  test("gaps before the first month do not count", async () => {
    expect(await warningsOf(monthsOf(1988, 0, 5, ...counting(24, 12)), baselineOf1990)).toEqual([]);
  });

  test("months of the baseline, of which the first six are named", async () => {
    expect(await warningsOf(monthsOf(1990, ...counting(0, 15)))).toEqual([
      {
        kind: "baselineIncomplete",
        message:
          "the baseline 1990-1991 lacks 9 of 24 months: 1991-04, 1991-05, 1991-06, 1991-07, 1991-08, 1991-09 and 3 more",
      },
    ]);
    expect(await warningsOf(monthsOf(1990, ...counting(0, 24)), { firstMonth: "1990-03" })).toEqual([
      { kind: "baselineIncomplete", message: "the baseline 1990-1991 lacks 2 of 24 months: 1990-01, 1990-02" },
    ]);
  });

  test("dates that only a model's calendar has", async () => {
    const time = {
      values: counting(0, 12).map((month) => 29 + 30 * month),
      attributes: { units: "days since 1990-01-01", calendar: "360_day" },
    };
    expect(await warningsOf(time, baselineOf1990)).toEqual([
      { kind: "timeMoved", message: "dates of a model calendar that became the last day of their month: 1" },
    ]);
    expect((await grid({ time, lat, lon }, baselineOf1990)).seconds.slice(0, 3)).toEqual([
      utc(1990, 1, 30),
      utc(1990, 2, 28),
      utc(1990, 3, 30),
    ]);
  });
});

describe("a grid's id", () => {
  const id = gridId("etag", request);

  test("has words for people, and is always the same", () => {
    expect(id).toMatch(/^air-1990-01-1990-1991-[0-9a-f]{12}$/);
    expect(gridId("etag", { ...request })).toBe(id);
    expect(gridId("etag", { ...request, variable: "../a b" })).toMatch(/^\.\._a_b-1990-01-/);
  });

  test("changes with etag, variable, first month and baseline", () => {
    const others = [
      gridId("other", request),
      gridId("etag", { ...request, variable: "precip" }),
      gridId("etag", { ...request, firstMonth: "1990-02" }),
      gridId("etag", { ...request, baseline: [1990, 1992] }),
      gridId("etag", { ...request, baseline: [1989, 1991] }),
    ];
    // In its hash, for the words of two variables can be the same.
    expect(new Set([id, ...others].map((each) => each.slice(-12))).size).toBe(6);
  });

  test("changes with nothing else", async () => {
    const field = { variable: "air", axes: { time: monthsOf(1990, 0, 1), lat, lon } };
    const one = describeGrid(await openUntilEnd(classicFile(field), "one.nc"), request, "etag");
    const more = { ...request, colour: "red" };
    const two = describeGrid(await openUntilEnd(classicFile(field), "two.nc"), more, "etag");
    expect([one.id, two.id]).toEqual([id, id]);
  });
});
