import { CODES, type PackedSeries } from "../packed.ts";
import { inflated } from "./inflated.ts";

/** A function from a series' position to its values, NaN where missing, rounded to the packed step. */
export async function unpackSeries(packed: PackedSeries): Promise<(position: number) => Float64Array> {
  const { months, step, data } = packed;
  const bytes = await inflated(data);
  const high = packed.count * months;
  // Of 0.02 there are 50 in 1: dividing by a whole number gives 0.06, and not 0.06 and a bit.
  const perUnit = step < 1 ? Math.round(1 / step) : undefined;
  return (position) =>
    Float64Array.from({ length: months }, (_, month) => {
      const at = position * months + month;
      const code = bytes[at]! | (bytes[high + at]! << 8);
      if (code === CODES.missing) return Number.NaN;
      if (code === CODES.infinite) return Infinity;
      if (code === CODES.negativeInfinite) return -Infinity;
      const steps = code % 2 === 1 ? -(code + 1) / 2 : code / 2;
      return perUnit === undefined ? steps * step : steps / perUnit;
    });
}
