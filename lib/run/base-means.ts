import type { FloatArray } from "../grid/floats.ts";
import { calendarMonthsOf, spanOf, type Years } from "../grid/months.ts";
import type { PlannedValue } from "./chunk-records.ts";
import { plannedValue } from "./planned-value.ts";

/** The mean anomaly of every calendar month, January to December, over some years; null where all are missing. */
export type BaseMeans = readonly PlannedValue[];

/**
 * Means of a cell's anomalies over the years that a forecast is relative to. But for rounding they are its climatology of
 * these years less what was taken off the observations.
 */
export function baseMeans(seconds: readonly number[], years: Years): (anomalies: FloatArray) => BaseMeans {
  const calendarMonths = calendarMonthsOf(seconds);
  const [start, stop] = spanOf(seconds, years);
  return (anomalies) => {
    const [sums, counts] = [new Float64Array(12), new Uint32Array(12)];
    for (let t = start; t < stop; t++) {
      const value = anomalies[t]!;
      if (Number.isNaN(value)) continue;
      sums[calendarMonths[t]!]! += value;
      counts[calendarMonths[t]!]!++;
    }
    return Array.from(sums, (sum, month) => plannedValue(sum / counts[month]!));
  };
}
