import { expect, test } from "vitest";
import { climatology, takeOff } from "../../lib/grid/anomaly.ts";
import { calendarMonthsOf, spanOf } from "../../lib/grid/months.ts";
import { float32, golden } from "../support/golden.ts";

interface Golden {
  months: number;
  firstMonth: string;
  baseline: [number, number];
  observations: string;
  anomalies: string;
}

test("anomalies are xarray's to the last bit, missing values, cells and months included", () => {
  const { months, firstMonth, baseline, observations, anomalies } = golden<Golden>("numbers/anomalies.expected.json");
  const [year, month] = firstMonth.split("-").map(Number) as [number, number];
  const seconds = Array.from({ length: months }, (_, t) => Date.UTC(year, month - 1 + t) / 1000);
  const values = float32(observations);
  const calendarMonths = calendarMonthsOf(seconds);
  const normals = climatology(values, calendarMonths, spanOf(seconds, baseline));
  expect(takeOff(values, calendarMonths, normals)).toBe(true);
  expect(values).toEqual(float32(anomalies));
});

test("the sum is kept in single precision, in time order", () => {
  // 2^24 + 1 + 1 is 2^24 in float32 from the left, and 2^24 + 2 in any wider sum.
  const calendarMonths = new Uint8Array(4);
  const values = new Float32Array([2 ** 24, 1, 1, 0]);
  takeOff(values, calendarMonths, climatology(values, calendarMonths, [0, 4]));
  expect(Array.from(values)).toEqual([2 ** 24 - 2 ** 22, 1 - 2 ** 22, 1 - 2 ** 22, -(2 ** 22)]);
});

test("a tile without a value says so", () => {
  const values = new Float32Array(24).fill(Number.NaN);
  const calendarMonths = new Uint8Array(12).map((_, i) => i);
  expect(takeOff(values, calendarMonths, climatology(values, calendarMonths, [0, 12]))).toBe(false);
  expect(values.every(Number.isNaN)).toBe(true);
});
