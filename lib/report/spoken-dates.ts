import { dashed } from "../time.ts";

/** Times of a forecast or of observations in words, as on the page of a run and in its title. */

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

/** Whether the rows are weeks, as the page's data have it. */
type Weekly = true | undefined;

/**
 * `August 2020`, or `week of 6 August 2020`; of several from the first to the last.
 *
 * @param times - in order, beginning with `YYYY-MM-DD`, or of months with `YYYY-MM`; at least one
 */
export function rowsInWords(times: readonly string[], weekly: Weekly): string {
  const [first, last] = [dateOf(times[0]!), dateOf(times.at(-1)!)];
  if (weekly === undefined) return MONTH.formatRange(first, last);
  return `${times.length === 1 ? "week" : "weeks"} of ${DAY.formatRange(first, last)}`;
}

/** `Aug 2020`, or of a week its day, `6 Aug 2020`: for columns and choices, whose title says which it is. */
export function rowInShort(time: string, weekly: Weekly): string {
  const day = weekly === undefined ? {} : ({ day: "numeric" } as const);
  return dateOf(time).toLocaleString("en-GB", { ...day, month: "short", year: "numeric", timeZone: "UTC" });
}

/** `25 June 2020`, or of the days of several `22 – 25 June 2020`. @param days - `YYYYMMDD`, at least one, the first one first */
export function daysInWords(days: readonly string[]): string {
  return DAY.formatRange(dateOf(dashed(days[0]!)), dateOf(dashed(days.at(-1)!)));
}

/** What a title says of a forecast. */
export interface TitledForecast {
  readonly label: string;
  /** Day of issue, `YYYYMMDD`; null where it is not known. */
  readonly issued: string | null;
}

/**
 * `August 2020, issued 25 June`, `Week of 6 August 2020, issued 3 August`: the year of issue only where it is another. Without
 * targets, as of a run that failed early, `Forecast` and its label.
 */
export function forecastTitle({ label, issued }: TitledForecast, targets: readonly string[], weekly: Weekly): string {
  if (targets.length === 0) return `Forecast ${label}`;
  const rows = rowsInWords(targets, weekly);
  const what = `${rows[0]!.toUpperCase()}${rows.slice(1)}`;
  if (issued === null) return what;
  const format = issued.slice(0, 4) === targets[0]!.slice(0, 4) ? DAY_OF_YEAR : DAY;
  return `${what}, issued ${format.format(dateOf(dashed(issued)))}`;
}

/** The form is that of ISO 8601, which is in UTC. */
function dateOf(time: string): Date {
  return new Date(time.slice(0, "YYYY-MM-DD".length));
}
