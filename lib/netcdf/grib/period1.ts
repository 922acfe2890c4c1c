import type { FieldTime } from "./field.ts";
import { later, MONTHS, monthOf, wholeMonth } from "./time-arithmetic.ts";

/** What edition 1 says of time, beside the initial time. */
export interface Period1 {
  readonly unit: number;
  readonly p1: number;
  readonly p2: number;
  /** Table 5. */
  readonly indicator: number;
  /** How many fields an average has. */
  readonly fields: number;
}

/** Statistics by the indicator, as ecCodes calls them. */
const STATISTICS: ReadonlyMap<number, string> = new Map([
  [2, "accum"],
  [3, "avg"],
  [4, "accum"],
  [5, "diff"],
  [6, "avg"],
  [7, "avg"],
  [51, "avg"],
  [113, "avgfc"],
  [114, "accum"],
  [115, "avg"],
  [116, "accum"],
  [117, "avg"],
  [118, "max"],
  [119, "min"],
  [123, "avgua"],
  [124, "avgia"],
]);

/** Source: WMO Manual on Codes, FM 92-XI Ext. GRIB edition 1, code table 5. */
export function timeOfEdition1(initial: number, period: Period1): FieldTime {
  const { indicator, unit, p1, p2, fields } = period;
  const statistic = STATISTICS.get(indicator) ?? "instant";
  const at = (count: number) => later(initial, count, unit);
  switch (indicator) {
    case 1:
    case 51:
      return { initial, end: initial, statistic };
    case 10:
      return { initial, end: at(p1 * 256 + p2), statistic };
    case 2:
    case 3:
    case 4:
    case 5:
      return interval(initial, { start: at(p1), end: at(p2), statistic }, unit === MONTHS && p2 - p1 === 1);
    case 6:
      return { initial, end: at(-p2), statistic };
    case 7:
      return { initial, end: at(p2), statistic };
    case 115:
    case 116:
      return interval(initial, { start: at(p1), end: at(p1 + fields * p2), statistic }, false);
    default:
      // Averages of analyses, or of forecasts of one length, are dated with their first one.
      return { initial, end: at(p1), statistic };
  }
}

/** What a statistic is made of. */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly statistic: string;
}

/** @param isMonth - it is one month long by its units */
export function interval(initial: number, { start, end, statistic }: Interval, isMonth: boolean): FieldTime {
  const month = isMonth ? monthOf(start) : wholeMonth(start, end);
  if (month === undefined) return { initial, end, statistic };
  return { initial, end, statistic, forecastMonth: month - monthOf(initial) + 1 };
}
