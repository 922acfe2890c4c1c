import { InputError } from "../errors.ts";
import { monthNumber, monthText, numberedMonth } from "../time.ts";
import { listed, type Warning } from "../warning.ts";
import type { GridRequest } from "./grid-order.ts";
import { YEAR_MONTHS, type Years } from "./months.ts";

/** How many months a sentence names. */
const NAMED = 6;

/** Gaps and repetitions between the first and the last month. @param seconds - the times of the months, in order */
export function historyWarnings(seconds: readonly number[]): Warning[] {
  const gaps: string[] = [];
  const repeats: string[] = [];
  for (let i = 1; i < seconds.length; i++) {
    const step = monthNumber(seconds[i]!) - monthNumber(seconds[i - 1]!);
    if (step === 0) repeats.push(monthText(seconds[i]!));
    if (step > 1) gaps.push(`${step - 1} after ${monthText(seconds[i - 1]!)}`);
  }
  return [
    ...(gaps.length === 0 ? [] : [warn("historyGap", `months without observations: ${listed(gaps, NAMED)}`)]),
    ...(repeats.length === 0
      ? []
      : [warn("historyRepeats", `months observed more than once: ${listed(repeats, NAMED)}`)]),
  ];
}

/** The years of a climatology. */
export interface ClimatologyYears {
  readonly years: Years;
  /** How many of them a calendar month needs. */
  readonly least: number;
  readonly name: string;
}

/**
 * Months that the years of a climatology lack.
 *
 * @throws InputError `BadBaseline` where they lack all, or so many that no calendar month has a climatology
 */
export function baselineWarnings(
  file: string,
  seconds: readonly number[],
  { years: baseline, least, name }: ClimatologyYears,
): Warning[] {
  const present = new Set(seconds.map(monthNumber));
  const missing: string[] = [];
  const found = new Uint32Array(YEAR_MONTHS);
  for (let n = baseline[0] * YEAR_MONTHS; n < (baseline[1] + 1) * YEAR_MONTHS; n++) {
    if (present.has(n)) found[n % YEAR_MONTHS]!++;
    else missing.push(numberedMonth(n));
  }
  const years = baseline.join("-");
  const most = Math.max(...found);
  if (most === 0) {
    throw new InputError("BadBaseline", `has no month of ${name} ${years}`, {
      file,
      hint: `The months used are ${rangeText(seconds)}: choose baseline years among them`,
    });
  }
  if (most < least) {
    throw new InputError("BadBaseline", `has ${most} of the years of ${name} ${years}, and ${least} are needed`, {
      file,
      hint: `The months used are ${rangeText(seconds)}: choose baseline years among them, or set observations.minYears of the product to ${most}`,
    });
  }
  if (missing.length === 0) return [];
  const of = (baseline[1] + 1 - baseline[0]) * YEAR_MONTHS;
  return [
    warn("baselineIncomplete", `${name} ${years} lacks ${missing.length} of ${of} months: ${listed(missing, NAMED)}`),
  ];
}

/** Cells that have observations in a calendar month, or around a week, and too few of them for a climatology. */
export function sparseWarning(
  cells: number,
  { minYears: least = 1, weekly }: Pick<GridRequest, "minYears" | "weekly">,
): Warning[] {
  if (cells === 0) return [];
  const have = cells === 1 ? "1 cell has" : `${cells} cells have`;
  const where =
    weekly === undefined ? "in some calendar month, and no anomalies in it" : "around some week, and no anomaly of it";
  const message = `${have} fewer than ${least} baseline years ${where}: observations.minYears of the product is ${least}`;
  return [warn("baselineSparse", message)];
}

/** @param moved - dates of a model calendar that the real one lacks */
export function movedWarning(moved: number): Warning[] {
  if (moved === 0) return [];
  return [warn("timeMoved", `dates of a model calendar that became the last day of their month: ${moved}`)];
}

function warn(kind: Warning["kind"], message: string): Warning {
  return { kind, message };
}

/** The first and the last month of some times. */
export function rangeText(seconds: ArrayLike<number>): string {
  return seconds.length === 0 ? "none" : `${monthText(seconds[0]!)} to ${monthText(seconds[seconds.length - 1]!)}`;
}
