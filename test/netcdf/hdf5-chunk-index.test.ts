import { expect, test } from "vitest";
import { indexChunks } from "../../lib/netcdf/hdf5-chunk-index.ts";
import type { RandomAccess } from "../../lib/netcdf/random-access.ts";

const NODE = 512;
const ENTRIES = 8;

/** A file whose index has `levels` nodes, of which each names the next one as all of its children. */
function looped(levels: number): RandomAccess {
  const file = Buffer.alloc(1024 + levels * NODE);
  // An object header of version 1 with a layout message of version 3, chunked, one dimension and the value's size.
  file.writeUInt8(1, 0);
  file.writeUInt32LE(32, 8);
  file.writeUInt16LE(8, 16);
  file.writeUInt16LE(24, 18);
  file.set([3, 2, 2], 24);
  file.writeBigUInt64LE(1024n, 27);
  for (let n = 0; n < levels; n++) {
    const at = 1024 + n * NODE;
    file.write("TREE", at);
    file.set([1, levels - 1 - n], at + 4);
    file.writeUInt16LE(ENTRIES, at + 6);
    for (let i = 0; i < ENTRIES; i++) {
      const key = at + 24 + i * 32;
      file.writeUInt32LE(4, key);
      file.writeBigUInt64LE(BigInt(i), key + 8);
      file.writeBigUInt64LE(BigInt(n + 1 < levels ? at + NODE : 100), key + 24);
    }
  }
  return {
    size: file.length,
    read: (offset, into) => into.set(file.subarray(offset, offset + into.length)),
    close() {},
  };
}

const storage = { address: 0, itemBytes: 4, extent: [ENTRIES], chunk: [1], filters: [] };

test("the chunks of an index", () => {
  const index = indexChunks(looped(1), storage);
  expect(Array.from(index!.lengths)).toEqual(Array.from({ length: ENTRIES }, () => 4));
  expect(Array.from(index!.addresses)).toEqual(Array.from({ length: ENTRIES }, () => 100));
});

// Along all of its ways it has 8 ** 16 chunks.
test("an index whose nodes share their children is left to the library", () => {
  expect(indexChunks(looped(16), storage)).toBeUndefined();
});
