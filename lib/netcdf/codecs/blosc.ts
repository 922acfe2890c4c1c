import { inflateSync } from "node:zlib";
import { unshuffle } from "../hdf5/unshuffle.ts";
import { decodeBlosclz } from "./blosclz.ts";
import type { Decode } from "./codecs.ts";
import { decodeLz4Block } from "./lz4.ts";
import { decodeZstd } from "./zstd.ts";

const HEADER_BYTES = 16;
const FLAG = { shuffled: 1, copied: 2, bitsShuffled: 4, inOne: 16 } as const;

/** Blocks are cut in parts, one for each byte of an item, where items are of so few bytes, and a part has so many. */
const MOST_PARTS = 16;
const SHORTEST_PART = 128;

/** By the number that a header has. The third one, snappy, is seldom built in. */
const CODECS: readonly (Decode | undefined)[] = [
  decodeBlosclz,
  decodeLz4Block,
  undefined,
  (bytes, length) => inflateSync(bytes, { maxOutputLength: length }),
  decodeZstd,
];

interface Header {
  readonly decode: Decode;
  readonly flags: number;
  readonly itemBytes: number;
}

/** What Blosc 1 writes: blocks that are shuffled and compressed, each on its own. */
export function decodeBlosc(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [flags, itemBytes] = [view.getUint8(2), view.getUint8(3)];
  const [whole, blockBytes] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (whole !== length) throw new Error(`${whole} bytes, not ${length}`);
  if ((flags & FLAG.copied) !== 0) return bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
  const decode = CODECS[flags >> 5];
  if (decode === undefined) throw new Error(`a codec of Blosc, ${flags >> 5}, that is not read`);
  if (blockBytes === 0 || itemBytes === 0) throw new Error("blocks of nothing");
  const output = new Uint8Array(length);
  for (let n = 0; n * blockBytes < length; n++) {
    const start = view.getUint32(HEADER_BYTES + 4 * n, true);
    const count = Math.min(blockBytes, length - n * blockBytes);
    const isWhole = count === blockBytes;
    const block = decodeBlock(bytes.subarray(start), { count, isWhole }, { decode, flags, itemBytes });
    output.set(unshuffled(block, flags, itemBytes), n * blockBytes);
  }
  return output;
}

function decodeBlock(
  bytes: Uint8Array,
  { count, isWhole }: { readonly count: number; readonly isWhole: boolean },
  { decode, flags, itemBytes }: Header,
): Uint8Array {
  const cut =
    (flags & FLAG.inOne) === 0 && isWhole && itemBytes <= MOST_PARTS && Math.floor(count / itemBytes) >= SHORTEST_PART;
  const parts = cut ? itemBytes : 1;
  const partBytes = Math.floor(count / parts);
  const block = new Uint8Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let n = 0, at = 0; n < parts; n++) {
    const stored = view.getUint32(at, true);
    at += 4;
    if (at + stored > bytes.length) throw new Error("cut short");
    const part = bytes.subarray(at, at + stored);
    const decoded = stored === partBytes ? part : decode(part, partBytes);
    if (decoded.length !== partBytes) throw new Error(`${decoded.length} bytes, not ${partBytes}`);
    block.set(decoded, n * partBytes);
    at += stored;
  }
  return block;
}

function unshuffled(block: Uint8Array, flags: number, itemBytes: number): Uint8Array {
  const items = Math.floor(block.length / itemBytes);
  const bytes = items * itemBytes;
  const inBits = (flags & FLAG.bitsShuffled) !== 0 && items > 0 && items % 8 === 0;
  if (itemBytes === 1 && !inBits) return block;
  if ((flags & FLAG.shuffled) === 0 && !inBits) return block;
  const result = new Uint8Array(block.length);
  if ((flags & FLAG.shuffled) !== 0) unshuffle(block.subarray(0, bytes), itemBytes, result)(0, 0, items);
  else unshuffleBits(block.subarray(0, bytes), itemBytes, result);
  // What is left of an item stands behind all others.
  result.set(block.subarray(bytes), bytes);
  return result;
}

/** The first bits of all items stand first, then their second ones, and so on. */
function unshuffleBits(block: Uint8Array, itemBytes: number, result: Uint8Array): void {
  const rowBytes = block.length / itemBytes / 8;
  for (let row = 0; row < 8 * itemBytes; row++) {
    const [byte, bit] = [row >> 3, row & 7];
    for (let n = 0; n < rowBytes; n++) {
      const bits = block[row * rowBytes + n]!;
      for (let k = 0, at = 8 * n * itemBytes + byte; k < 8; k++, at += itemBytes) {
        result[at] = result[at]! | (((bits >> k) & 1) << bit);
      }
    }
  }
}
