import { toNative } from "../byte-order.ts";
import { planSlab } from "../byte-ranges.ts";
import type { Dataset, NumericArray, Slab } from "../dataset.ts";
import { ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { readInPieces } from "../pieces.ts";
import type { RandomAccess } from "../random-access.ts";
import { checkPieces, checkRead, countsOf, product, type Read } from "../slab.ts";
import { readHeader } from "./header.ts";

/**
 * A classic, 64-bit offset or CDF-5 file. The dataset closes `access`.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`
 */
export function openClassic(access: RandomAccess, file: string): Dataset {
  const { layouts, ...header } = readHeader(access, file);
  function readSlab({ variable, type, slab }: Read, buffer?: ArrayBuffer): NumericArray {
    const layout = layouts.get(variable.name)!;
    const length = layout.itemBytes * product(countsOf(slab));
    const bytes = new Uint8Array(buffer ?? new ArrayBuffer(length), 0, length);
    let done = 0;
    for (const range of planSlab(layout, slab)) {
      access.read(range.offset, bytes.subarray(done, done + range.length));
      done += range.length;
    }
    toNative(bytes, layout.itemBytes, "BE");
    return valuesOf(type, bytes.buffer);
  }
  return {
    file,
    ...header,
    readRaw: (name, wanted) => readSlab(checkRead({ file, ...header }, name, wanted)),
    readPieces(name, wanted, use) {
      const read = checkPieces({ file, ...header }, name, wanted);
      let buffer = new ArrayBuffer();
      const readPiece = (slab: Slab) => {
        const length = ITEM_BYTES[read.type] * product(countsOf(slab));
        if (buffer.byteLength !== length) buffer = new ArrayBuffer(length);
        return readSlab(checkRead({ file, ...header }, name, slab), buffer);
      };
      return readInPieces(read, readPiece, use);
    },
    close: () => access.close(),
  };
}
