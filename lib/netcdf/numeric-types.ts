import type { DataType, NumericArray, NumericType } from "./dataset.ts";

/** Bytes of one value. */
export const ITEM_BYTES: Readonly<Record<NumericType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** The attribute that holds what stands where nothing was written. */
export const FILL_VALUE = "_FillValue";

/** What NetCDF writes where nothing was written, and no `_FillValue` says otherwise: `NC_FILL_*` of netcdf.h. */
export const DEFAULT_FILL: Readonly<Record<NumericType, number | bigint>> = {
  int8: -127,
  uint8: 255,
  int16: -32_767,
  uint16: 65_535,
  int32: -2_147_483_647,
  uint32: 4_294_967_295,
  int64: -9_223_372_036_854_775_806n,
  uint64: 18_446_744_073_709_551_614n,
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
};

export function isNumeric(type: DataType): type is NumericType {
  return type !== "char" && type !== "other";
}

/** The values that `buffer` holds in native byte order, not copied; all, or `length` values from byte `offset` on. */
export function valuesOf(type: NumericType, buffer: ArrayBufferLike, offset = 0, length?: number): NumericArray {
  switch (type) {
    case "int8":
      return new Int8Array(buffer, offset, length);
    case "uint8":
      return new Uint8Array(buffer, offset, length);
    case "int16":
      return new Int16Array(buffer, offset, length);
    case "uint16":
      return new Uint16Array(buffer, offset, length);
    case "int32":
      return new Int32Array(buffer, offset, length);
    case "uint32":
      return new Uint32Array(buffer, offset, length);
    case "int64":
      return new BigInt64Array(buffer, offset, length);
    case "uint64":
      return new BigUint64Array(buffer, offset, length);
    case "float32":
      return new Float32Array(buffer, offset, length);
    case "float64":
      return new Float64Array(buffer, offset, length);
    default:
      return type satisfies never;
  }
}
