/** A date of some calendar; months and days count from one. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Dates counted in days; each calendar counts from a day of its own. */
export interface Calendar {
  /** Of a date that the calendar has. */
  dayNumber(date: CalendarDate): number;
  dateOf(dayNumber: number): CalendarDate;
  monthLength(year: number, month: number): number;
  /** Whether a year 0 comes before year 1. */
  readonly yearZero: boolean;
}

const COMMON_YEAR = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const LEAP_YEAR = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const YEAR_OF_360_DAYS = [30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30] as const;

/** A calendar by the lengths of a year's months, and the days from the start of year 0 to that of another year. */
function makeCalendar(
  months: (year: number) => readonly number[],
  daysBefore: (year: number) => number,
  yearZero: boolean,
): Calendar {
  const meanYear = daysBefore(400) / 400;
  return {
    yearZero,
    monthLength: (year, month) => months(year)[month - 1] ?? 0,
    dayNumber({ year, month, day }) {
      return months(year)
        .slice(0, month - 1)
        .reduce((days, length) => days + length, daysBefore(year) + day - 1);
    },
    dateOf(dayNumber) {
      let year = Math.floor(dayNumber / meanYear);
      // The mean is off by no more than a few days.
      while (daysBefore(year) > dayNumber) year--;
      while (daysBefore(year + 1) <= dayNumber) year++;
      let day = dayNumber - daysBefore(year) + 1;
      let month = 1;
      for (const length of months(year)) {
        if (day <= length) break;
        day -= length;
        month++;
      }
      return { year, month, day };
    },
  };
}

function isGregorianLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** What UTC is written in. */
export const GREGORIAN = makeCalendar(
  (year) => (isGregorianLeap(year) ? LEAP_YEAR : COMMON_YEAR),
  (year) => 365 * year + Math.ceil(year / 4) - Math.ceil(year / 100) + Math.ceil(year / 400),
  true,
);

const JULIAN = makeCalendar(
  (year) => (year % 4 === 0 ? LEAP_YEAR : COMMON_YEAR),
  (year) => 365 * year + Math.ceil(year / 4),
  false,
);

/** Year 0 of the Julian calendar starts two days before that of the Gregorian. */
const JULIAN_AHEAD = 2;

/** 1582-10-15, which followed Julian 1582-10-04. */
const REFORM = GREGORIAN.dayNumber({ year: 1582, month: 10, day: 15 });

/** Julian until the reform, Gregorian from it on. */
const MIXED: Calendar = {
  yearZero: false,
  monthLength: (year, month) => (year < 1582 ? JULIAN : GREGORIAN).monthLength(year, month),
  dayNumber(date) {
    const gregorian = GREGORIAN.dayNumber(date);
    return gregorian >= REFORM ? gregorian : JULIAN.dayNumber(date) - JULIAN_AHEAD;
  },
  dateOf: (day) => (day >= REFORM ? GREGORIAN.dateOf(day) : JULIAN.dateOf(day + JULIAN_AHEAD)),
};

const NO_LEAP = makeCalendar(
  () => COMMON_YEAR,
  (year) => 365 * year,
  true,
);

const ALL_LEAP = makeCalendar(
  () => LEAP_YEAR,
  (year) => 366 * year,
  true,
);

const DAYS_360 = makeCalendar(
  () => YEAR_OF_360_DAYS,
  (year) => 360 * year,
  true,
);

/** By the names of CF Conventions 1.11, 4.4.1 Calendar. */
export const CALENDARS: ReadonlyMap<string, Calendar> = new Map([
  ["standard", MIXED],
  ["gregorian", MIXED],
  ["proleptic_gregorian", GREGORIAN],
  ["julian", JULIAN],
  ["noleap", NO_LEAP],
  ["365_day", NO_LEAP],
  ["all_leap", ALL_LEAP],
  ["366_day", ALL_LEAP],
  ["360_day", DAYS_360],
]);

/** Whether the calendar has that date. */
export function hasDate(calendar: Calendar, date: CalendarDate): boolean {
  const { year, month, day } = date;
  if (year === 0 && !calendar.yearZero) return false;
  if (month < 1 || month > 12 || day < 1 || day > calendar.monthLength(year, month)) return false;
  // The days that the reform left out come back as others.
  return calendar.dateOf(calendar.dayNumber(date)).day === day;
}
