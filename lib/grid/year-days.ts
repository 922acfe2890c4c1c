/** Days that a year can have: those of a leap year. */
export const YEAR_DAYS = 366;

const STARTS = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335] as const;

/** The day of the year of a time, 0 for 1 January to 365 for 31 December, also where the year has no 29 February, which is 59. */
export function dayOfYear(seconds: number): number {
  const date = new Date(seconds * 1000);
  return STARTS[date.getUTCMonth()]! + date.getUTCDate() - 1;
}
