import { InputError } from "../errors.ts";
import type { Years } from "../grid/months.ts";
import { withDataset } from "../netcdf/open.ts";
import { monthText } from "../time.ts";
import { counted, type Warning } from "../warning.ts";
import type { Forecast } from "./forecast.ts";
import { HindcastSums } from "./hindcast-sums.ts";
import type { LocalArchive } from "./local-archive.ts";
import { mapped } from "./member-mean.ts";
import type { Product } from "./product.ts";

/** Fewer years make a poor climatology: C3S has hindcasts of 24. */
const FEW_YEARS = 10;

/** The climatology of a forecast. */
export interface ForecastMean {
  /** Of every lead and cell of the forecast, in its order and type; NaN is missing. */
  readonly values: Forecast["values"];
  /** In which its hindcasts start; none where these are a climatology already. */
  readonly years: readonly number[];
}

/** A forecast less its climatology. */
export interface ForecastAnomalies {
  readonly forecast: Forecast;
  /** Of the hindcasts; undefined where these are a climatology already. */
  readonly years: Years | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * The mean of the hindcasts of a forecast's start month and leads, over all of their members and years. A model drifts with the
 * lead, so that no other climatology fits it. It is summed in double precision and rounded once to the type of the forecast.
 *
 * @param hindcasts - their files, or that of their climatology
 * @throws InputError `BadTime` where the forecast does not tell its start, `BadBaseline` where no hindcast has it; and as
 *   {@link HindcastSums}
 */
export async function meanOfHindcasts(
  forecast: Forecast,
  product: Product,
  hindcasts: LocalArchive,
): Promise<ForecastMean> {
  const { climatology, baseline, units, select, variable, ignoreValidRange } = product.forecast;
  const { initial } = forecast;
  if (initial === undefined) {
    throw new InputError("BadTime", "nothing says when it starts, so that its climatology is not known", {
      file: forecast.key,
      hint: 'Add an initial time, such as an attribute initial_time = "20261101"',
    });
  }
  const sums = new HindcastSums({
    variable: climatology?.variable ?? variable,
    forecast,
    initial,
    years: baseline,
    units: [units, forecast.units].flatMap((text) => (text === undefined || text.trim() === "" ? [] : [text])),
    select,
    ignoreValidRange,
  });
  const files = "files" in hindcasts ? hindcasts.files : [hindcasts];
  for (const { path, key } of files) await withDataset(path, key, (dataset) => sums.add(dataset));
  if (sums.years.size === 0 && !sums.isClimatology) throw noHindcast(hindcasts.key, { initial, years: baseline });
  return { values: sums.means(), years: sums.isClimatology ? [] : [...sums.years] };
}

/**
 * The anomalies of a forecast that has whole values: each less its climatology, in the type of the forecast.
 *
 * @param file - what messages call the hindcasts
 */
export function lessMean(forecast: Forecast, product: Product, mean: ForecastMean, file: string): ForecastAnomalies {
  const { values, years } = mean;
  return {
    forecast: mapped(forecast, (value, i) => value - values[i]!),
    years: years.length === 0 ? undefined : [Math.min(...years), Math.max(...years)],
    warnings: years.length === 0 ? [] : fewYears(file, years, product.forecast.baseline),
  };
}

function noHindcast(file: string, { initial, years }: { readonly initial: number; readonly years: Years | undefined }) {
  const month = monthText(initial).slice(-2);
  const within = years === undefined ? "" : ` in ${years.join("-")}`;
  return new InputError(
    "BadBaseline",
    `has no hindcast that starts in month ${month} of a year${within}, as the forecast does`,
    {
      file,
      hint:
        years === undefined
          ? "Use the hindcasts of that start month"
          : "Use the hindcasts of that start month, or set forecast.baseline to the years of these",
    },
  );
}

function fewYears(file: string, years: readonly number[], baseline: Years | undefined): Warning[] {
  const wanted = baseline === undefined ? FEW_YEARS : baseline[1] - baseline[0] + 1;
  if (years.length >= wanted) return [];
  const of = baseline === undefined ? `, and ${FEW_YEARS} or more make a climatology` : ` of ${baseline.join("-")}`;
  const message = `the climatology of the forecast is the mean of hindcasts of ${counted(years.length, "year")}${of}: ${file}`;
  return [{ kind: "hindcastYears", message }];
}
