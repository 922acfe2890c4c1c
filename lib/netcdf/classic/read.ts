import { endianness } from "node:os";
import { planSlab } from "../byte-ranges.ts";
import type { Dataset, NumericArray } from "../dataset.ts";
import { valuesOf } from "../numeric-types.ts";
import type { RandomAccess } from "../random-access.ts";
import { checkRead, countsOf, findVariable, product } from "../slab.ts";
import { readHeader } from "./header.ts";

/**
 * A classic or 64-bit offset file. The dataset closes `access`.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, `UnsupportedFormat`
 */
export function openClassic(access: RandomAccess, file: string): Dataset {
  const { layouts, ...header } = readHeader(access, file);
  return {
    file,
    ...header,
    readRaw(name, wanted): NumericArray {
      const { type, slab } = checkRead({ file, ...header }, name, wanted);
      const layout = layouts.get(name)!;
      const bytes = new Uint8Array(layout.itemBytes * product(countsOf(slab)));
      let done = 0;
      for (const { offset, length } of planSlab(layout, slab)) {
        access.read(offset, bytes.subarray(done, done + length));
        done += length;
      }
      fromBigEndian(bytes, layout.itemBytes);
      return valuesOf(type, bytes.buffer);
    },
    handleOf: (name) => ({
      path: access.path,
      file,
      variable: findVariable({ ...header, file }, name),
      storage: undefined,
    }),
    close: () => access.close(),
  };
}

/** Turns big-endian values into native ones, in place. */
function fromBigEndian(bytes: Uint8Array, itemBytes: number): void {
  if (endianness() === "BE") return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemBytes === 2) buffer.swap16();
  if (itemBytes === 4) buffer.swap32();
  if (itemBytes === 8) buffer.swap64();
}
