import type { FloatType } from "../netcdf/decoded-type.ts";

export type FloatArray = Float32Array | Float64Array;

/** Bytes of one value. */
export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { float32: 4, float64: 8 };

/** What the values of a grid are: float32 where it does not say so, as all grids once were. */
export function floatType({ type = "float32" }: { readonly type?: FloatType }): FloatType {
  return type;
}

export function floats(type: FloatType, length: number): FloatArray {
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** The values in that type: themselves, where they have it. */
export function asFloats(type: FloatType, values: FloatArray): FloatArray {
  if (type === "float64") return values instanceof Float64Array ? values : Float64Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
