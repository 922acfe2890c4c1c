/** A time as the CSVs have it, `YYYY-MM-DD HH:MM:SS`, from UTC seconds since 1970. */
export function timeText(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, -"T00:00:00.000Z".length)} ${text.slice(-"00:00:00.000Z".length, -".000Z".length)}`;
}

/** UTC seconds since 1970 of a {@link timeText}. */
export function secondsOf(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`) / 1000;
}

/** The text of {@link timeText} for milliseconds since 1970, as clocks have them; whole seconds count. */
export function clockText(milliseconds: number): string {
  return timeText(Math.floor(milliseconds / 1000));
}

/** The day of a time, `YYYY-MM-DD`, from UTC seconds since 1970. */
export function dayText(seconds: number): string {
  return timeText(seconds).slice(0, "YYYY-MM-DD".length);
}

/** The month of a time, `YYYY-MM`, from UTC seconds since 1970. */
export function monthText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, "YYYY-MM".length);
}

/** Months since January of year 0, so that neighbours differ by one, from UTC seconds since 1970. */
export function monthNumber(seconds: number): number {
  const date = new Date(seconds * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The month of a {@link monthNumber}, `YYYY-MM`. */
export function numberedMonth(number: number): string {
  return monthText(Date.UTC(Math.floor(number / 12), number % 12) / 1000);
}

/** `2020-06-25` of the `20200625` that names have. */
export function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}

/** Seconds since a `performance.now()`, to the millisecond. */
export function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
