import { InputError } from "../errors.ts";
import { type Axis, makeAxis } from "../grid/axis.ts";
import { findCoordinates, readTimes } from "../netcdf/coordinates.ts";
import type { Attributes, Dataset, Slab } from "../netcdf/dataset.ts";
import { read } from "../netcdf/decode.ts";
import { findVariable } from "../netcdf/slab.ts";
import { timeText } from "../time.ts";
import type { Choice, Product } from "./product.ts";

/** The forecast anomalies of a file. */
export interface Forecast {
  /** Key of the file. */
  readonly key: string;
  /** Time of each lead, UTC seconds since 1970. */
  readonly seconds: Float64Array;
  /** Dates of a model calendar that the real one lacks, each moved to the last day of its month. */
  readonly moved: number;
  readonly lat: Axis;
  readonly lon: Axis;
  /** Shape (leads, lat, lon), row-major; NaN is missing. float32 where the file's values decode to that. */
  readonly values: Float32Array | Float64Array;
  /** What the variable's attribute says. */
  readonly units: string | undefined;
  /** The text attributes of the file; where the variable has one of the same name, that. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A choice along a dimension of known length. */
type Taken = Exclude<Choice, "last">;

/**
 * Reads the forecast variable of a product, of shape (…, lat, lon), its leading dimensions chosen as the product says.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadDimensions`, `BadAxis`, `BadTime`, `BadProduct`
 */
export function readForecast(dataset: Dataset, product: Product): Forecast {
  const { file } = dataset;
  const variable = findVariable(dataset, product.forecast.variable);
  const { lat, lon, time } = findCoordinates(dataset, variable.name);
  const { dimensions } = variable;
  if (dimensions.at(-2) !== lat || dimensions.at(-1) !== lon) {
    throw new InputError("BadDimensions", `"${variable.name}" has the dimensions ${dimensions.join(", ")}`, {
      file,
      hint: "The last two must be latitude, longitude, in this order; reorder them with ncpdq -a",
    });
  }
  const leading = dimensions.slice(0, -2);
  requireKnown(product, file, leading);
  const choices = leading.map((name, i) =>
    choose(product, file, { name, size: variable.shape[i]!, isTime: name === time }),
  );
  const slab: Slab = variable.shape.map((size, i) => {
    const choice = choices[i];
    return typeof choice === "number" ? [choice, choice + 1] : [0, size];
  });
  const { seconds: times, moved } = readTimes(dataset, time);
  const lead = choices[dimensions.indexOf(time)];
  const seconds = typeof lead === "number" ? times.subarray(lead, lead + 1) : times;
  for (let i = 1; i < seconds.length; i++) {
    if (seconds[i]! > seconds[i - 1]!) continue;
    const steps = `from ${timeText(seconds[i - 1]!)} to ${timeText(seconds[i]!)}`;
    throw new InputError("BadTime", `its forecast times go ${steps}`, {
      file,
      hint: `They must rise: sort the file by time, or set forecast.select.${time} of product "${product.name}"`,
    });
  }
  const units = variable.attributes["units"]?.value;
  return {
    key: file,
    seconds,
    moved,
    lat: makeAxis("latitude", read(dataset, lat), file),
    lon: makeAxis("longitude", read(dataset, lon), file),
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

/** Checks that the product chooses along dimensions that there are: a misspelt one would be ignored. */
function requireKnown({ name, forecast }: Product, file: string, leading: readonly string[]): void {
  const known = new Set(leading.map((dimension) => dimension.toLowerCase()));
  const unknown = Object.keys(forecast.select).find((key) => !known.has(key.toLowerCase()));
  if (unknown === undefined) return;
  throw new InputError("BadProduct", `"${forecast.variable}" has no dimension ${unknown} to choose along`, {
    file,
    choices: leading,
    hint: `Correct forecast.select of product "${name}"`,
  });
}

interface Leading {
  readonly name: string;
  readonly size: number;
  readonly isTime: boolean;
}

/** What becomes of a leading dimension. */
function choose(product: Product, file: string, { name, size, isTime }: Leading): Taken {
  const { select } = product.forecast;
  const key = Object.keys(select).find((k) => k.toLowerCase() === name.toLowerCase());
  const choice = key === undefined ? undefined : select[key];
  const bad = (problem: string, tag: "BadProduct" | "BadDimensions" = "BadProduct") =>
    new InputError(tag, `"${product.forecast.variable}" ${problem}`, {
      file,
      hint: `Set forecast.select.${name} of product "${product.name}" to a position from 0 to ${size - 1}${
        isTime ? ' or "all"' : ' or "mean"'
      }`,
    });
  if (size === 0) {
    throw new InputError("BadDimensions", `dimension ${name} has length 0: the file holds no forecast`, {
      file,
      hint: "Fetch it again, when it is whole",
    });
  }
  if (choice === undefined) {
    if (isTime) return "all";
    if (size === 1) return 0;
    throw bad(`has ${size} values along ${name}, and the product does not say which to take`, "BadDimensions");
  }
  if (choice === "mean" && isTime) throw bad("cannot be averaged over time");
  if (choice === "all" && !isTime) throw bad(`cannot have a row for each ${name}`);
  if (typeof choice === "number" && choice >= size) throw bad(`has no position ${choice} along ${name}`);
  return choice === "last" ? size - 1 : choice;
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
