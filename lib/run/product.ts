import { InputError } from "../errors.ts";
import { inputKeys, seriesKey } from "../keys.ts";
import type { Baseline } from "./product-rules.ts";

/** One observation variable, the forecast variable that continues it, and how their series are written. */
export interface Product {
  readonly name: string;
  readonly observations: {
    /** Key of the archive in the input bucket. The local command is given a file instead. */
    readonly key: string;
    readonly variable: string;
    /** The month, as `YYYY-MM`, with which series and anomalies begin; older observations are not used. */
    readonly firstMonth: string;
    /** First and last year of the climatology. */
    readonly baseline: Baseline;
  };
  readonly forecast: {
    /** Which new files start this product: a file name with `*` for any text and `?` for any one character. */
    readonly pattern: string;
    readonly variable: string;
    /**
     * What is taken along each dimension before latitude and longitude, by the dimension's name in any case: a position,
     * the `mean` of the values that are not missing, or, for the time dimension alone, `all`: a row of the CSV for each.
     * A dimension of length 1 need not be named. The default for time is `all`.
     */
    readonly select: Readonly<Record<string, number | "mean" | "all">>;
  };
  readonly series: {
    /** Name of the value column. */
    readonly column: string;
    /** Key of a station's CSV in the output; the default is `{product}/{forecast}/{station}.{suffix}.csv`. */
    readonly key: string;
    readonly suffix: string;
    /** The value of the row for now, between observations and forecast; null for no such row. */
    readonly gapRow: string | null;
    /** How a missing value is written. */
    readonly missing: string;
  };
}

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
    forecast: { pattern: "CFSv2.Prec*.nc", variable: "anom", select: {} },
    series: {
      column: "prec_ano",
      key: "{product}/{forecast}/{station}.{suffix}.csv",
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

/** Whether a forecast's file name, the last part of its key, starts this product. */
export function matchesForecast(product: Product, key: string): boolean {
  const text = product.forecast.pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, "su").test(fileName(key));
}

/** The key of the CSV of a station, by its id, for a forecast, by its label. */
export function seriesKeyOf({ name, series }: Product, forecast: string, station: string): string {
  return seriesKey(series.key, { product: name, forecast, station, suffix: series.suffix });
}

/** The last part of a key or path. */
export function fileName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
