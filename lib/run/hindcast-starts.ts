import { InputError } from "../errors.ts";
import type { Years } from "../grid/months.ts";
import type { Dataset, Variable } from "../netcdf/dataset.ts";
import { readCoordinate } from "../netcdf/decode.ts";
import { findRoles } from "../netcdf/roles.ts";
import { findVariable } from "../netcdf/slab.ts";
import { textOf } from "../netcdf/text-of.ts";
import { findTimeSource, type TimeSource } from "../netcdf/time-source.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { dayText, monthNumber, monthText } from "../time.ts";
import type { Forecast } from "./forecast.ts";
import type { Product } from "./product.ts";

/** Which hindcasts are those of a forecast. */
export interface HindcastOrder {
  readonly variable: string;
  readonly forecast: Forecast;
  /** Of the forecast, UTC seconds since 1970. */
  readonly initial: number;
  /** Of the starts; all by default. */
  readonly years: Years | undefined;
  /** Of the forecast: those of its file, and those that the product says. */
  readonly units: readonly string[];
  readonly select: Product["forecast"]["select"];
  readonly ignoreValidRange: boolean | undefined;
}

/** Hindcasts of one start, or the climatology of one start month. */
export interface HindcastStart {
  /** Undefined for a climatology. */
  readonly year: number | undefined;
  /** Positions along dimensions of which one is taken. Of the others, but for the leads, the mean is taken. */
  readonly fixed: ReadonlyMap<string, number>;
  /** The dimension of the leads; undefined where there is one. */
  readonly leadAlong: string | undefined;
  /** For each lead of the forecast, the position of the same one. */
  readonly leadAt: readonly number[];
}

/** Calendar months in a year. */
const MONTHS = 12;

/**
 * The starts in a file that are those of a forecast, but for its very own: of the same calendar month, or of the same day where
 * its leads are no months; in the years that are asked for. And how many others there are.
 *
 * @throws InputError `MissingCoordinate`, `BadBaseline`, `BadDimensions`
 */
export function hindcastStarts(
  dataset: Dataset,
  order: HindcastOrder,
): { readonly starts: readonly HindcastStart[]; readonly others: number } {
  const source = findTimeSource(dataset, order.variable);
  return source === undefined ? ofClimatology(dataset, order) : ofDates(dataset, order, source);
}

function ofDates(dataset: Dataset, order: HindcastOrder, source: TimeSource) {
  const { variable: name, initial, years, forecast } = order;
  const { init, along } = source;
  const count = init === undefined ? 1 : dataset.dimensions.get(init)!.size;
  const measure = leadMeasure(forecast.seconds);
  const wanted = Array.from(forecast.seconds, (time) => measure.lead(time, initial));
  const starts: HindcastStart[] = [];
  for (let i = 0; i < count; i++) {
    const times = readValidTimes(dataset, name, source, i);
    const begin = times.initial;
    if (begin === undefined || source.kind === "initial") throw undated(dataset, order);
    const year = Math.floor(monthNumber(begin) / MONTHS);
    const isOwn = monthNumber(begin) === monthNumber(initial);
    const isWanted = years === undefined || (years[0] <= year && year <= years[1]);
    if (isOwn || !isWanted || !measure.isSameStart(begin, initial)) continue;
    const valid = along === init && init !== undefined ? times.seconds.subarray(i, i + 1) : times.seconds;
    const found = Array.from(valid, (time) => measure.lead(time, begin));
    const leadAlong = along === init ? undefined : along;
    const fixed = fixedOf(dataset, order, { init, leadAlong });
    if (init !== undefined) fixed.set(init, i);
    starts.push({ year, fixed, leadAlong, leadAt: matched(dataset, { wanted, found, unit: measure.unit }) });
  }
  return { starts, others: count - starts.length };
}

/** How leads are told apart: by months, unless two of a forecast are in one month. */
function leadMeasure(seconds: Float64Array) {
  const areMonths = new Set(Array.from(seconds, monthNumber)).size === seconds.length;
  return areMonths
    ? {
        unit: "months",
        lead: (time: number, begin: number) => monthNumber(time) - monthNumber(begin),
        isSameStart: (a: number, b: number) => (monthNumber(a) - monthNumber(b)) % MONTHS === 0,
      }
    : {
        unit: "days",
        lead: (time: number, begin: number) => (time - begin) / 86_400,
        isSameStart: (a: number, b: number) => dayText(a).slice(-5) === dayText(b).slice(-5),
      };
}

/** A climatology has start months, 1 to 12, and leads, which are no dates. */
function ofClimatology(dataset: Dataset, order: HindcastOrder) {
  const { variable: name, initial, forecast } = order;
  const { dimensions, shape } = findVariable(dataset, name);
  const { lead, init } = findRoles(dataset, name);
  const month = [init, ...dimensions].find(
    (each) =>
      each !== undefined &&
      shape[dimensions.indexOf(each)] === MONTHS &&
      (each === init || /month/i.test(each)) &&
      each !== lead,
  );
  if (lead === undefined || month === undefined) throw undated(dataset, order);
  const months = dataset.variables.has(month)
    ? Array.from(readCoordinate(dataset, month), (value) => value - 1)
    : Array.from({ length: MONTHS }, (_, i) => i);
  const at = months.indexOf(monthNumber(initial) % MONTHS);
  if (at === -1) return { starts: [], others: MONTHS };
  const wanted = Array.from(forecast.seconds, (time) => monthNumber(time) - monthNumber(initial));
  const found = leadMonths(dataset, lead, shape[dimensions.indexOf(lead)]!);
  const fixed = fixedOf(dataset, order, { init: month, leadAlong: lead }).set(month, at);
  const leadAt = matched(dataset, { wanted, found, unit: "months" });
  return { starts: [{ year: undefined, fixed, leadAlong: lead, leadAt }], others: MONTHS - 1 };
}

/** Names of leads that count from 1, the month of the start. */
const FROM_ONE = /^(forecastmonth|fcmonth|leadtime_month)$/i;

function leadMonths(dataset: Dataset, lead: string, count: number): number[] {
  const coordinate: Variable | undefined = dataset.variables.get(lead);
  if (coordinate === undefined) return Array.from({ length: count }, (_, i) => i);
  const units = textOf(coordinate, "units").toLowerCase();
  if (!["", "1", "month", "months"].includes(units)) {
    throw new InputError("BadTime", `its lead "${lead}" is in ${units}`, {
      file: dataset.file,
      hint: "The leads of a climatology are months, counted from 0: set its units to months",
    });
  }
  return Array.from(readCoordinate(dataset, lead), (value) => Math.floor(FROM_ONE.test(lead) ? value - 1 : value));
}

interface Leads {
  readonly wanted: readonly number[];
  readonly found: readonly number[];
  readonly unit: string;
}

function matched({ file }: Dataset, { wanted, found, unit }: Leads): number[] {
  return wanted.map((lead) => {
    const at = found.indexOf(lead);
    if (at !== -1) return at;
    throw new InputError("BadBaseline", `has no lead of ${lead} ${unit}, which the forecast has`, {
      file,
      choices: found,
      hint: "Use hindcasts with the leads of the forecast, or take fewer of these by forecast.select",
    });
  });
}

/** What the product takes along dimensions other than starts, leads, members and cells: as of the forecast. */
function fixedOf(
  dataset: Dataset,
  { variable, select }: HindcastOrder,
  { init, leadAlong }: { readonly init: string | undefined; readonly leadAlong: string | undefined },
): Map<string, number> {
  const { dimensions, shape } = findVariable(dataset, variable);
  const { member } = findRoles(dataset, variable);
  const fixed = new Map<string, number>();
  for (const [d, dimension] of dimensions.slice(0, -2).entries()) {
    if (dimension === init || dimension === leadAlong || dimension === member || shape[d] === 1) continue;
    const key = Object.keys(select).find((each) => each.toLowerCase() === dimension.toLowerCase());
    const choice = key === undefined ? undefined : select[key];
    if (choice === "mean") continue;
    const at = choice === "last" ? shape[d]! - 1 : choice;
    if (typeof at === "number" && at < shape[d]!) {
      fixed.set(dimension, at);
      continue;
    }
    throw new InputError(
      "BadDimensions",
      `"${variable}" has ${shape[d]} values along ${dimension}, and the product does not say which to take`,
      {
        file: dataset.file,
        hint: `Hindcasts are taken as their forecast is: set forecast.select.${dimension}, or take one value first`,
      },
    );
  }
  return fixed;
}

function undated({ file }: Dataset, { variable, initial }: HindcastOrder): InputError {
  return new InputError(
    "MissingCoordinate",
    `nothing says when the forecasts of "${variable}" start, and how far ahead they are`,
    {
      file,
      hint: `Hindcasts have initial times and leads, or valid times; a climatology has a dimension month of 1 to 12, of the start, and one of leads in months. Wanted is the start of ${monthText(initial)}`,
    },
  );
}
