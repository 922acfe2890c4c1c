import { InputError } from "../errors.ts";
import { stepOf } from "../netcdf/views/days.ts";
import { dayText } from "../time.ts";
import { counted, listed, type Warning } from "../warning.ts";
import { CALENDAR_WEEKS, type GridRequest, minDaysOf, type WeekOrder } from "./grid-order.ts";
import { dayOfYear } from "./year-days.ts";

/** The fields of a week, among those of an archive of days or parts of days. */
export interface WeekOfFields {
  /** UTC seconds of midnight of its first day. */
  readonly begin: number;
  /** Positions of its fields, [`start`, `stop`). */
  readonly start: number;
  readonly stop: number;
  /** How many values a cell needs of them. */
  readonly least: number;
}

export const DAY = 86_400;
export const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;
/** How many weeks a sentence names. */
const NAMED = 6;

/** The number of the week that a time lies in, so that neighbours differ by one. */
export function weekNumber(seconds: number, { weekday }: Pick<WeekOrder, "weekday">): number {
  return Math.floor((Math.floor(seconds / DAY) + FIRST_WEEKDAY - weekday) / 7);
}

/** UTC seconds of midnight of the first day of a {@link weekNumber}. */
export function weekBegin(number: number, { weekday }: Pick<WeekOrder, "weekday">): number {
  return (7 * number + weekday - FIRST_WEEKDAY) * DAY;
}

/** The weeks that begin at midnight of the day of a time, and how far from that it is. */
export function weeksFrom(begin: number, dated: number): WeekOrder {
  const day = Math.floor(begin / DAY);
  return { weekday: ((((day + FIRST_WEEKDAY - 1) % 7) + 7) % 7) + 1, dated: dated - day * DAY };
}

/**
 * All weeks from the first to the last one of which all days can be there, also those without a field.
 *
 * A week needs fewer values than `minDays` have where the archive never has some of its days: 31 May in a calendar of 360
 * days, 29 February in one without leap days.
 *
 * @param seconds - times of the fields
 * @param file - what messages call the archive
 * @throws InputError `BadTime` where the fields are no days, or make no whole week
 */
export function weeksOf(seconds: Float64Array, request: GridRequest, file: string): WeekOfFields[] {
  const { weeks: order = CALENDAR_WEEKS } = request;
  const step = stepOf(seconds);
  if (step === undefined || step > DAY) {
    const apart = step === undefined ? "" : `, ${Math.round(step / DAY)} days apart`;
    throw new InputError("BadTime", `its ${counted(seconds.length, "time")}${apart}, make no weeks`, {
      file,
      hint: "Weeks are made of days or parts of days: leave observations.weekly of the product out, or use a daily archive",
    });
  }
  const known = new Set(Array.from(seconds, dayOfYear));
  const perDay = DAY / step;
  const needed = minDaysOf(request) * perDay;
  const firstDay = Math.floor(seconds[0]! / DAY) * DAY;
  const end = seconds.at(-1)! + step;
  const weeks: WeekOfFields[] = [];
  let start = 0;
  for (let number = weekNumber(firstDay + WEEK - DAY, order); weekBegin(number + 1, order) <= end; number++) {
    const begin = weekBegin(number, order);
    while (seconds[start]! < begin) start++;
    let stop = start;
    while (seconds[stop]! < begin + WEEK) stop++;
    const possible = DAYS.filter((day) => known.has(dayOfYear(begin + day * DAY))).length * perDay;
    weeks.push({ begin, start, stop, least: Math.max(1, Math.ceil(Math.min(needed, possible))) });
    start = stop;
  }
  if (weeks.length > 0) return weeks;
  throw new InputError("BadTime", `has no whole week from ${dayText(firstDay)} on`, {
    file,
    hint: "A week is made of the fields of seven days: use a longer archive, or an earlier first month",
  });
}

const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** The times of the rows of weeks. */
export function rowTimes(weeks: readonly WeekOfFields[], { dated }: WeekOrder = CALENDAR_WEEKS): number[] {
  return weeks.map(({ begin }) => begin + dated);
}

/** Weeks of which the archive has no field at all. */
export function emptyWeeks(weeks: readonly WeekOfFields[]): Warning[] {
  const empty = weeks.filter(({ start, stop }) => start === stop).map(({ begin }) => dayText(begin));
  if (empty.length === 0) return [];
  return [{ kind: "historyGap", message: `weeks without observations, by their first day: ${listed(empty, NAMED)}` }];
}

/** The day of the year of a week, that of its middle. */
export function dayOfWeek({ begin }: WeekOfFields): number {
  return dayOfYear(begin + 3 * DAY);
}
