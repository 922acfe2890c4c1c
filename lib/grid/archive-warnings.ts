import { InputError } from "../errors.ts";
import { monthNumber, monthText, numberedMonth } from "../time.ts";
import { listed, type Warning } from "../warning.ts";
import type { Years } from "./months.ts";

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

/** Months that the years of a climatology lack. @throws InputError `BadBaseline` where they lack all */
export function baselineWarnings(
  file: string,
  seconds: readonly number[],
  baseline: Years,
  name = "the baseline",
): Warning[] {
  const present = new Set(seconds.map(monthNumber));
  const missing: string[] = [];
  let found = 0;
  for (let n = baseline[0] * 12; n < (baseline[1] + 1) * 12; n++) {
    if (present.has(n)) found++;
    else missing.push(numberedMonth(n));
  }
  const years = baseline.join("-");
  if (found === 0) {
    throw new InputError("BadBaseline", `has no month of ${name} ${years}`, {
      file,
      hint: `The months used are ${rangeText(seconds)}: choose baseline years among them`,
    });
  }
  if (missing.length === 0) return [];
  const of = found + missing.length;
  return [
    warn("baselineIncomplete", `${name} ${years} lacks ${missing.length} of ${of} months: ${listed(missing, NAMED)}`),
  ];
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
