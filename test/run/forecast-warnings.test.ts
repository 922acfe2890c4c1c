import { describe, expect, test } from "vitest";
import { forecastWarnings, nameWarnings } from "../../lib/run/forecast-warnings.ts";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;
const days = (...texts: string[]) => Float64Array.from(texts, day);

describe("a name of other dates than the file's", () => {
  const seconds = days("2027-03-01");

  test.each([
    ["x.20261116.202703.nc", undefined],
    ["x.20261116.202703.nc", "2026-11-16"],
    ["c3s_2026-11-10.nc", "2026-11-01"],
    ["forecast.nc", "2026-11-16"],
  ])("is not %s beside %s", (key, initial) => {
    expect(nameWarnings({ key, seconds, initial: initial === undefined ? undefined : day(initial) })).toEqual([]);
  });

  test.each([
    ["x.20261116.202612.nc", undefined, "the name of the forecast says 2026-12, the times in it say 2027-03"],
    [
      "x.20261116.nc",
      "2026-11-15",
      "the name of the forecast says that it was issued on 2026-11-16, the file says 2026-11-15",
    ],
    [
      "c3s_2026-11-10.nc",
      "2026-10-01",
      "the name of the forecast says that it was issued on 2026-11-10, the file says 2026-10-01",
    ],
  ])("is %s beside %s", (key, initial, message) => {
    expect(nameWarnings({ key, seconds, initial: initial === undefined ? undefined : day(initial) })).toEqual([
      { kind: "forecastNameDiffers", message },
    ]);
  });
});

describe("leads that are not months", () => {
  const kinds = (allSeconds: Float64Array, moved = 0) =>
    forecastWarnings({ allSeconds, moved }).map(({ kind }) => kind);

  test.each([
    [["2026-11-16"]],
    [["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"]],
    [["2026-12-16", "2027-01-16", "2027-02-15", "2027-03-16"]],
    [["2027-01-30", "2027-02-28", "2027-03-30"]],
    [["2026-12-01", "2027-03-01"]],
  ])("are not %j", (texts) => {
    expect(kinds(days(...texts))).toEqual([]);
  });

  test.each([
    [["2026-11-16", "2026-11-23", "2026-11-30"]],
    [["2026-11-20", "2026-12-04"]],
    [["2027-01-01", "2027-01-31"]],
  ])("are %j", (texts) => {
    expect(kinds(days(...texts))).toEqual(["forecastNotMonthly"]);
  });

  test("the message names the first two", () => {
    expect(forecastWarnings({ allSeconds: days("2026-11-16", "2026-11-23"), moved: 0 })).toEqual([
      {
        kind: "forecastNotMonthly",
        message:
          "the leads of the forecast are no months: one is for 2026-11-16 00:00:00, the next for 2026-11-23 00:00:00; each has a row in the monthly series",
      },
    ]);
  });
});
