import { InputError } from "../errors.ts";
import { inputKeys } from "../keys.ts";
import { DEFAULT_SERIES_KEY, type Product } from "./product.ts";

/** CPC's files have no units: differences of temperatures are the same in K and in °C. */
const CFSV2_TEMPERATURE: Product["forecast"] = {
  pattern: "CFSv2.T2m*.nc",
  variable: "anom",
  select: {},
  units: "K",
};

/**
 * What is built in: CPC's CFSv2 anomalies behind NOAA PREC/L precipitation, GISTEMP and ERA5 temperatures. Each writes the very
 * series that the readers of the job it is from were made with, and so leaves the forecast relative to the years that it
 * comes with: no monthly file of CPC says which, and a guess would shift the series by most of a degree. The run warns.
 *
 * They stand here as values, and not in a file, so that a run without a `products.json` need not load what checks one.
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
  {
    name: "t2m-giss",
    observations: {
      key: `${inputKeys.observations}air.2x2.250.mon.anom.comb.nc`,
      variable: "air",
      firstMonth: "1950-01",
      // What it is relative to in the file: nothing there says so.
      baseline: [1951, 1980],
      kind: "anomaly",
    },
    forecast: CFSV2_TEMPERATURE,
    series: {
      column: "giss_ano",
      key: DEFAULT_SERIES_KEY,
      suffix: "t2m",
      gapRow: null,
      missing: "0.0",
      times: "day",
    },
  },
  {
    name: "t2m-era5",
    observations: {
      key: `${inputKeys.observations}T2m.mon.REA5.1979-present.nc`,
      variable: "t2m",
      firstMonth: "1979-01",
      baseline: [1981, 2010],
      // The newest months of ERA5 are preliminary ones.
      select: { expver: "merge" },
    },
    forecast: CFSV2_TEMPERATURE,
    series: {
      column: "tave_ano",
      key: DEFAULT_SERIES_KEY,
      suffix: "t2m",
      gapRow: null,
      missing: "",
      times: "day",
    },
  },
];

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
