import type { StoredGrid } from "../grid/description.ts";
import { climatologyReader } from "../grid/stored-grid.ts";
import { WeightedMeans } from "../grid/weighted-means.ts";
import type { ObjectStore } from "../store/store.ts";
import type { CellHistory } from "./cell-histories.ts";
import type { BaseShift, BaseWork } from "./chunk-records.ts";
import { valueOf } from "./planned-value.ts";
import { type SeriesPlace, usedCells } from "./station-series.ts";

/**
 * For every lead, the climatology of the forecast's base period less what is taken off the observations, at the cells of
 * theirs that a station has: what brings the forecast to their baseline. NaN where one of both is missing.
 */
export type ShiftReader = (place: SeriesPlace, history: CellHistory) => Promise<number[]>;

/**
 * Reads both climatologies of a grid that has them, for a forecast that is rebased. For any other it is only to be told
 * how large the difference is: the means of the cell's anomalies are that but for rounding.
 */
export function shiftReader(store: ObjectStore, grid: StoredGrid, { years, rebase, months }: BaseWork): ShiftReader {
  if (!rebase) return async (_cell, { means }) => months.map((month) => valueOf(means![month]!));
  const forecasts = climatologyReader(store, grid, years);
  const observed = climatologyReader(store, grid, grid.baseline);
  return async (place, { used }) => {
    const shifts = new WeightedMeans(months.length);
    for (const { cell, weight } of usedCells(place, used)) {
      const [theirs, ours] = [await forecasts(cell), await observed(cell)];
      shifts.add(
        months.map((month) => theirs[month]! - ours[month]!),
        weight,
      );
    }
    return Array.from(shifts.means());
  };
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
