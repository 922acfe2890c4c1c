import { expect, test } from "vitest";
import { type ChunkedStorage, indexChunks } from "../../../lib/netcdf/hdf5/chunk-index.ts";
import { LeftToLibrary, Metadata } from "../../../lib/netcdf/hdf5/format/metadata.ts";
import { headerMessages } from "../../../lib/netcdf/hdf5/format/object-header.ts";
import { Bytes } from "../../support/bytes.ts";

const ROOT = 1024;
/** Of a node with room for 64 chunks, all of which has to be in the file. */
const NODE_BYTES = 24 + 64 * 32 + 24;
const CHUNKS = 8;
const DATA = 100;
const CONTINUATION = 0x10;

function treeAt(address: number | undefined): ChunkedStorage["layout"] {
  return { kind: "chunked", address, chunk: [1, 4], index: { kind: "version 1 B-tree" } };
}

/** A variable of {@link CHUNKS} chunks of one value each. */
const STORAGE: ChunkedStorage = {
  itemBytes: 4,
  byteOrder: "LE",
  extent: [CHUNKS],
  maxShape: [CHUNKS],
  chunk: [1],
  filters: [],
  layout: treeAt(ROOT),
  fill: undefined,
};

/** A file whose index has a node on each of its `levels`, with the next one as all of its children. */
function indexOf(levels: number): Buffer {
  const file = Buffer.alloc(ROOT + levels * NODE_BYTES);
  for (let n = 0; n < levels; n++) {
    const node = ROOT + n * NODE_BYTES;
    const level = levels - 1 - n;
    file.write("TREE", node);
    file.set([1, level, CHUNKS], node + 4);
    for (let i = 0; i < CHUNKS; i++) {
      const key = node + 24 + i * 32;
      file.writeUInt32LE(4, key);
      file.writeUInt32LE(i, key + 8);
      // The key behind the last child.
      file.writeUInt32LE(CHUNKS, node + 24 + CHUNKS * 32 + 8);
      file.writeUInt32LE(level === 0 ? DATA + 4 * i : node + NODE_BYTES, key + 24);
    }
  }
  return file;
}

const bytesRead = ({ reads }: Bytes) => reads.reduce((sum, [, length]) => sum + length, 0);

test("an index tells where the chunks lie", () => {
  const index = indexChunks(new Metadata(new Bytes(indexOf(1))), STORAGE);
  expect([...index.lengths]).toEqual(Array.from({ length: CHUNKS }, () => 4));
  expect([...index.addresses]).toEqual(Array.from({ length: CHUNKS }, (_, i) => DATA + 4 * i));
});

test("of a damaged index whose nodes share children no more is read than the file has", () => {
  // Along all of its ways it has 8 ** 5 chunks; with a few levels more nobody would wait for its end.
  const access = new Bytes(indexOf(5));
  expect(() => indexChunks(new Metadata(access), STORAGE)).toThrow(LeftToLibrary);
  expect(bytesRead(access)).toBeLessThan(2 * access.size);
});

test("of a damaged header that is continued in itself little is read", () => {
  const file = Buffer.alloc(2 ** 16);
  // An object header of version 1 with one message of 24 bytes, whose block is all of the file after the prefix.
  file.writeUInt8(1, 0);
  file.writeUInt32LE(32, 8);
  file.writeUInt16LE(CONTINUATION, 16);
  file.writeUInt16LE(24, 18);
  file.set(Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xff), 24);
  const access = new Bytes(file);
  expect(() => headerMessages(new Metadata(access), 0)).toThrow(LeftToLibrary);
  expect(bytesRead(access)).toBeLessThan(2 ** 21);
});

test.each<[string, Partial<ChunkedStorage>]>([
  ["lie beyond the file", { layout: treeAt(ROOT + NODE_BYTES) }],
  ["were never written, of unknown values", { layout: treeAt(undefined) }],
  ["are more than a file of its size has", { layout: treeAt(undefined), extent: [2 ** 20], fill: new Uint8Array(4) }],
])("chunks that %s are left to the library", (_, storage) => {
  const bytes = Buffer.concat([indexOf(1), indexOf(1).subarray(ROOT)]);
  // The second node is of chunks that the file does not have.
  bytes.writeUInt32LE(99_999, ROOT + NODE_BYTES + 48);
  expect(() => indexChunks(new Metadata(new Bytes(bytes)), { ...STORAGE, ...storage })).toThrow(LeftToLibrary);
});

test("variables whose indexes would take all memory together are left to the library", () => {
  const metadata = new Metadata(new Bytes(Buffer.alloc(2 ** 20)));
  const sparse = {
    ...STORAGE,
    layout: treeAt(undefined),
    extent: [2 ** 16],
    maxShape: [2 ** 16],
    fill: new Uint8Array(4),
  };
  const index = () => {
    for (let n = 0; n < 1000; n++) indexChunks(metadata, sparse);
  };
  expect(index).toThrow(LeftToLibrary);
  expect(() => indexChunks(new Metadata(metadata.access), sparse)).not.toThrow();
});
