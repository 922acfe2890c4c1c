import { expect, test } from "vitest";
import { LEAST_VALUES, rankAmong, rowsOfMonth, tercileOf } from "../../lib/report/percentile.ts";

const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("a percentile is the mid-rank: SciPy's percentileofscore(TEN, value, kind='mean')", () => {
  const percentiles = [0, 1, 3, 3.5, 10, 11].map((value) => rankAmong(value, TEN)!.percentile);
  expect(percentiles).toEqual([0, 5, 25, 30, 95, 100]);
  expect(rankAmong(3, [1, 2, 3, 3, 3, 3, 5, 6, 7, 8])).toEqual({ percentile: 40, among: 10 });
});

test("missing values do not count, and of too few there is none", () => {
  expect(rankAmong(3.5, [Number.NaN, ...TEN, Number.NaN])).toEqual({ percentile: 30, among: 10 });
  expect(rankAmong(3.5, TEN.slice(0, LEAST_VALUES - 1))).toBeUndefined();
  expect(rankAmong(3.5, [...TEN.slice(1), Number.NaN])).toBeUndefined();
  expect(rankAmong(Number.NaN, TEN)).toBeUndefined();
});

test("the thirds of what was observed", () => {
  expect([0, 33.3, 33.4, 50, 66.6, 66.7, 100].map(tercileOf)).toEqual([
    "below",
    "below",
    "near",
    "near",
    "near",
    "above",
    "above",
  ]);
});

test("a forecast is compared with the rows of its calendar month, months or weeks", () => {
  expect(rowsOfMonth(["2018-08", "2018-09", "2019-08", "2020-07"], "2020-08-01 00:00:00")).toEqual([0, 2]);
  expect(rowsOfMonth(["2018-07-31", "2018-08-07", "2018-08-28", "2018-09-04"], "2020-08-06 00:00:00")).toEqual([1, 2]);
});
