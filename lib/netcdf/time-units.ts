import { InputError } from "../errors.ts";
import { type Calendar, type CalendarDate, hasDate } from "./calendar.ts";

export type TimeUnit =
  | "month"
  | "week"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond";

/** `<unit> since <reference>`. */
export interface TimeUnits {
  readonly unit: TimeUnit;
  readonly date: CalendarDate;
  /** From the date's UTC midnight to the reference; outside the day if the reference has an offset from UTC. */
  readonly seconds: number;
}

/** Each unit and how else it is spelled. */
const SPELLINGS: readonly (readonly [TimeUnit, ...string[]])[] = [
  ["month", "months", "mon", "mons"],
  ["week", "weeks"],
  ["day", "days", "d"],
  ["hour", "hours", "hr", "hrs", "h"],
  ["minute", "minutes", "min", "mins"],
  ["second", "seconds", "sec", "secs", "s"],
  ["millisecond", "milliseconds", "millisec", "millisecs", "msec", "msecs", "ms"],
  ["microsecond", "microseconds", "microsec", "microsecs"],
  ["nanosecond", "nanoseconds"],
];

const UNITS = new Map(SPELLINGS.flatMap((all) => all.map((spelling) => [spelling, all[0]] as const)));

/** The unit of that name, `h` or `hours` for hours; undefined for others. */
export function timeUnit(spelling: string): TimeUnit | undefined {
  return UNITS.get(spelling.toLowerCase());
}

/** Of a text without blanks at its ends: in search of them, an expression may try each blank for each. */
const SINCE = /^(?<unit>\S+)\s+since\s+(?<reference>.*)$/i;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;

const CLOCK =
  String.raw`(?:(?:T|\s)\s*(?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2}(?:\.\d*)?))?)?)?` +
  String.raw`\s*(?:UTC|GMT|Z|(?<sign>[+-])(?<offsetHour>\d{1,2})(?::?(?<offsetMinute>\d{2}))?)?`;

/** `2000-1-31`, `2000/01/31`, `20000131`, `31-JAN-2000`, and `2000-01` or `2000` for their first day. */
const REFERENCES = [
  String.raw`(?<year>\d{1,4})-(?<month>\d{1,2})-(?<day>\d{1,2})${CLOCK}`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/(?<day>\d{1,2})${CLOCK}`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})${CLOCK}`,
  String.raw`(?<day>\d{1,2})(?<between>[-/\s])(?<month>${MONTHS.join("|")})\k<between>(?<year>\d{4})${CLOCK}`,
  String.raw`(?<year>\d{4})(?:-(?<month>\d{1,2}))?`,
].map((form) => new RegExp(`^${form}$`, "i"));

function partsOf(reference: string): Readonly<Record<string, string | undefined>> | undefined {
  for (const form of REFERENCES) {
    const parts = form.exec(reference)?.groups;
    if (parts !== undefined) return parts;
  }
  return undefined;
}

function monthOf(text: string): number {
  const named = MONTHS.findIndex((name) => name === text.toLowerCase());
  return named === -1 ? Number(text) : named + 1;
}

/** What is a year to one library are 365.2425 days to another, so that xarray and cftime refuse them, too. */
function inMonths(reference: string): string {
  return `Where they are years of the calendar, count months, e.g. by: ncap2 -s 'time=time*12;time@units="months since ${reference}"' in.nc out.nc`;
}

/**
 * Parses time units such as `days since 1800-01-01 00:00:0.0` or `hours since 1-1-1T00:00Z`.
 *
 * @param file - what messages call the file
 * @throws InputError `BadTime`
 */
export function parseTimeUnits(units: string, calendar: Calendar, file: string): TimeUnits {
  const { unit: spelling = "", reference = "" } = SINCE.exec(units.trim())?.groups ?? {};
  const unit = timeUnit(spelling);
  if (unit === undefined) {
    throw new InputError("BadTime", `the time units "${units}" are not understood`, {
      file,
      choices: SPELLINGS.map(([name]) => `${name}s since <date>`),
      ...(/^years?$/i.test(spelling) ? { hint: inMonths(reference) } : {}),
    });
  }
  const parts = partsOf(reference);
  const number = (part: string): number => Number(parts?.[part] ?? 0);
  const date = { year: number("year"), month: monthOf(parts?.month ?? "1"), day: Number(parts?.day ?? 1) };
  const isTime = number("hour") < 24 && number("minute") < 60 && number("second") < 60;
  if (parts === undefined || !isTime || !hasDate(calendar, date)) {
    throw new InputError("BadTime", `the time units "${units}" start from an impossible date`, {
      file,
      hint: "A date of the file's calendar is needed, such as 1950-01-31 or 1950-01-31 12:00:00 +08:00",
    });
  }
  const offset = number("offsetHour") * 3600 + number("offsetMinute") * 60;
  const seconds = number("hour") * 3600 + number("minute") * 60 + number("second");
  return { unit, date, seconds: parts.sign === "-" ? seconds + offset : seconds - offset };
}
