import type { NumericArray, NumericType } from "../netcdf/dataset.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";

/** Values that are only copied. Not as float32: each would be turned into a double, and back, which takes longer. */
export type Words = Uint8Array | Int16Array | Int32Array | Float64Array | BigInt64Array;

/** The values in a part of a buffer, as words of their size. @param length - of the part, in words */
export function wordsIn(type: NumericType, buffer: ArrayBufferLike, offset = 0, length?: number): Words {
  switch (ITEM_BYTES[type]) {
    case 1:
      return new Uint8Array(buffer, offset, length);
    case 2:
      return new Int16Array(buffer, offset, length);
    case 4:
      return new Int32Array(buffer, offset, length);
    default:
      // As a double, an integer could be a NaN, of which JavaScript need not keep all bits.
      return type === "float64" ? new Float64Array(buffer, offset, length) : new BigInt64Array(buffer, offset, length);
  }
}

/** The same memory as words. */
export function wordsOf(type: NumericType, { buffer, byteOffset, length }: NumericArray): Words {
  return wordsIn(type, buffer, byteOffset, length);
}
