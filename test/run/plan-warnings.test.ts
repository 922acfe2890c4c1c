import { describe, expect, test } from "vitest";
import type { RunPlan } from "../../lib/run/records.ts";
import type { WarningKind } from "../../lib/warning.ts";
import { archive, claimed, PRODUCT, stationTable } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../support/classic.ts";

const warningsOf = (plan: RunPlan, kind: WarningKind) => plan.warnings.filter((warning) => warning.kind === kind);

describe("a plan warns", () => {
  test("of stations off the grid", async () => {
    const observations = archive([20, 22, 24], [100, 102, 104], counting(0, 89));
    const stations = stationTable("in,x,20,100", "edge,x,27,104", "north,x,27.2,101", "west,x,22,96");
    const { plan } = await claimed({ observations, stations });
    expect(warningsOf(await plan(), "cellFar")).toEqual([
      {
        kind: "cellFar",
        message: "the nearest cell of the observations is 1.6 cells away: it lies off that grid",
        station: "north",
        cell: { lat: 24, lon: 102 },
        distanceKm: 369.7,
      },
      {
        kind: "cellFar",
        message: "the nearest cell of the observations is 2.0 cells away: it lies off that grid",
        station: "west",
        cell: { lat: 22, lon: 100 },
        distanceKm: 412.4,
      },
    ]);
  });

  test("of stations off the forecast's grid", async () => {
    const axes = { TIME: monthsOf(1997, 6), LAT: latitudes(10, 20), LON: longitudes(100, 110) };
    const forecast = classicFile({ variable: "anom", axes });
    const { plan } = await claimed({ forecast, stations: stationTable("in,x,20,100", "out,x,37,100") });
    expect(warningsOf(await plan(), "cellFar")).toMatchObject([
      { station: "out", message: "the nearest cell of the forecast is 1.7 cells away: it lies off that grid" },
    ]);
  });

  test.each([
    ["1997-06-30 23:59:59", []],
    ["1997-08-01 00:00:00", ["the observations end with 1997-05, 2 months before the month before now"]],
    ["1998-01-15 00:00:00", ["the observations end with 1997-05, 7 months before the month before now"]],
  ])("at %s of observations that are behind: %j", async (now, messages) => {
    const { plan } = await claimed({}, now);
    expect(warningsOf(await plan(), "historyBehind").map(({ message }) => message)).toEqual(messages);
  });

  test("of a forecast for months that are observed", async () => {
    const observations = archive([20, 22], [100, 102], counting(0, 7 * 12 + 7));
    const { plan } = await claimed({ observations });
    expect(warningsOf(await plan(), "historyOverlapsForecast")).toEqual([
      {
        kind: "historyOverlapsForecast",
        message: "the forecast for 1997-07 is not after the last observed month, 1997-07",
      },
    ]);
    const before = await claimed({ observations: archive([20, 22], [100, 102], counting(0, 7 * 12 + 6)) });
    expect(warningsOf(await before.plan(), "historyOverlapsForecast")).toEqual([]);
  });

  test.each<[string, string, { last?: number; gapRow?: null; leads?: number[] }, string[]]>([
    ["in order", "1997-06-20 06:07:08", {}, []],
    [
      "of an old forecast, without a time for now",
      "1998-01-15 06:07:08",
      {},
      ["the row for now, 1998-01-15 06:07:08, is not before the forecast for 1997-07-01"],
    ],
    [
      "whose target is the first of the current month",
      "1997-07-01 00:00:00",
      {},
      ["the row for now, 1997-07-01, is not before the forecast for 1997-07-01"],
    ],
    [
      "of weekly leads, of which some are over",
      "1997-06-20 06:07:08",
      { leads: [-1, 5.5, 6, 7] },
      ["the row for now, 1997-06-20 06:07:08, is not before the forecast for 1996-12-01, 1997-06-16"],
    ],
    [
      "of an archive that reaches beyond now",
      "1997-06-20 06:07:08",
      { last: 6 },
      ["the row for now, 1997-06-20 06:07:08, is not after the last observed row, 1997-07-01"],
    ],
    ["without a row for now", "1998-01-15 06:07:08", { gapRow: null }, []],
    [
      "without a row for now, of a month that is observed",
      "1998-01-15 06:07:08",
      { gapRow: null, last: 6 },
      ["the last observed row, 1997-07-01, is not before the forecast for 1997-07-01"],
    ],
  ])(
    "of rows that are not in order of time: %s",
    async (_, now, { last = 4, gapRow = "0.0", leads = [6] }, messages) => {
      const axes = { TIME: monthsOf(1997, ...leads), LAT: latitudes(20, 22), LON: longitudes(100, 102) };
      const paths = {
        observations: archive([20, 22], [100, 102], counting(0, 7 * 12 + last + 1)),
        forecast: classicFile({ variable: "anom", axes }),
        stations: stationTable("1,x,20,100"),
      };
      const product = { ...PRODUCT, series: { ...PRODUCT.series, gapRow } };
      const { plan } = await claimed(paths, now, product);
      expect(warningsOf(await plan(), "rowsNotRising").map(({ message }) => message)).toEqual(messages);
    },
  );

  test("of observed rows that have the time of the one before", async () => {
    const observations = archive([20, 22], [100, 102], [...counting(0, 80), 79, 80, 80]);
    const { plan } = await claimed({ observations, stations: stationTable("1,x,20,100") });
    expect(warningsOf(await plan(), "rowsNotRising")).toEqual([
      { kind: "rowsNotRising", message: "2 observed rows not later than the row before: 1996-08-01, 1996-09-01" },
    ]);
  });

  test("of what the archive lacks", async () => {
    const { plan } = await claimed({ observations: archive([20, 22], [100, 102], [...counting(0, 80), 85]) });
    expect(warningsOf(await plan(), "historyGap")).toEqual([
      { kind: "historyGap", message: "months without observations: 5 after 1996-08" },
    ]);
  });

  test("of a forecast's dates that the real calendar lacks", async () => {
    const time = { values: [59], attributes: { units: "days since 1997-07-01", calendar: "360_day" } };
    const february = { values: [7 * 30 + 29], attributes: { units: "days since 1997-07-01", calendar: "360_day" } };
    const forecast = (TIME: typeof time) =>
      classicFile({ variable: "anom", axes: { TIME, LAT: latitudes(20, 22), LON: longitudes(100, 102) } });
    const moved = await claimed({ forecast: forecast(february) });
    const plan = await moved.plan();
    expect(plan.forecast.targets).toEqual(["1998-02-28 00:00:00"]);
    expect(warningsOf(plan, "timeMoved")).toEqual([
      { kind: "timeMoved", message: "forecast dates of a model calendar that became the last day of their month: 1" },
    ]);
    expect(warningsOf(await (await claimed({ forecast: forecast(time) })).plan(), "timeMoved")).toEqual([]);
  });

  test("of rows that cannot be used, by their number", async () => {
    const stations = stationTable("1,a,10,100", "../2,b,10,100", "3,c,99,100", "4,,10,100", "1,e,11,100", "5,f,,100");
    const { plan } = await claimed({ stations });
    const made = await plan();
    expect(made.stations).toEqual({ planned: 1, tooFar: 0, rejected: 3, emptyRows: 2, encoding: "utf-8" });
    expect(warningsOf(made, "rowRejected")).toEqual([
      { kind: "rowRejected", message: expect.stringContaining("../2"), row: 3 },
      { kind: "rowRejected", message: expect.stringContaining("99"), row: 4, station: "3" },
      { kind: "rowRejected", message: expect.stringContaining("1"), row: 6, station: "1" },
    ]);
    expect(warningsOf(made, "rowsEmpty")).toEqual([
      { kind: "rowsEmpty", message: "2 rows with an empty cell left out: 5, 7" },
    ]);
  });

  test("of many empty rows with the first ten", async () => {
    const stations = stationTable("1,a,10,100", ...counting(2, 12).map((id) => `${id},a,,100`));
    const { plan } = await claimed({ stations });
    expect(warningsOf(await plan(), "rowsEmpty").map(({ message }) => message)).toEqual([
      "12 rows with an empty cell left out: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more",
    ]);
  });
});
