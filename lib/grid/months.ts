import { monthNumber } from "../time.ts";

/** Positions of months in a grid: from `start` up to, not including, `stop`. */
export type MonthSpan = readonly [start: number, stop: number];

/** Calendar months in a year. */
export const YEAR_MONTHS = 12;

/** First and last of some years. */
export type Years = readonly [first: number, last: number];

/** How many of some years a calendar month of a cell needs to have a climatology, where nobody says it: a third of them. */
export function thirdOf([first, last]: Years): number {
  return Math.ceil((last - first + 1) / 3);
}

/** The calendar month of every time, 0 (January) to 11. */
export function calendarMonthsOf(seconds: readonly number[]): Uint8Array {
  return Uint8Array.from(seconds, (time) => monthNumber(time) % YEAR_MONTHS);
}

/** The months of some years among times that do not fall. */
export function spanOf(seconds: readonly number[], [first, last]: Years): MonthSpan {
  const numbers = seconds.map(monthNumber);
  const from = numbers.findIndex((n) => n >= first * YEAR_MONTHS);
  const to = numbers.findIndex((n) => n >= (last + 1) * YEAR_MONTHS);
  const stop = to === -1 ? numbers.length : to;
  return [from === -1 ? stop : from, stop];
}
