import { packedStrides, planSlab } from "../byte-ranges.ts";
import type { Attributes, Dataset, NumericArray, NumericType, Slab } from "../dataset.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { readInPieces } from "../pieces.ts";
import type { RandomAccess } from "../random-access.ts";
import { checkPieces, checkRead, countsOf, product } from "../slab.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { readChunks, streamChunks } from "./chunks.ts";
import type { Contents } from "./contents.ts";

/** An open file, and how its reader reads what it holds. */
export interface OpenFile<T> {
  readonly access: RandomAccess;
  /** What messages call the file. */
  readonly file: string;
  readonly contents: Contents<T>;
  /** Values stored along each dimension. */
  extentOf(stored: T): readonly number[];
  /** Where the chunks lie, where that is known. */
  indexOf(name: string): ChunkIndex | undefined;
  /** Elsewhere: the bytes of a slab inside the extent that is not empty, in native byte order. */
  read(name: string, slab: Slab): Uint8Array<ArrayBuffer>;
  close(): void;
}

/**
 * Values of one read that a small file may have, and for each of its bytes: deflate makes at most a thousandth of what is
 * the same all over, and what was never written takes no byte at all.
 */
const FEW_VALUES = 2 ** 24;
const VALUES_FOR_A_BYTE = 256;

/** The dataset of an open HDF5 file. */
export function datasetOf<T>(opened: OpenFile<T>): Dataset {
  const { access, file, contents } = opened;
  const mostValues = Math.max(FEW_VALUES, VALUES_FOR_A_BYTE * access.size);
  const { stored, ...header } = contents;
  function read(name: string, slab: Slab): Uint8Array<ArrayBuffer> {
    const index = opened.indexOf(name);
    if (index === undefined) return opened.read(name, slab);
    const bytes = new Uint8Array(index.itemBytes * product(countsOf(slab)));
    readChunks({ access, index, name, file }, slab, bytes);
    return bytes;
  }
  function readRaw(name: string, wanted?: Slab): NumericArray {
    const { variable, type, slab } = checkRead({ file, ...header, mostValues }, name, wanted);
    const extent = opened.extentOf(stored.get(name)!);
    const written = slab.map(([start, stop], d) => [Math.min(start, extent[d]!), Math.min(stop, extent[d]!)] as const);
    const count = product(countsOf(written));
    const bytes = count === 0 ? new Uint8Array() : read(name, written);
    const complete = count === product(countsOf(slab));
    return complete
      ? valuesOf(type, bytes.buffer)
      : filledUp(bytes, written, slab, { type, attributes: variable.attributes });
  }
  return {
    file,
    format: "netCDF-4",
    ...header,
    readRaw,
    async readPieces(name, wanted, use, placeOf) {
      const asked = checkPieces({ file, ...header }, name, wanted);
      const index = opened.indexOf(name);
      // A variable that is shorter than its dimension is filled up.
      const whole = index?.extent.every((size, d) => size === asked.variable.shape[d]);
      if (index !== undefined && whole === true) {
        const values = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>) =>
          valuesOf(asked.type, buffer, byteOffset, length / index.itemBytes);
        return streamChunks(
          { access, index, name, file },
          asked.slab,
          (part, bytes) => use(part, values(bytes)),
          placeOf,
        );
      }
      return readInPieces(asked, (slab) => readRaw(name, slab), use);
    },
    close: () => opened.close(),
  };
}

/** What tells the type and the fill value of a variable. */
interface Numbers {
  readonly type: NumericType;
  readonly attributes: Attributes;
}

/** The values of the slab's beginning that were written, with the fill value in the rest of it. */
function filledUp(values: Uint8Array, written: Slab, slab: Slab, { type, attributes }: Numbers): NumericArray {
  const itemBytes = ITEM_BYTES[type];
  const counts = countsOf(slab);
  const bytes = new Uint8Array(itemBytes * product(counts));
  const result = valuesOf(type, bytes.buffer);
  const declared = attributes[FILL_VALUE]?.value[0];
  const fill = typeof declared === "number" ? declared : DEFAULT_FILL[type];
  if (result instanceof BigInt64Array || result instanceof BigUint64Array) result.fill(wholeFill(fill, type));
  else result.fill(Number(fill));

  const corner = countsOf(written).map((count) => [0, count] as const);
  let done = 0;
  for (const { offset, length } of planSlab(
    { offset: 0, itemBytes, strides: packedStrides(itemBytes, counts) },
    corner,
  )) {
    bytes.set(values.subarray(done, done + length), offset);
    done += length;
  }
  return result;
}

/** The fill value of 64-bit integers. As a double, their largest one is one too many: it would wrap around. */
function wholeFill(fill: number | bigint, type: NumericType): bigint {
  const largest = type === "int64" ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const whole = BigInt(fill);
  return whole > largest ? largest : whole;
}
