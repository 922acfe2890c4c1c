import { InputError } from "../errors.ts";
import type { GridDescription } from "../grid/description.ts";
import { floatType } from "../grid/floats.ts";
import type { GridOrder, WeekOrder } from "../grid/grid-order.ts";
import type { Years } from "../grid/months.ts";
import { monthNumber } from "../time.ts";
import { prettyUnits } from "../units/pretty.ts";
import type { Warning } from "../warning.ts";
import type { BaseShift, BaseWork } from "./chunk-records.ts";
import type { Forecast } from "./forecast.ts";
import type { Product } from "./product.ts";
import type { BaseRecord, InputRecord } from "./records.ts";

/** Attributes that name the years of a climatology, in small letters; the second spelling is that of CPC's CFSv2 files. */
const ATTRIBUTES: readonly string[] = [
  "climatology_period",
  "climatoloy_period",
  "climatology_years",
  "climatology",
  "clim_period",
  "clim",
  "base_period",
  "baseline_period",
  "baseline",
  "base_years",
  "reference_period",
  "reference_years",
  "anomaly_reference_period",
  "anomaly_base_period",
  "reference_epoch",
  "hindcast_period",
  "hindcast_years",
];

/** Attributes of free text, in which years count only right behind words that say what they are. */
const TEXTS: readonly string[] = ["long_name", "title", "comment", "description"];

/** A year alone, or with month and day. */
const YEAR = /(?<!\d)(\d{4})(?:-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)/g;

/** For texts in small letters: a regular expression that ignores case takes 11 ms when it is first used. */
const BASE_IN_TEXT = new RegExp(
  String.raw`\b(?:relative to|with respect to|w\.?r\.?t\.?|departures? from|reference period|base(?:line)?(?: period)?|` +
    String.raw`climatology(?: period)?)[\s:=(]{1,3}(?:(?:the|of|period|years|mean)[\s:=(]{1,3}){0,2}` +
    String.raw`(\d{4}\s?(?:-|–|—|to|through)\s?\d{4})(?!\d)`,
);

/** The years that anomalies are relative to, and who says so. */
type SaidYears = Pick<BaseRecord, "years" | "from">;

/** The years that the attributes of a forecast say its anomalies are relative to; undefined where none does. */
export function basePeriod({ attributes }: Pick<Forecast, "attributes">): SaidYears | undefined {
  const named = Object.entries(attributes);
  for (const wanted of ATTRIBUTES) {
    const [name, text] = named.find(([key]) => key.toLowerCase() === wanted) ?? [];
    const years = text === undefined ? undefined : yearsIn(text);
    if (years !== undefined) return { years, from: `attribute ${name}` };
  }
  for (const wanted of TEXTS) {
    const [name, text = ""] = named.find(([key]) => key.toLowerCase() === wanted) ?? [];
    const years = yearsIn(BASE_IN_TEXT.exec(text.toLowerCase())?.[1] ?? "");
    if (years !== undefined) return { years, from: `attribute ${name}` };
  }
  return undefined;
}

/** First and last year in a text such as `1999-2010` or `1999-01 to 2010-12`, if there are these two alone. */
function yearsIn(text: string): Years | undefined {
  const [first, last, ...others] = Array.from(text.matchAll(YEAR), ([, year]) => Number(year));
  if (first === undefined || last === undefined || others.length > 0) return undefined;
  return first <= last ? [first, last] : undefined;
}

/**
 * How the forecast's base period and the baseline of the observations are brought together. The forecast's years are those
 * of the product, else those of its file.
 *
 * @param hindcastYears - of the hindcasts that were taken off it, whose years they are then
 * @returns the record for the manifest, null where nobody tells the years; and a warning of what is left apart, but for
 *   `baseDiffers`, whose text is known at the end of the run alone
 * @throws InputError `BadProduct` where a forecast is to be rebased, and nobody tells its years
 */
export function reconcileBases(
  product: Product,
  forecast: Pick<Forecast, "attributes" | "key">,
  hindcastYears?: Years,
): { readonly base: BaseRecord | null; readonly warnings: readonly Warning[] } {
  const { rebase = false, baseline: own } = product.forecast;
  const { baseline } = product.observations;
  const ofFile = hindcastYears === undefined ? basePeriod(forecast) : { years: hindcastYears, from: "the hindcasts" };
  const found = own === undefined ? ofFile : { years: own, from: "forecast.baseline of the product" };
  if (found !== undefined) {
    const base = { ...found, rebased: rebase && !sameYears(found.years, baseline) };
    return { base, warnings: ofFile === undefined ? [] : overrideWarnings(ofFile, found) };
  }
  const hint = `Set forecast.baseline of product "${product.name}"`;
  if (rebase) {
    throw new InputError(
      "BadProduct",
      "nothing says which years its anomalies are relative to, so it cannot be rebased",
      {
        file: forecast.key,
        hint: `${hint}, or leave forecast.rebase out`,
      },
    );
  }
  const message = `nothing says which years the forecast's anomalies are relative to; those of the observations are relative to ${baseline.join("-")}. ${hint}`;
  return { base: null, warnings: [{ kind: "baseUnknown", message }] };
}

/** A warning where the product says other years than the file: the forecasts may have got another climatology since. */
function overrideWarnings(said: SaidYears, counts: SaidYears): Warning[] {
  if (sameYears(said.years, counts.years)) return [];
  const message = `the forecast's anomalies are relative to ${said.years.join("-")} by ${said.from} and to ${counts.years.join("-")} by ${counts.from}, whose word counts`;
  return [{ kind: "baseOverridden", message }];
}

/**
 * The grid that a run needs.
 *
 * @param climatology - the file of the product's `observations.climatology`, if it has one
 * @param weeks - of the forecast, if the product is of weeks
 */
export function gridOrder(
  product: Product,
  base: BaseRecord | null,
  climatology: InputRecord | undefined,
  weeks?: WeekOrder,
): GridOrder {
  const {
    variable,
    firstMonth,
    baseline,
    units,
    select,
    ignoreValidRange,
    minYears,
    frequency,
    monthly,
    weekly,
    windowDays,
    minDays,
    kind,
    base: years = baseline,
    climatology: file,
  } = product.observations;
  const order: GridOrder = {
    variable,
    firstMonth,
    baseline,
    ...(units === undefined ? {} : { units }),
    ...(select === undefined ? {} : { select }),
    ...(ignoreValidRange === true ? { ignoreValidRange } : {}),
    ...(minYears === undefined ? {} : { minYears }),
    ...(frequency === undefined ? {} : { frequency, monthly, minDays }),
    ...(weekly === undefined ? {} : { weekly, windowDays, weeks }),
    ...(base?.rebased === true ? { rebase: base.years } : {}),
  };
  if (file !== undefined && climatology !== undefined) {
    return { ...order, normal: { ...climatology, variable: file.variable } };
  }
  // Anomalies relative to other years are rebased as observations are: by the mean of the baseline years.
  return kind === "anomaly" && sameYears(years, baseline) ? { ...order, normal: "none" } : order;
}

export function sameYears(a: Years, b: Years): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Undefined where the forecast is relative to the baseline, or to nobody knows which years. */
export function baseWork(
  product: Product,
  base: BaseRecord | null,
  { forecast, grid }: { readonly forecast: Forecast; readonly grid: GridDescription },
): BaseWork | undefined {
  if (base === null || sameYears(base.years, product.observations.baseline)) return undefined;
  return {
    years: base.years,
    rebase: base.rebased,
    months: Array.from(forecast.seconds, (time) => monthNumber(time) % 12),
    single: forecast.values instanceof Float32Array && floatType(grid) === "float32",
  };
}

/** The warning for a forecast that stays relative to other years than the observations; none for any other. */
export function baseWarnings(
  base: BaseRecord | null,
  { baseline, units }: { readonly baseline: Years; readonly units: string | null },
  shifts: readonly BaseShift[],
): Warning[] {
  if (base === null || base.rebased || sameYears(base.years, baseline)) return [];
  const count = shifts.reduce((total, shift) => total + shift.count, 0);
  const mean = shifts.reduce((total, shift) => total + shift.sum, 0) / count;
  const size =
    count === 0 ? "" : `: ${`${Number(mean.toPrecision(2))} ${prettyUnits(units ?? "")}`.trim()} apart on average`;
  const message = `the forecast's anomalies are relative to ${base.years.join("-")} (${base.from}), those of the observations to ${baseline.join("-")}${size}`;
  return [{ kind: "baseDiffers", message }];
}
