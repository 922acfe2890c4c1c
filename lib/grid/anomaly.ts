/** The months of a grid, and which of them make up the baseline. */
export interface MonthFrame {
  /** Calendar month of every month of the grid, 0 (January) to 11, in time order. */
  readonly calendarMonths: Uint8Array;
  /** Baseline months: positions from `start` up to, not including, `stop`. */
  readonly baseline: readonly [start: number, stop: number];
}

/**
 * Turns observations into anomalies in place: every value less the climatology of its cell and calendar month, which
 * is the mean of the baseline's values, missing ones left out.
 *
 * The sum is kept in float32 and taken month after month in time order, then divided once and rounded to float32;
 * the difference is a float32 subtraction. That is what numpy's `nanmean` and `-` do along the first axis of a float32
 * array, and so what xarray's `groupby("time.month")` gives, to the last bit.
 *
 * @param values - shape (cells, months), row-major; NaN is missing, and stays so. A cell whose baseline has no value
 *   in a calendar month is missing in all those months.
 * @returns whether any value is not missing
 */
export function toAnomalies(values: Float32Array, { calendarMonths, baseline }: MonthFrame): boolean {
  const months = calendarMonths.length;
  const [start, stop] = baseline;
  const climatology = new Float32Array(12);
  const counts = new Int32Array(12);
  let anyValue = false;
  for (let cell = 0; cell < values.length; cell += months) {
    climatology.fill(0);
    counts.fill(0);
    let anyBase = false;
    for (let t = start; t < stop; t++) {
      const value = values[cell + t]!;
      if (value === value) {
        const month = calendarMonths[t]!;
        climatology[month]! += value;
        counts[month]!++;
        anyBase = true;
      }
    }
    if (!anyBase) {
      values.fill(Number.NaN, cell, cell + months);
      continue;
    }
    // 0 / 0 is NaN: a calendar month without a value has no climatology.
    for (let month = 0; month < 12; month++) climatology[month]! /= counts[month]!;
    for (let t = 0; t < months; t++) {
      const anomaly = values[cell + t]! - climatology[calendarMonths[t]!]!;
      values[cell + t] = anomaly;
      anyValue ||= anomaly === anomaly;
    }
  }
  return anyValue;
}
