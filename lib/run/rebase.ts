import type { StoredGrid } from "../grid/description.ts";
import { calendarMonthsOf, spanOf } from "../grid/months.ts";
import { climatologyReader } from "../grid/stored-grid.ts";
import type { ObjectStore } from "../store/store.ts";
import type { BaseShift, BaseWork } from "./chunk-records.ts";

/**
 * For every lead, the climatology of the forecast's base period less what is taken off the observations, at a cell of
 * theirs: what brings the forecast to their baseline. NaN where one of both is missing.
 *
 * @param anomalies - of the cell
 */
export type ShiftReader = (cell: readonly [lat: number, lon: number], anomalies: Float32Array) => Promise<number[]>;

/**
 * Reads both climatologies of a grid that has them, for a forecast that is rebased. For any other it is only to be told
 * how large the difference is: the mean of the anomalies over the base period is that but for rounding.
 */
export function shiftReader(store: ObjectStore, grid: StoredGrid, { years, rebase, months }: BaseWork): ShiftReader {
  if (rebase) {
    const forecasts = climatologyReader(store, grid, years);
    const observed = climatologyReader(store, grid, grid.baseline);
    return async (cell) => {
      const [theirs, ours] = [await forecasts(cell), await observed(cell)];
      return months.map((month) => theirs[month]! - ours[month]!);
    };
  }
  const calendarMonths = calendarMonthsOf(grid.seconds);
  const [start, stop] = spanOf(grid.seconds, years);
  return async (_cell, anomalies) =>
    months.map((month) => {
      let sum = 0;
      let count = 0;
      for (let t = start; t < stop; t++) {
        if (calendarMonths[t] !== month || Number.isNaN(anomalies[t]!)) continue;
        sum += anomalies[t]!;
        count++;
      }
      return sum / count;
    });
}

/** The forecast of every lead, brought to the baseline of the observations. NaN is missing. */
export function rebased(forecast: readonly number[], shifts: readonly number[], { single }: BaseWork): number[] {
  return forecast.map((value, lead) => {
    const sum = value + shifts[lead]!;
    return single ? Math.fround(sum) : sum;
  });
}

/** The sizes of shifts, added up. */
export function sizeOf(shifts: readonly number[]): BaseShift {
  const sizes = shifts.filter((shift) => !Number.isNaN(shift)).map(Math.abs);
  return { sum: sizes.reduce((a, b) => a + b, 0), count: sizes.length };
}
