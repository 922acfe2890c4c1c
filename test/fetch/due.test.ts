import { describe, expect, test } from "vitest";
import { filesOf, issuesOf, lateSince, monthAfter } from "../../lib/fetch/due.ts";
import { BUILT_IN_SOURCES, chooseSources, type ForecastSource } from "../../lib/fetch/source.ts";

const DAILY: ForecastSource = {
  name: "rain",
  kind: "forecast",
  issued: "daily",
  address: "https://example.org/CFSv2.Prec.{YYYYMMDD}.{target:YYYYMM}.nc",
  key: "forecasts/{name}",
  leads: [1],
  lookBackDays: 10,
  lateAfterDays: 2,
};
const MONTHLY: ForecastSource = {
  ...DAILY,
  issued: "monthly",
  day: 8,
  key: "forecasts/NMME.{YYYYMM}.{target:YYYYMM}.nc",
};
const at = (text: string) => Date.parse(`${text}Z`);

describe("the issues of the last days", () => {
  test.each([
    ["2024-03-02T00:00:00", 3, ["2024-03-02", "2024-03-01", "2024-02-29", "2024-02-28"]],
    ["2023-03-01T23:59:59", 1, ["2023-03-01", "2023-02-28"]],
    ["2024-01-01T12:00:00", 2, ["2024-01-01", "2023-12-31", "2023-12-30"]],
  ])("of a daily forecast, at %s", (now, days, issues) => {
    expect(issuesOf(DAILY, at(now), days)).toEqual(issues);
  });

  test.each([
    [8, "2024-03-31T12:00:00", 62, ["2024-03-08", "2024-02-08"]],
    [8, "2024-03-07T12:00:00", 20, []],
    [31, "2024-03-31T12:00:00", 62, ["2024-03-31", "2024-02-29", "2024-01-31"]],
    [30, "2023-03-29T00:00:00", 40, ["2023-02-28"]],
    [undefined, "2024-02-01T00:00:00", 31, ["2024-02-01", "2024-01-01"]],
  ])("of a forecast of day %s of the month, at %s", (day, now, days, issues) => {
    expect(issuesOf({ ...MONTHLY, day }, at(now), days)).toEqual(issues);
  });
});

test.each([
  ["2024-01-29", 1, "2024-02"],
  ["2024-01-30", 1, "2024-02"],
  ["2024-01-31", 1, "2024-02"],
  ["2023-01-31", 1, "2023-02"],
  ["2024-02-29", 12, "2025-02"],
  ["2024-08-31", 6, "2025-02"],
  ["2024-12-31", 1, "2025-01"],
  ["2024-12-31", 0, "2024-12"],
])("a forecast of %s has as lead %i %s", (issued, lead, target) => {
  expect(monthAfter(issued, lead)).toBe(target);
});

describe("the files of an issue", () => {
  test("have the dates in address and key, one file for each lead", () => {
    const file = (target: string) => ({
      issued: "2024-01-31",
      target: `${target.slice(0, 4)}-${target.slice(4)}`,
      address: `https://example.org/CFSv2.Prec.20240131.${target}.nc`,
      key: `forecasts/CFSv2.Prec.20240131.${target}.nc`,
    });
    expect(filesOf({ ...DAILY, leads: [1, 11, 12] }, "2024-01-31")).toEqual(["202402", "202412", "202501"].map(file));
  });

  test("are those of CPC and NMME, of what is built in", () => {
    const addresses = BUILT_IN_SOURCES.flatMap((source) =>
      source.kind === "forecast" ? filesOf(source, "2026-01-30").map(({ address, key }) => [address, key]) : [],
    );
    const cpc = "https://www.cpc.ncep.noaa.gov/products";
    const nmme = "https://ftp.cpc.ncep.noaa.gov/NMME/realtime_anom/ENSMEAN/2026010800";
    const monthly = "people/mchen/CFSv2FCST/monthly/data";
    expect(addresses).toEqual(
      [
        `${cpc}/${monthly}/CFSv2.Prec.20260130.202602.nc`,
        `${cpc}/${monthly}/CFSv2.T2m.20260130.202602.nc`,
        `${cpc}/CFSv2/weekly/data/CFSv2.prec.20260130.wkly.anom.nc`,
        `${cpc}/CFSv2/weekly/data/CFSv2.tmpsfc.20260130.wkly.anom.nc`,
        `${nmme}/NMME.prate.202601.ENSMEAN.anom.nc`,
        `${nmme}/NMME.tmp2m.202601.ENSMEAN.anom.nc`,
      ].map((address) => [address, `forecasts/${address.slice(address.lastIndexOf("/") + 1)}`]),
    );
  });

  test("are none where only a listing knows the target months", () => {
    expect(filesOf({ ...DAILY, leads: undefined, listing: true }, "2024-01-31")).toEqual([]);
  });
});

describe("a source is late", () => {
  const key = (issued: string, target: string) => `forecasts/CFSv2.Prec.${issued}.${target}.nc`;

  test("when neither the issue of so many days ago nor a later one is there", () => {
    const present = new Set([key("20240128", "202402"), key("20240229", "202402"), "forecasts/other.nc"]);
    expect(lateSince(DAILY, at("2024-01-30T00:00:00"), present)).toBeUndefined();
    expect(lateSince(DAILY, at("2024-01-31T00:00:00"), new Set([key("20240128", "202402")]))).toBe("2024-01-29");
    expect(lateSince(DAILY, at("2024-01-31T00:00:00"), new Set())).toBe("2024-01-29");
  });

  test("until a whole issue is there, with all leads", () => {
    const two = { ...DAILY, leads: [1, 2] };
    const first = key("20240129", "202402");
    expect(lateSince(two, at("2024-01-31T00:00:00"), new Set([first]))).toBe("2024-01-29");
    expect(lateSince(two, at("2024-01-31T00:00:00"), new Set([first, key("20240129", "202403")]))).toBeUndefined();
  });

  test("by its day of the month, where it is a monthly one", () => {
    const present = new Set(["forecasts/NMME.202401.202402.nc"]);
    expect(lateSince(MONTHLY, at("2024-02-09T23:00:00"), present)).toBeUndefined();
    expect(lateSince(MONTHLY, at("2024-02-10T00:00:00"), present)).toBe("2024-02-08");
  });
});

test("sources are chosen by name", () => {
  expect(chooseSources(BUILT_IN_SOURCES, ["precl", "nmme-prate"]).map(({ name }) => name)).toEqual([
    "precl",
    "nmme-prate",
  ]);
  expect(() => chooseSources(BUILT_IN_SOURCES, ["prec"])).toThrow(
    'there is no source "prec". Valid choices: cfsv2-prec, cfsv2-t2m, ',
  );
});
