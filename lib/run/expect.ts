import { InputError } from "../errors.ts";
import { monthNumber, monthText, numberedMonth, secondsOf } from "../time.ts";
import { counted, listed } from "../warning.ts";
import { stationsOf, usableText } from "./headline.ts";
import type { Product } from "./product.ts";
import type { Manifest } from "./records.ts";
import { notRising, rowTexts, type SeriesRows } from "./series-rows.ts";

/** What a reader of the series relies on and these rows are not: a sentence for each field of `series.expect` that is not met. */
export function unmetByRows({ observations, series: { expect = {} } }: Product, rows: SeriesRows): string[] {
  const { lastMonth, leads, rising, everyMonth } = expect;
  return [
    ...(lastMonth === undefined ? [] : lastMonthUnmet(lastMonth, rows)),
    ...(leads === undefined ? [] : leadsUnmet(leads, rows)),
    ...(rising === true ? notRising(rows).map((problem) => `series.expect.rising is true, but ${problem}`) : []),
    ...(everyMonth === true ? everyMonthUnmet(observations.firstMonth, rows) : []),
  ];
}

/** The same of a run whose stations are all written, for what only that tells. */
export function unmetByStations({ series: { expect = {} } }: Product, counts: Manifest["counts"]): string[] {
  const { usable } = expect;
  if (usable === undefined || counts.usable >= usable * stationsOf(counts)) return [];
  return [`series.expect.usable is ${usable}, but ${usableText(counts)}`];
}

/** The error of a run whose series are not what `series.expect` says. @param unmet - sentences, at least one */
export function notExpected({ name }: Product, unmet: readonly string[]): InputError {
  return new InputError(
    "NotExpected",
    `the series of product "${name}" are not what their reader needs: ${unmet.join("; ")}`,
    {
      hint: "Get inputs that are, or change series.expect of the product; latest.json stays where it was",
    },
  );
}

/** @param expected - `M-1`: so many months before the month of now */
function lastMonthUnmet(expected: string, { history, now }: SeriesRows): string[] {
  const month = monthNumber(now) - Number(expected.slice("M-".length));
  const last = history.at(-1)!;
  if (monthNumber(last) === month) return [];
  const found = `the observations end with ${monthText(last)}`;
  return [
    `series.expect.lastMonth is ${expected}, so ${numberedMonth(month)} for now in ${monthText(now)}, but ${found}`,
  ];
}

function leadsUnmet(expected: number, { leads }: SeriesRows): string[] {
  if (leads.length === expected) return [];
  return [
    `series.expect.leads is ${expected}, but the forecast has ${counted(leads.length, "row")}: ${rowTexts(leads)}`,
  ];
}

function everyMonthUnmet(firstMonth: string, { history }: SeriesRows): string[] {
  const observed = Map.groupBy(history, monthNumber);
  const first = monthNumber(secondsOf(`${firstMonth}-01 00:00:00`));
  const months = Array.from({ length: monthNumber(history.at(-1)!) - first + 1 }, (_, i) => first + i);
  const missing = months.filter((month) => !observed.has(month));
  const repeated = months.filter((month) => (observed.get(month)?.length ?? 0) > 1);
  const problems = [
    ...(missing.length === 0 ? [] : [`no row is observed in ${monthTexts(missing)}`]),
    ...(repeated.length === 0 ? [] : [`more than one in ${monthTexts(repeated)}`]),
  ];
  return problems.length === 0 ? [] : [`series.expect.everyMonth is true, but ${problems.join(", and ")}`];
}

/** How many months a sentence names. */
const NAMED = 6;

function monthTexts(months: readonly number[]): string {
  return listed(months.map(numberedMonth), NAMED);
}
