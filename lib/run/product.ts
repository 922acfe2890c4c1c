import { InputError } from "../errors.ts";
import type { Years } from "../grid/months.ts";
import type { Extent } from "../grid/region.ts";
import { inputKeys, type SeriesWords, seriesKeys } from "../keys.ts";
import { fitsPattern } from "./name-pattern.ts";

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
     * What is taken along each dimension before latitude and longitude, by the dimension's name in any case: a position,
     * the `last` one, the `mean` of the values that are not missing, or, for the dimension of the leads alone, `all`: a row
     * of the CSV for each. A dimension of length 1 need not be named. The default for leads is `all`.
     */
    readonly select: Readonly<Record<string, Choice>>;
    /** Units of the forecast, in place of what its attribute says or lacks. */
    readonly units?: string | undefined;
    /** First and last year that the forecast's anomalies are relative to, in place of what the file says. */
    readonly baseline?: Years | undefined;
    /** Whether a forecast that is relative to other years is brought to the baseline of the observations. */
    readonly rebase?: boolean | undefined;
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
    /** A station farther from the centre of its cell is not written; {@link MAX_DISTANCE_KM} by default. */
    readonly maxDistanceKm?: number | undefined;
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

/**
 * What is built in: NOAA PREC/L precipitation with CPC's CFSv2 precipitation anomalies. It stands here as a value, and not
 * in a file, so that a run without a `products.json` need not load what checks one.
 */
export const BUILT_IN_PRODUCTS: readonly Product[] = [
  {
    name: "prec",
    observations: {
      key: `${inputKeys.observations}precip.mon.mean.1x1.nc`,
      variable: "precip",
      firstMonth: "1979-01",
      baseline: [1981, 2010],
    },
    // CPC's files have no units; the seed's own numbers, and CPC's pages, are mm/day.
    forecast: { pattern: "CFSv2.Prec*.nc", variable: "anom", select: {}, units: "mm/day" },
    series: {
      column: "prec_ano",
      key: DEFAULT_SERIES_KEY,
      suffix: "prec",
      gapRow: "0.0",
      missing: "0.0",
    },
  },
];

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

/**
 * The product that is meant where none is named: the only one of a `products.json`, else the built-in one's name.
 *
 * @param products - as `parseProducts` gives them, or the built-in ones
 * @throws InputError `BadProduct` where several are defined, none of them by the name of the built-in one
 */
export function defaultProduct(products: readonly Product[]): Product {
  const own = products.filter((product) => !BUILT_IN_PRODUCTS.includes(product));
  const builtIn = BUILT_IN_PRODUCTS[0]!.name;
  const meant = own.length === 1 ? own[0] : products.find(({ name }) => name === builtIn);
  if (meant !== undefined && (own.length < 2 || own.includes(meant))) return meant;
  throw new InputError("BadProduct", `several products are defined, and none is called ${builtIn}`, {
    choices: own.map(({ name }) => name),
    hint: "Name the one to make as the product",
  });
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
