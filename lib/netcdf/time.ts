import { InputError } from "../errors.ts";
import { CALENDARS, type Calendar, type CalendarDate, GREGORIAN, hasDate } from "./calendar.ts";
import { selectSteps } from "./commands.ts";
import { parseTimeUnits, type TimeUnit, type TimeUnits } from "./time-units.ts";

const UNIT_SECONDS: Readonly<Record<Exclude<TimeUnit, "month">, number>> = {
  week: 604_800,
  day: 86_400,
  hour: 3600,
  minute: 60,
  second: 1,
  millisecond: 1e-3,
  microsecond: 1e-6,
  nanosecond: 1e-9,
};

const DAY = UNIT_SECONDS.day;
const EPOCH_DAY = GREGORIAN.dayNumber({ year: 1970, month: 1, day: 1 });

/** Years of four digits: what dates are written with. */
const LAST_YEAR = 9999;

/** Times of a file, and how many of their dates the real calendar lacks. */
export interface DecodedTimes {
  /** UTC seconds since 1970. */
  readonly seconds: Float64Array;
  readonly moved: number;
}

/** What a coordinate's numbers mean. */
export interface TimeScale {
  /** `<unit> since <reference>` */
  readonly units: string;
  /** `standard` if undefined. */
  readonly calendar?: string | undefined;
}

/** A time as a number and what that means. */
export type ScaledTime = { readonly value: number } & TimeScale;

/**
 * Times as UTC seconds since 1970, rounded to whole seconds. A time of another calendar keeps its date and its time of
 * day; a date that UTC lacks, such as February 30, becomes the last day of its month and is counted in `moved`. Where it
 * would then be no later than the time before it, it shares the rest of that day with the others: no two fall together.
 * `months` are the calendar's, and a fraction of a month is that of its own length.
 *
 * Source: CF Conventions 1.11, 4.4 Time Coordinate.
 *
 * @param units - `<unit> since <reference>`
 * @param calendar - `standard` if undefined
 * @param file - what messages call the file
 * @throws InputError `BadTime`
 */
export function decodeTime(
  values: ArrayLike<number>,
  units: string,
  calendar: string | undefined,
  file: string,
): DecodedTimes {
  const rules = calendarOf(calendar, file);
  const parsed = parseTimeUnits(units, rules, file);
  return toUtc(values, (value) => secondsOf(value, parsed, rules), rules, { units, file });
}

/** How long after an initial time values are valid. */
export interface Leads {
  readonly values: ArrayLike<number>;
  readonly unit: TimeUnit;
  /** Months counted from 1, the calendar month of the initial time, whatever its day. */
  readonly fromOne: boolean;
}

/**
 * The times that lie so long after an initial time, counted in its calendar, as {@link decodeTime} gives them.
 *
 * @throws InputError `BadTime`
 */
export function decodeLeads(initial: ScaledTime, { values, unit, fromOne }: Leads, file: string): DecodedTimes {
  const rules = calendarOf(initial.calendar, file);
  const start = secondsOf(initial.value, parseTimeUnits(initial.units, rules, file), rules);
  // An initial time that is no date is told as such.
  decodeTime([initial.value], initial.units, initial.calendar, file);
  const day = Math.floor(start / DAY);
  const date = rules.dateOf(day);
  const reference: TimeUnits = fromOne
    ? { unit, date: { ...date, day: 1 }, seconds: 0 }
    : { unit, date, seconds: start - day * DAY };
  const lead = (value: number) => secondsOf(fromOne ? value - 1 : value, reference, rules);
  return toUtc(values, lead, rules, { units: `${unit}s after the initial time`, file, areLeads: true });
}

/**
 * Dates written as numbers, YYYYMMDD, with the part of the day after the point, as {@link decodeTime} gives them.
 *
 * @throws InputError `BadTime`
 */
export function decodeDates(values: ArrayLike<number>, calendar: string | undefined, file: string): DecodedTimes {
  const rules = calendarOf(calendar, file);
  const secondsOfDate = (value: number): number => {
    const whole = Math.floor(value);
    const date = { year: Math.floor(whole / 10_000), month: Math.floor(whole / 100) % 100, day: whole % 100 };
    return hasDate(rules, date) ? (rules.dayNumber(date) + value - whole) * DAY : Number.NaN;
  };
  return toUtc(values, secondsOfDate, rules, { units: "as YYYYMMDD", file });
}

/** @param secondsOfValue - seconds since day 0 of the calendar */
function toUtc(
  values: ArrayLike<number>,
  secondsOfValue: (value: number) => number,
  rules: Calendar,
  { units, file, areLeads = false }: { readonly units: string; readonly file: string; readonly areLeads?: boolean },
): DecodedTimes {
  const seconds = new Float64Array(values.length);
  const own = new Float64Array(values.length);
  const lacking: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const time = Math.round(secondsOfValue(values[i]!));
    const dayNumber = Math.floor(time / DAY);
    const date = dateOf(time, rules);
    if (date === undefined) {
      const isDate = (step: number) => dateOf(Math.round(secondsOfValue(values[step]!)), rules) !== undefined;
      const leaveOut = areLeads ? "" : `, or leave it out: ${selectSteps(values.length, isDate)}`;
      throw new InputError("BadTime", `time ${i + 1} of ${values.length} is ${values[i]} ${units}, which is no date`, {
        file,
        hint: `Times lie in the years 0 to ${LAST_YEAR}: mend it${leaveOut}`,
      });
    }
    const day = Math.min(date.day, GREGORIAN.monthLength(date.year, date.month));
    if (day !== date.day) lacking.push(i);
    own[i] = time;
    seconds[i] = (GREGORIAN.dayNumber({ ...date, day }) - EPOCH_DAY) * DAY + (time - dayNumber * DAY);
  }
  spreadLacking(seconds, own, lacking);
  return { seconds, moved: lacking.length };
}

/**
 * Sets times of dates that UTC lacks apart where they rise in their own calendar and not in UTC: over what is left of the
 * day between the time before them and midnight.
 *
 * @param own - the same times in their own calendar
 * @param lacking - positions of these dates, in order
 */
function spreadLacking(seconds: Float64Array, own: Float64Array, lacking: readonly number[]): void {
  const isLacking = new Set(lacking);
  for (const first of lacking) {
    if (first === 0 || seconds[first]! > seconds[first - 1]! || own[first]! <= own[first - 1]!) continue;
    const before = seconds[first - 1]!;
    const midnight = (Math.floor(before / DAY) + 1) * DAY;
    let end = first + 1;
    while (isLacking.has(end) && own[end]! > own[end - 1]! && seconds[end]! < midnight) end++;
    const step = (midnight - before) / (end - first + 1);
    for (let i = first; i < end; i++) seconds[i] = Math.floor(before + step * (i - first + 1));
  }
}

/** The date of a time in whole seconds; undefined where there is none of four digits. */
function dateOf(time: number, rules: Calendar): CalendarDate | undefined {
  const dayNumber = Math.floor(time / DAY);
  if (!(Math.abs(dayNumber) < 366 * (LAST_YEAR + 1))) return undefined;
  const date = rules.dateOf(dayNumber);
  return date.year < 0 || date.year > LAST_YEAR ? undefined : date;
}

function calendarOf(name: string | undefined, file: string): Calendar {
  const lower = name?.trim().toLowerCase() || "standard";
  // The IRI data library calls it so.
  const calendar = CALENDARS.get(lower === "360" ? "360_day" : lower);
  if (calendar !== undefined) return calendar;
  throw new InputError("BadTime", `there is no calendar "${name}"`, { file, choices: [...CALENDARS.keys()] });
}

/** Seconds since day 0 of the calendar. */
function secondsOf(value: number, { unit, date, seconds }: TimeUnits, calendar: Calendar): number {
  if (unit !== "month") return calendar.dayNumber(date) * DAY + seconds + value * UNIT_SECONDS[unit];
  const whole = Math.floor(value);
  const months = date.year * 12 + date.month - 1 + whole;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  const length = calendar.monthLength(year, month);
  // A reference on the 31st is the last day of a shorter month.
  const day = Math.min(date.day, length);
  return (calendar.dayNumber({ year, month, day }) + (value - whole) * length) * DAY + seconds;
}
