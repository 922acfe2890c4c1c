/** Positions of months in a grid: from `start` up to, not including, `stop`. */
export type MonthSpan = readonly [start: number, stop: number];

/** Calendar months in a year. */
export const YEAR_MONTHS = 12;

/**
 * The climatology of every cell: for each calendar month the mean of a span of the grid's months, missing values left out.
 *
 * The sum is kept in float32 and taken month after month in time order, then divided once and rounded to float32. That is
 * what numpy's `nanmean` does along the first axis of a float32 array, and so what xarray's `groupby("time.month")` gives,
 * to the last bit.
 *
 * @param values - shape (cells, months), row-major; NaN is missing
 * @param calendarMonths - of every month of the grid, 0 (January) to 11, in time order
 * @returns shape (cells, 12); NaN where the span has no value in a calendar month
 */
export function climatology(values: Float32Array, calendarMonths: Uint8Array, [start, stop]: MonthSpan): Float32Array {
  const months = calendarMonths.length;
  const means = new Float32Array((values.length / months) * YEAR_MONTHS);
  const sums = new Float32Array(YEAR_MONTHS);
  const counts = new Int32Array(YEAR_MONTHS);
  for (let cell = 0, at = 0; cell < values.length; cell += months, at += YEAR_MONTHS) {
    sums.fill(0);
    counts.fill(0);
    for (let t = start; t < stop; t++) {
      const value = values[cell + t]!;
      if (value === value) {
        const month = calendarMonths[t]!;
        sums[month]! += value;
        counts[month]!++;
      }
    }
    // 0 / 0 is NaN: a calendar month without a value has no climatology.
    for (let month = 0; month < YEAR_MONTHS; month++) means[at + month] = sums[month]! / counts[month]!;
  }
  return means;
}

/**
 * Turns observations into anomalies in place: every value less the normal of its cell and calendar month, by a float32
 * subtraction.
 *
 * @param values - shape (cells, months), row-major; NaN is missing, and stays so
 * @param calendarMonths - as {@link climatology} takes them
 * @param normals - shape (cells, 12); where it is NaN, so are all anomalies of that calendar month
 * @returns whether any value is not missing
 */
export function takeOff(values: Float32Array, calendarMonths: Uint8Array, normals: Float32Array): boolean {
  const months = calendarMonths.length;
  let anyValue = false;
  for (let cell = 0, at = 0; cell < values.length; cell += months, at += YEAR_MONTHS) {
    // Most cells of an archive of land are sea.
    if (!hasValue(normals, at, at + YEAR_MONTHS)) {
      values.fill(Number.NaN, cell, cell + months);
      continue;
    }
    for (let t = 0; t < months; t++) {
      const anomaly = values[cell + t]! - normals[at + calendarMonths[t]!]!;
      values[cell + t] = anomaly;
      anyValue ||= anomaly === anomaly;
    }
  }
  return anyValue;
}

function hasValue(values: Float32Array, start: number, stop: number): boolean {
  for (let i = start; i < stop; i++) if (values[i] === values[i]) return true;
  return false;
}
