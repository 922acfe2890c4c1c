import { InputError } from "../errors.ts";
import { type Axis, makeAxis } from "../grid/axis.ts";
import { asFloats } from "../grid/floats.ts";
import type { WeekOrder } from "../grid/grid-order.ts";
import type { CellsMethod, WeightedCell } from "../grid/station-method.ts";
import { TakenValues } from "../grid/taken-values.ts";
import { readPlaces } from "../netcdf/coordinates.ts";
import type { Attributes, Dataset } from "../netcdf/dataset.ts";
import { read } from "../netcdf/decode.ts";
import { allValid, requireInRange } from "../netcdf/valid-range.ts";
import { timeText } from "../time.ts";
import { selectForecast } from "./forecast-selection.ts";
import { weeksOfForecast } from "./forecast-weeks.ts";
import { meanOfMembers, type Spread } from "./member-mean.ts";
import type { Product } from "./product.ts";

/** The forecast anomalies of a file. */
export interface Forecast {
  /** Key of the file. */
  readonly key: string;
  /** Time of each lead, UTC seconds since 1970. */
  readonly seconds: Float64Array;
  /** Dates of a model calendar that the real one lacks, each moved to the last day of its month. */
  readonly moved: number;
  /** Time of every lead of the file, taken or not. */
  readonly allSeconds: Float64Array;
  /** When the forecast starts, UTC seconds since 1970; undefined where the file does not tell. */
  readonly initial: number | undefined;
  readonly lat: Axis;
  readonly lon: Axis;
  /** Shape (leads, lat, lon), row-major; NaN is missing. float32 where the file's values decode to that. */
  readonly values: Float32Array | Float64Array;
  /** Where the values are means of several. */
  readonly spread?: Spread;
  /** What the variable's attribute says. */
  readonly units: string | undefined;
  /** Of a product of weeks: which they are. */
  readonly weeks?: WeekOrder;
  /** The text attributes of the file; where the variable has one of the same name, that. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Reads the forecast variable of a product, its dimensions beside latitude and longitude chosen as the product says.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadDimensions`, `BadAxis`, `BadTime`, `BadProduct`,
 *   `BadRange`
 */
export function readForecast(opened: Dataset, product: Product): Forecast {
  const { file } = opened;
  const { variable: name, ignoreValidRange } = product.forecast;
  const valid = ignoreValidRange === true ? allValid(opened, name) : opened;
  const selection = selectForecast(valid, product);
  const { dataset, variable, lat, lon, choices, slab, times, seconds } = selection;
  for (let i = 1; i < seconds.length; i++) {
    if (seconds[i]! > seconds[i - 1]!) continue;
    const steps = `from ${timeText(seconds[i - 1]!)} to ${timeText(seconds[i]!)}`;
    throw new InputError("BadTime", `its forecast times go ${steps}`, {
      file,
      hint: `They must rise: sort the file by time, or set forecast.select.${times.along} of product "${product.name}"`,
    });
  }
  const units = variable.attributes["units"]?.value;
  // First, as axes that declare too much are told by their names.
  const latAxis = makeAxis("latitude", readPlaces(dataset, name, lat), file, lat);
  const lonAxis = makeAxis("longitude", readPlaces(dataset, name, lon), file, lon);
  const values = read(dataset, name, slab);
  if (values.every(Number.isNaN)) {
    requireInRange(dataset, { variable: name, slabs: [slab], field: "forecast.ignoreValidRange" });
  }
  return {
    key: file,
    seconds,
    moved: times.moved,
    allSeconds: times.seconds,
    initial: times.initial,
    lat: latAxis,
    lon: lonAxis,
    ...meanOfMembers(values, slab, choices),
    units: typeof units === "string" ? units : undefined,
    ...(product.observations.weekly === undefined ? {} : { weeks: weeksOfForecast(selection, product) }),
    attributes: textsOf({ ...dataset.attributes, ...variable.attributes }),
  };
}

function textsOf(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { value }]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

/** The forecast of every lead in a cell, by its positions on the axes; NaN is missing. */
export function forecastAt(
  { lat, lon, values, seconds }: Forecast,
  cell: readonly [lat: number, lon: number],
): number[] {
  const position = cell[0] * lon.values.length + cell[1];
  const field = lat.values.length * lon.values.length;
  return Array.from(seconds, (_, lead) => values[lead * field + position]!);
}

/** The forecast of every lead as a method makes it of some cells, rounded once to its type, and which of them have values. */
export function forecastOver(
  forecast: Forecast,
  cells: readonly WeightedCell[],
  method: CellsMethod,
): { readonly values: number[]; readonly used: readonly WeightedCell[] } {
  const taken = new TakenValues(method, forecast.seconds.length);
  for (const [i, weighted] of cells.entries()) {
    if (taken.isWhole) break;
    taken.take(i, forecastAt(forecast, weighted.cell), weighted);
  }
  const type = forecast.values instanceof Float32Array ? "float32" : "float64";
  return { values: Array.from(asFloats(type, taken.values())), used: taken.used.map((i) => cells[i]!) };
}
