import { GribDamaged } from "./damaged.ts";

/** Months since the year 0. */
export function monthOf(seconds: number): number {
  const date = new Date(seconds * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** UTC seconds at which a month since the year 0 begins. */
export function startOfMonth(month: number): number {
  // Date.UTC takes the years 0 to 99 for those of the 20th century.
  return new Date(0).setUTCFullYear(0, month, 1) / 1000;
}

/** @throws GribDamaged where it is no date */
export function secondsOf(parts: readonly [year: number, month: number, day: number, ...time: number[]]): number {
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts;
  // Some monthly means have no day.
  const first = Math.max(day, 1);
  const seconds = startOfMonth(year * 12 + month - 1) + (first - 1) * DAY + hour * HOUR + minute * 60 + second;
  const isDate = month >= 1 && month <= 12 && monthOf(seconds) === year * 12 + month - 1;
  if (isDate && hour < 24 && minute < 60 && second <= 60) return seconds;
  throw new GribDamaged(`its time is ${parts.join("-")}, which is none`);
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds, or months, of the units of times: table 4 of edition 1, and 4.4 of edition 2, which differ in seconds alone. */
const UNITS: ReadonlyMap<number, { readonly seconds: number } | { readonly months: number }> = new Map([
  [0, { seconds: 60 }],
  [1, { seconds: HOUR }],
  [2, { seconds: DAY }],
  [3, { months: 1 }],
  [4, { months: 12 }],
  [5, { months: 120 }],
  [6, { months: 360 }],
  [7, { months: 1200 }],
  [10, { seconds: 3 * HOUR }],
  [11, { seconds: 6 * HOUR }],
  [12, { seconds: 12 * HOUR }],
  [13, { seconds: 1 }],
  [254, { seconds: 1 }],
]);

/** The unit of a time that counts months. */
export const MONTHS = 3;

/** A time and so many units later. @throws GribDamaged where there is no such unit, or no such time */
export function later(seconds: number, count: number, unit: number): number {
  if (count === 0) return seconds;
  const size = UNITS.get(unit);
  if (size === undefined) throw new GribDamaged(`its times have the unit ${unit}`);
  const result =
    "seconds" in size
      ? seconds + count * size.seconds
      : startOfMonth(monthOf(seconds) + count * size.months) + seconds - startOfMonth(monthOf(seconds));
  if (Math.abs(result) < LAST) return result;
  throw new GribDamaged(`its time is ${count} units after its start`);
}

/** The year 9999. */
const LAST = 253_402_300_800;

/** Of the month in which an interval begins, as {@link monthOf}; undefined where the interval is not all of that month. */
export function wholeMonth(start: number, end: number): number | undefined {
  const month = monthOf(start);
  // Means of several times a day begin and end with one of them.
  const begins = start - startOfMonth(month) <= DAY;
  const left = startOfMonth(month + 1) - end;
  return begins && left >= 0 && left <= DAY ? month : undefined;
}
