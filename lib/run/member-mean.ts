import { type FloatArray, floats } from "../grid/floats.ts";
import type { Slab } from "../netcdf/dataset.ts";
import type { Taken } from "./forecast-selection.ts";

/** The lowest and the highest of what means are of, each in the shape of these; NaN where they are missing. */
export interface Spread {
  readonly low: FloatArray;
  readonly high: FloatArray;
}

export interface MemberMean {
  readonly values: FloatArray;
  /** Undefined where no mean of more than one is made. */
  readonly spread?: Spread;
}

/**
 * The values with the dimensions chosen as `mean` averaged, missing ones left out: shape (leads, lat, lon). The sum is
 * kept in double precision, and rounded once to the type of the values.
 *
 * @param slab - what was read of each dimension, latitude and longitude last; `choices` are of those before them
 */
export function meanOfMembers(values: FloatArray, slab: Slab, choices: readonly Taken[]): MemberMean {
  if (!choices.includes("mean")) return { values };
  const sizes = slab.map(([start, stop]) => stop - start);
  const field = sizes.at(-2)! * sizes.at(-1)!;
  const leadAt = choices.indexOf("all");
  const leads = leadAt === -1 ? 1 : sizes[leadAt]!;
  const inner = leadAt === -1 ? 1 : sizes.slice(leadAt + 1, -2).reduce((a, b) => a * b, 1);
  const count = leads * field;
  const sums = new Float64Array(count);
  const counts = new Uint32Array(count);
  const spread = noSpread(values, count);
  for (let start = 0; start < values.length; start += field) {
    const lead = Math.floor(start / field / inner) % leads;
    for (let i = 0, to = lead * field; i < field; i++, to++) {
      const value = values[start + i]!;
      if (Number.isNaN(value)) continue;
      sums[to]! += value;
      counts[to]!++;
      widen(spread, to, value);
    }
  }
  const means = values instanceof Float32Array ? new Float32Array(count) : sums;
  for (let i = 0; i < count; i++) means[i] = sums[i]! / counts[i]!;
  return values.length === count ? { values: means } : { values: means, spread };
}

/** The spread of means, each of which may have one of its own. @param all - of one shape */
export function spreadOf(all: readonly MemberMean[]): Spread | undefined {
  const [first] = all;
  if (first === undefined || (all.length === 1 && first.spread === undefined)) return undefined;
  const spread = noSpread(first.values, first.values.length);
  for (const { values, spread: { low, high } = { low: values, high: values } } of all) {
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]!)) continue;
      widen(spread, i, low[i]!);
      widen(spread, i, high[i]!);
    }
  }
  return spread;
}

/** The means, and their spread, with each value changed: by something that keeps the order of values of one place. */
export function mapped<T extends MemberMean>(mean: T, change: (value: number, at: number) => number): T {
  const { values, spread } = mean;
  const changed = spread && { low: spread.low.map(change), high: spread.high.map(change) };
  return { ...mean, values: values.map(change), ...(changed === undefined ? {} : { spread: changed }) };
}

/** Of nothing yet, in the type of some values. */
function noSpread(like: FloatArray, count: number): Spread {
  const type = like instanceof Float32Array ? "float32" : "float64";
  return { low: floats(type, count).fill(Number.NaN), high: floats(type, count).fill(Number.NaN) };
}

/** Takes in a value that is not missing. */
function widen({ low, high }: Spread, at: number, value: number): void {
  // As NaN, of nothing yet, is neither less nor more.
  if (!(low[at]! <= value)) low[at] = value;
  if (!(high[at]! >= value)) high[at] = value;
}
