import { InputError } from "../errors.ts";
import type { Extent } from "../grid/choices.ts";
import type { ObservedChoice } from "../grid/grid-order.ts";
import type { Years } from "../grid/months.ts";
import type { CellsMethod, StationMethod } from "../grid/station-method.ts";
import { type SeriesWords, seriesKeys } from "../keys.ts";
import { fitsPattern } from "../name-pattern.ts";
import type { Times } from "../series/series-csv.ts";

/** One observation variable, the forecast variable that continues it, and how their series are written. */
export interface Product {
  readonly name: string;
  /** Which cells the anomaly grid has: `stations`, the default, those of the region of the stations; `global`, all. */
  readonly grid?: Extent | undefined;
  readonly observations: {
    /** Key of the archive in the input bucket. The local command is given a file instead. */
    readonly key: string;
    readonly variable: string;
    /** The month, as `YYYY-MM`, with which series and anomalies begin; older observations are not used. */
    readonly firstMonth: string;
    /** First and last year of the climatology. */
    readonly baseline: Years;
    /** Units of the archive, in place of what its attribute says or lacks. */
    readonly units?: string | undefined;
    /**
     * What is taken along each dimension but time, latitude and longitude, by the dimension's name in any case: a position,
     * the `last` one, the `mean` of the values that are not missing, or by `merge` the first one of these. A dimension of
     * length 1 need not be named.
     */
    readonly select?: Readonly<Record<string, ObservedChoice>> | undefined;
    /** Whether values outside of the valid range that a file declares are values: of the archive and of its climatology. */
    readonly ignoreValidRange?: boolean | undefined;
    /** How many baseline years a calendar month of a cell needs to have a climatology; a third of them by default. */
    readonly minYears?: number | undefined;
    /** What the fields of the archive are: months, by default, or days and parts of days, of which months are made first. */
    readonly frequency?: "monthly" | "daily" | undefined;
    /** What is made of the days of a month: their `mean`, by default, or their `sum`. */
    readonly monthly?: "mean" | "sum" | undefined;
    /** Weeks are made of days, as means or as sums, instead of months: those that the forecast is for, and all before them. */
    readonly weekly?: "mean" | "sum" | undefined;
    /** The climatology of a week is of the days of the baseline years that are at most so many from its middle; 15 by default. */
    readonly windowDays?: number | undefined;
    /** Of how many days of a month, or week, a cell needs a value: of 20, or 5, for a mean, and of all for a sum, by default. */
    readonly minDays?: number | undefined;
    /** `field`, the default: the climatology is taken off. `anomaly`: the values are anomalies already. */
    readonly kind?: "field" | "anomaly" | undefined;
    /** Of anomalies: the years that they are relative to; by default the baseline. Others are rebased to it. */
    readonly base?: Years | undefined;
    /** A file with the climatology, which is then not computed: one field for each calendar month, on the archive's grid. */
    readonly climatology?: { readonly key: string; readonly variable: string } | undefined;
  };
  readonly forecast: {
    /** Which new files start this product: a file name with `*` for any text and `?` for any one character. */
    readonly pattern: string;
    readonly variable: string;
    /**
     * What is taken along each dimension but latitude and longitude, by the dimension's name in any case: a position,
     * the `last` one, the `mean` of the values that are not missing, or, for the dimension of the leads alone, `all`: a row
     * of the CSV for each. A dimension of length 1 need not be named. The default for leads is `all`.
     */
    readonly select: Readonly<Record<string, Choice>>;
    /** Whether values outside of the valid range that the file declares are values. */
    readonly ignoreValidRange?: boolean | undefined;
    /** Units of the forecast, in place of what its attribute says or lacks. */
    readonly units?: string | undefined;
    /** First and last year that the forecast's anomalies are relative to, in place of what the file says. */
    readonly baseline?: Years | undefined;
    /**
     * Hindcasts, a file or a pattern of several, or their climatology: of a forecast of whole values, the mean of those of the
     * same start month and lead is taken off. The variable is that of the forecast by default.
     */
    readonly climatology?: { readonly key: string; readonly variable?: string | undefined } | undefined;
    /**
     * Of a forecast that is the mean of several files of one target month: of how many at most, the new one among them, and of
     * those issued how long before it at most, such as `15 days`.
     */
    readonly initialisations?: { readonly last: number; readonly within: string } | undefined;
    /** Whether a forecast that is relative to other years is brought to the baseline of the observations. */
    readonly rebase?: boolean | undefined;
    /** Of weeks: how many days after the first day of its week a time of the forecast is; what the file tells, else 0. */
    readonly daysIntoWeek?: number | undefined;
  };
  readonly series: {
    /** Name of the value column. */
    readonly column: string;
    /** Key of a station's CSV in the output; the default is `{product}/{forecast}/{run}/{station}.{suffix}.csv`. */
    readonly key: string;
    readonly suffix: string;
    /** The value of the row for now, between observations and forecast; null for no such row. */
    readonly gapRow: string | null;
    /** How a missing value is written. */
    readonly missing: string;
    /** How far its times are written: to the second, by default, or the day alone. */
    readonly times?: Times | undefined;
    /** A station farther from the centre of its cell is not written; {@link MAX_DISTANCE_KM} by default. */
    readonly maxDistanceKm?: number | undefined;
    /** Where in the grids of archive and forecast a station takes its values; the `nearest` cell by default. */
    readonly method?: StationMethod | undefined;
    /** What the reader of the series needs: a run that does not meet it is failed. */
    readonly expect?: SeriesExpectation | undefined;
  };
}

/** What is taken along a dimension of a forecast. */
export type Choice = number | "last" | "mean" | "all";

/** What the reader of the series relies on; what is left out is not asked. */
export interface SeriesExpectation {
  /** The last observed month, counted back from the month of the row for now: `M-1` is the month before it. */
  readonly lastMonth?: string | undefined;
  /** How many rows the forecast has. */
  readonly leads?: number | undefined;
  /** That every row is later than the one before. */
  readonly rising?: boolean | undefined;
  /** That every month from `observations.firstMonth` to the last has one observed row. */
  readonly everyMonth?: boolean | undefined;
  /** The least part of the stations, 0 to 1, that have observations and a forecast; those too far away have neither. */
  readonly usable?: number | undefined;
}

/** Kilometres from a station to the centre of its cell beyond which it is not written. */
export const MAX_DISTANCE_KM = 500;

/** Where a product does not say it. */
export const DEFAULT_SERIES_KEY = "{product}/{forecast}/{run}/{station}.{suffix}.csv";

/** The product of that name. @throws InputError `BadProduct` */
export function findProduct(products: readonly Product[], name: string): Product {
  const found = products.find((p) => p.name === name);
  if (found === undefined) {
    throw new InputError("BadProduct", `there is no product "${name}"`, {
      choices: products.map((p) => p.name),
      hint: "More products are defined in a products.json",
    });
  }
  return found;
}

/** The product's method, where that is not the nearest cell. */
export function cellsMethodOf({ series: { method } }: Product): CellsMethod | undefined {
  return method === "nearest" ? undefined : method;
}

/** Whether a forecast's file name, the last part of its key, starts this product. */
export function matchesForecast(product: Product, key: string): boolean {
  return fitsPattern(fileName(key), product.forecast.pattern);
}

/**
 * The keys of the CSVs of stations, by their id, of a run.
 *
 * @param run - its {@link seriesName}
 */
export function seriesKeysOf(
  { name, series }: Product,
  { forecast, run }: Pick<SeriesWords, "forecast" | "run">,
): (station: string) => string {
  return seriesKeys(series.key, { product: name, forecast, run, suffix: series.suffix });
}

/** The last part of a key or path. */
export function fileName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
