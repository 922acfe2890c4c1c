import { timeText } from "../time.ts";
import { counted, listed } from "../warning.ts";

/** The times of the rows that all series of a run share, UTC seconds since 1970, in the order of the CSV. */
export interface SeriesRows {
  /** Of the observed months, at least one. */
  readonly history: readonly number[];
  /** The run's time for now. */
  readonly now: number;
  /** Whether now has a row of its own, between history and leads. */
  readonly hasNow: boolean;
  /** Of the forecast, strictly rising, at least one. */
  readonly leads: readonly number[];
}

/** How many times a sentence names. */
const NAMED = 6;

/**
 * Where a row is not later than the one before, in sentences with their times; none where all rows rise. Who cuts such a
 * series by dates gets other rows than he asks for, or an error.
 */
export function notRising({ history, now, hasNow, leads }: SeriesRows): string[] {
  const sentences: string[] = [];
  const repeats = history.filter((time, i) => i > 0 && time <= history[i - 1]!);
  if (repeats.length > 0) {
    const rows = counted(repeats.length, "observed row");
    sentences.push(`${rows} not later than the row before: ${rowTexts(repeats)}`);
  }
  const last = history.at(-1)!;
  const observed = `the last observed row, ${rowText(last)}`;
  if (hasNow && now <= last) sentences.push(`the row for now, ${rowText(now)}, is not after ${observed}`);
  const early = leads.filter((time) => time <= (hasNow ? now : last));
  if (early.length > 0) {
    const before = hasNow ? `the row for now, ${rowText(now)},` : `${observed},`;
    sentences.push(`${before} is not before the forecast for ${rowTexts(early)}`);
  }
  return sentences;
}

/** The times of rows, the first of many. */
export function rowTexts(times: readonly number[]): string {
  return listed(times.map(rowText), NAMED);
}

/** The time of a row as the CSV has it, and its day alone at midnight. */
function rowText(seconds: number): string {
  return timeText(seconds).replace(" 00:00:00", "");
}
