import { InputError } from "../errors.ts";
import { type Axis, makeAxis } from "../grid/axis.ts";
import type { Attributes, Dataset, Slab } from "../netcdf/dataset.ts";
import { read, readCoordinate } from "../netcdf/decode.ts";
import { timeText } from "../time.ts";
import { selectForecast, type Taken } from "./forecast-selection.ts";
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
  /** What the variable's attribute says. */
  readonly units: string | undefined;
  /** The text attributes of the file; where the variable has one of the same name, that. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Reads the forecast variable of a product, of shape (…, lat, lon), its leading dimensions chosen as the product says.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadDimensions`, `BadAxis`, `BadTime`, `BadProduct`
 */
export function readForecast(dataset: Dataset, product: Product): Forecast {
  const { file } = dataset;
  const { variable, lat, lon, choices, slab, times, seconds } = selectForecast(dataset, product);
  for (let i = 1; i < seconds.length; i++) {
    if (seconds[i]! > seconds[i - 1]!) continue;
    const steps = `from ${timeText(seconds[i - 1]!)} to ${timeText(seconds[i]!)}`;
    throw new InputError("BadTime", `its forecast times go ${steps}`, {
      file,
      hint: `They must rise: sort the file by time, or set forecast.select.${times.along} of product "${product.name}"`,
    });
  }
  const units = variable.attributes["units"]?.value;
  return {
    key: file,
    seconds,
    moved: times.moved,
    allSeconds: times.seconds,
    initial: times.initial,
    lat: makeAxis("latitude", readCoordinate(dataset, lat), file),
    lon: makeAxis("longitude", readCoordinate(dataset, lon), file),
    values: meanOf(read(dataset, variable.name, slab), slab, choices),
    units: typeof units === "string" ? units : undefined,
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

/**
 * The values with the dimensions chosen as `mean` averaged, missing ones left out: shape (leads, lat, lon). The sum is
 * kept in double precision, and rounded once to the type of the values.
 */
function meanOf(values: Float32Array | Float64Array, slab: Slab, choices: readonly Taken[]) {
  if (!choices.includes("mean")) return values;
  const sizes = slab.map(([start, stop]) => stop - start);
  const field = sizes.at(-2)! * sizes.at(-1)!;
  const leadAt = choices.indexOf("all");
  const leads = leadAt === -1 ? 1 : sizes[leadAt]!;
  const inner = leadAt === -1 ? 1 : sizes.slice(leadAt + 1, -2).reduce((a, b) => a * b, 1);
  const sums = new Float64Array(leads * field);
  const counts = new Uint32Array(leads * field);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const lead = leadAt === -1 ? 0 : Math.floor(i / field / inner) % leads;
    const to = lead * field + (i % field);
    sums[to]! += value;
    counts[to]!++;
  }
  const means = values instanceof Float32Array ? new Float32Array(sums.length) : sums;
  for (let i = 0; i < sums.length; i++) means[i] = sums[i]! / counts[i]!;
  return means;
}
