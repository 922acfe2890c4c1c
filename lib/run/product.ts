import { InputError } from "../errors.ts";
import { inputKeys, seriesKey } from "../keys.ts";
import type { Product } from "./product-file.ts";

export type { Product } from "./product-file.ts";

/**
 * What is built in: NOAA PREC/L precipitation with CPC's CFSv2 precipitation anomalies. Written out, as a run that needs
 * no file of products need not load what checks one.
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
