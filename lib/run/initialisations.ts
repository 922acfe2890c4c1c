import { InputError } from "../errors.ts";
import { dashed } from "../time.ts";
import { counted, listed, type Warning } from "../warning.ts";
import { issuedAndTarget } from "./forecast-name.ts";
import { inputRecord, type RunInputs } from "./inputs.ts";
import { matchesForecast, type Product } from "./product.ts";
import type { InputRecord, InputRecords } from "./records.ts";

/** Of a product whose forecast is the mean of the newest initialisations: which files these are, and which are missing. */

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 6;

/**
 * The forecasts that the mean is of beside the newest, as the product's `forecast.initialisations` says; undefined where it
 * has none.
 *
 * @throws InputError `BadName` where the newest one's name does not tell its day of issue and its target month
 */
export async function earlierRecords(
  { forecast, beside }: RunInputs,
  product: Product,
): Promise<readonly InputRecord[] | undefined> {
  if (product.forecast.initialisations === undefined || beside === undefined) return undefined;
  requireDated(product, forecast.key);
  const begin = product.forecast.pattern.replace(/[*?].*$/, "");
  const records: InputRecord[] = [];
  for (const key of earlierKeys(product, forecast.key, await beside.keys(begin))) {
    records.push(await inputRecord(beside.open(key)));
  }
  return records;
}

/**
 * The keys of the forecasts of the same target month that were issued before this one, and not too long before, newest first.
 * Of several that were issued on one day it is the first.
 *
 * @param keys - of the files in its folder, in order
 * @throws InputError `BadName`, as {@link earlierRecords}
 */
export function earlierKeys(product: Product, key: string, keys: readonly string[]): readonly string[] {
  const { last, within } = product.forecast.initialisations!;
  const own = requireDated(product, key);
  const byAge = new Map<number, string>();
  for (const other of keys) {
    const name = issuedAndTarget(other);
    if (name === undefined || name.target !== own.target || !matchesForecast(product, other)) continue;
    const age = (dayOf(own.issued) - dayOf(name.issued)) / DAY_MS;
    if (age > 0 && age <= Number.parseInt(within, 10) && !byAge.has(age)) byAge.set(age, other);
  }
  const newestFirst = [...byAge].sort(([a], [b]) => a - b);
  return newestFirst.slice(0, last - 1).map(([, other]) => other);
}

function requireDated({ name }: Product, key: string) {
  const dated = issuedAndTarget(key);
  if (dated !== undefined) return dated;
  throw new InputError("BadName", "its name does not tell its day of issue and its target month", {
    file: key,
    hint: `Product "${name}" makes the mean of several initialisations: give it a name such as CFSv2.Prec.20200625.202008.nc`,
  });
}

/** The days of issue of all forecasts that the mean is of, YYYYMMDD, newest first; undefined where no mean is made. */
export function daysOfIssue({ forecast, initialisations }: InputRecords): readonly string[] | undefined {
  if (initialisations === undefined) return undefined;
  return [forecast, ...initialisations].flatMap(({ key }) => issuedAndTarget(key)?.issued ?? []);
}

/**
 * A warning where there are fewer than the product asks for, or days without one. The shortest time between two of them tells
 * how often they are issued.
 *
 * @param days - YYYYMMDD, newest first
 */
export function missingWarnings(days: readonly string[], last: number): Warning[] {
  const times = days.map(dayOf);
  const gaps = times.slice(1).map((time, i) => times[i]! - time);
  const step = Math.min(...gaps);
  const absent = gaps.flatMap((gap, i) =>
    Array.from({ length: Math.ceil(gap / step) - 1 }, (_, missed) => times[i]! - (missed + 1) * step),
  );
  if (days.length === last && absent.length === 0) return [];
  const issued = days.length === 1 ? dashed(days[0]!) : `${dashed(days.at(-1)!)} to ${dashed(days[0]!)}`;
  const texts = absent.toReversed().map((time) => new Date(time).toISOString().slice(0, "YYYY-MM-DD".length));
  const without = absent.length === 0 ? "" : `; there is none of ${listed(texts, SHOWN_DAYS)}`;
  const message = `the forecast is the mean of ${counted(days.length, "initialisation")}, and not of ${last}, issued ${issued}${without}`;
  return [
    {
      kind: "initialisationsMissing",
      message: days.length === last ? message.replace(`, and not of ${last},`, ",") : message,
    },
  ];
}

function dayOf(issued: string): number {
  return Date.parse(dashed(issued));
}
