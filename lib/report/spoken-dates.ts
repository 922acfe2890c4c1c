import { dashed } from "../time.ts";

/** Times of a forecast or of observations in words, as on the page of a run and in its title. */

// Not by Intl: to load it takes 23 ms and 5 MB, of a run of half a second.
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const TO = " – ";

/** Whether the rows are weeks, as the page's data have it. */
type Weekly = true | undefined;

/**
 * `August 2020`, or `week of 6 August 2020`; of several from the first to the last.
 *
 * @param times - in order, beginning with `YYYY-MM-DD`, or of months with `YYYY-MM`; at least one
 */
export function rowsInWords(times: readonly string[], weekly: Weekly): string {
  const [first, last] = [times[0]!, times.at(-1)!];
  if (weekly === undefined) return rangeOf(wordsOf(first).slice(1), wordsOf(last).slice(1));
  return `${times.length === 1 ? "week" : "weeks"} of ${rangeOf(wordsOf(first), wordsOf(last))}`;
}

/** `Aug 2020`, or of a week its day, `6 Aug 2020`: for columns and choices, whose title says which it is. */
export function rowInShort(time: string, weekly: Weekly): string {
  const words = wordsOf(time, SHORT_MONTHS);
  return (weekly === undefined ? words.slice(1) : words).join(" ");
}

/** `25 June 2020`, or of the days of several `22 – 25 June 2020`. @param days - `YYYYMMDD`, at least one, the first one first */
export function daysInWords(days: readonly string[]): string {
  return rangeOf(wordsOf(dashed(days[0]!)), wordsOf(dashed(days.at(-1)!)));
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
  const words = wordsOf(dashed(issued));
  const isSameYear = issued.slice(0, 4) === targets[0]!.slice(0, 4);
  return `${what}, issued ${(isSameYear ? words.slice(0, -1) : words).join(" ")}`;
}

/** Day, month and year of a time that begins with `YYYY-MM-DD`, or `YYYY-MM`, in UTC. */
function wordsOf(time: string, months = MONTHS): string[] {
  const [year = "", month = "", day = ""] = time.slice(0, "YYYY-MM-DD".length).split("-");
  return [String(Number(day)), months[Number(month) - 1]!, year];
}

/** What both have at their ends is said once: `22 – 25 June 2020`. */
function rangeOf(first: readonly string[], last: readonly string[]): string {
  let same = 0;
  while (same < first.length && first.at(-1 - same) === last.at(-1 - same)) same++;
  const alone = first.slice(0, first.length - same);
  return [...(alone.length === 0 ? [] : [alone]), last].map((words) => words.join(" ")).join(TO);
}
