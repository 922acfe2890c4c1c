import { InputError } from "../errors.ts";
import { asFloats } from "../grid/floats.ts";
import { WeightedMeans } from "../grid/weighted-means.ts";
import { withDataset } from "../netcdf/open.ts";
import type { Warning } from "../warning.ts";
import { basePeriod } from "./base-period.ts";
import { type Forecast, readForecast } from "./forecast.ts";
import { daysOfIssue, missingWarnings } from "./initialisations.ts";
import { pathOf } from "./inputs.ts";
import { spreadOf } from "./member-mean.ts";
import type { Run } from "./run.ts";

/**
 * The mean of a forecast and of those before it that its claim names, with the bytes that it names.
 *
 * @throws InputError those of `readForecast` and `meanOfForecasts`; `InputChanged`
 */
export async function meanOfInitialisations(
  { inputs: { beside }, product, claim }: Run,
  newest: Forecast,
): Promise<{ readonly forecast: Forecast; readonly warnings: readonly Warning[] }> {
  const { initialisations = [] } = claim;
  const all = [newest];
  for (const record of initialisations) {
    const path = await pathOf(beside!.open(record.key), record);
    all.push(await withDataset(path, record.key, (dataset) => readForecast(dataset, product)));
  }
  const { last } = product.forecast.initialisations!;
  return { forecast: meanOfForecasts(all), warnings: missingWarnings(daysOfIssue(claim)!, last) };
}

/**
 * The mean of forecasts of the same times and cells. As in a mean over members, missing values are left out, so that a cell lacks
 * one where all forecasts do; the sum is made in double precision, in the order given, and rounded once: to float32 where all
 * have that type.
 *
 * @param forecasts - one at least; what is not a value is that of the first
 * @throws InputError `BadTime`, `BadAxis`, `BadUnits` or `BadBaseline` where one has other times, cells, units or base years than
 *   the first
 */
export function meanOfForecasts(forecasts: readonly Forecast[]): Forecast {
  const [first, ...others] = forecasts as readonly [Forecast, ...Forecast[]];
  for (const other of others) requireAlike(other, first);
  const means = new WeightedMeans(first.values.length);
  for (const { values } of forecasts) means.add(values, 1);
  const areSingle = forecasts.every(({ values }) => values instanceof Float32Array);
  const spread = spreadOf(forecasts);
  return {
    ...first,
    values: asFloats(areSingle ? "float32" : "float64", means.means()),
    ...(spread === undefined ? {} : { spread }),
  };
}

function requireAlike(other: Forecast, first: Forecast): void {
  const years = (forecast: Forecast) => basePeriod(forecast)?.years.join("-");
  const parts = [
    ["BadTime", "times", sameNumbers(other.seconds, first.seconds)],
    ["BadAxis", "latitudes", sameNumbers(other.lat.values, first.lat.values)],
    ["BadAxis", "longitudes", sameNumbers(other.lon.values, first.lon.values)],
    ["BadUnits", "units", other.units === first.units],
    ["BadBaseline", "base years", years(other) === years(first)],
  ] as const;
  for (const [tag, what, isSame] of parts) {
    if (isSame) continue;
    throw new InputError(tag, `has other ${what} than ${first.key}, so that there is no mean of both`, {
      file: other.key,
      hint: "Take it away from there, or leave forecast.initialisations out of the product",
    });
  }
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
}
