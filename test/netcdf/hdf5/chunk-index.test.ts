import { expect, test } from "vitest";
import { indexChunks } from "../../../lib/netcdf/hdf5/chunk-index.ts";
import { Bytes } from "../../support/bytes.ts";

const ROOT = 1024;
const NODE_BYTES = 512;
const CHUNKS = 8;
const DATA = 100;
const LAYOUT = 0x08;
const CONTINUATION = 0x10;

/** A variable of {@link CHUNKS} chunks, whose object header is at the beginning of the file. */
const STORAGE = { address: 0, itemBytes: 4, extent: [CHUNKS], chunk: [1], filters: [] };

/** An object header of version 1 with one message of 24 bytes. */
function header(type: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt32LE(32, 8);
  bytes.writeUInt16LE(type, 16);
  bytes.writeUInt16LE(24, 18);
  bytes.set(body, 24);
  return bytes;
}

/** A file whose index has a node on each of its `levels`, with the next one as all of its children. */
function indexOf(levels: number): Buffer {
  const file = Buffer.alloc(ROOT + levels * NODE_BYTES);
  // A layout of version 3, chunked, along one dimension and the bytes of a value; then the root's address.
  file.set(header(LAYOUT, Uint8Array.of(3, 2, 2, ROOT & 0xff, ROOT >> 8)));
  for (let n = 0; n < levels; n++) {
    const node = ROOT + n * NODE_BYTES;
    const level = levels - 1 - n;
    file.write("TREE", node);
    file.set([1, level, CHUNKS], node + 4);
    for (let i = 0; i < CHUNKS; i++) {
      const key = node + 24 + i * 32;
      file.writeUInt32LE(4, key);
      file.writeUInt32LE(i, key + 8);
      file.writeUInt32LE(level === 0 ? DATA : node + NODE_BYTES, key + 24);
    }
  }
  return file;
}

const bytesRead = ({ reads }: Bytes) => reads.reduce((sum, [, length]) => sum + length, 0);

test("an index tells where the chunks lie", () => {
  const index = indexChunks(new Bytes(indexOf(1)), STORAGE);
  expect([...index!.lengths]).toEqual(Array.from({ length: CHUNKS }, () => 4));
  expect([...index!.addresses]).toEqual(Array.from({ length: CHUNKS }, () => DATA));
});

test("of a damaged index whose nodes share children no more is read than the file has", () => {
  // Along all of its ways it has 8 ** 5 chunks; with a few levels more nobody would wait for its end.
  const access = new Bytes(indexOf(5));
  expect(indexChunks(access, STORAGE)).toBeUndefined();
  expect(bytesRead(access)).toBeLessThan(2 * access.size);
});

test("of a damaged header that is continued in itself little is read", () => {
  const file = Buffer.alloc(2 ** 16);
  // Its block is all of the file after the prefix.
  file.set(header(CONTINUATION, Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xff)));
  const access = new Bytes(file);
  expect(indexChunks(access, STORAGE)).toBeUndefined();
  expect(bytesRead(access)).toBeLessThan(2 ** 21);
});
