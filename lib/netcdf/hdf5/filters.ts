import { inflateSync } from "node:zlib";
import { decode } from "../codecs/codecs.ts";
import { product } from "../slab.ts";
import { type ChunkIndex, type Filter, isCodec } from "./chunk-index.ts";
import { CHECKSUM_BYTES, fletcher32 } from "./format/checksum.ts";
import { unshuffle } from "./unshuffle.ts";

/** What is undone of a chunk before its values can be unshuffled. */
export interface Frame {
  readonly deflated: boolean;
  /** Whether there is a checksum, and whether it was deflated with the values or stands behind what was. */
  readonly checksum: "inside" | "outside" | "none";
  /** Of the chunk, inflated, with a checksum inside. */
  readonly bytes: number;
}

export function frameOf({ filters, itemBytes, chunk }: ChunkIndex): Frame {
  const [deflate, check] = [filters.indexOf("deflate"), filters.indexOf("fletcher32")];
  const checksum = check === -1 ? "none" : check < deflate ? "inside" : "outside";
  const bytes = itemBytes * product(chunk) + (checksum === "inside" ? CHECKSUM_BYTES : 0);
  return { deflated: deflate !== -1, checksum, bytes };
}

/** Inflates a chunk. @throws Error where it is damaged, or longer than it can be */
export function inflateNow(bytes: Uint8Array, frame: Frame): Uint8Array {
  // With room for more, it is never asked for another buffer that would stay empty.
  return inflateSync(bytes, { maxOutputLength: frame.bytes, chunkSize: frame.bytes + 64 });
}

/** @throws Error where the checksum is another: HDF5 1.6.2 stored it with each two of its bytes exchanged */
export function withoutChecksum(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < 0) throw new Error("a chunk without its checksum");
  const values = bytes.subarray(0, end);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
  const sum = fletcher32(values);
  const exchanged = (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;
  if (stored !== sum && stored !== exchanged) throw new Error("a chunk with a wrong checksum");
  return values;
}

/** Whether a chunk is decoded as a whole, by {@link decodeChunk}: it is not deflated, or skips a filter. */
export function isDecodedWhole({ filters, skipped }: ChunkIndex, position: number): boolean {
  return skipped.has(position) || filters.some((filter) => isCodec(filter) && filter !== "deflate");
}

/** Undoes all filters of a chunk. @throws Error where it is damaged, or of another length than a chunk */
export function decodeChunk({ filters, skipped, itemBytes, chunk }: ChunkIndex, position: number, stored: Uint8Array) {
  const applied = filters.filter((_, n) => (((skipped.get(position) ?? 0) >> n) & 1) === 0);
  const length = itemBytes * product(chunk);
  let bytes = stored;
  for (const [n, filter] of [...applied.entries()].reverse()) {
    const checksums = applied.slice(0, n).filter((before) => before === "fletcher32").length;
    bytes = undo(filter, bytes, { length: length + CHECKSUM_BYTES * checksums, itemBytes });
  }
  if (bytes.length !== length) throw new Error(`a chunk holds ${bytes.length} bytes, not ${length}`);
  return bytes;
}

function undo(
  filter: Filter,
  bytes: Uint8Array,
  { length, itemBytes }: { readonly length: number; readonly itemBytes: number },
): Uint8Array {
  if (filter === "fletcher32") return withoutChecksum(bytes);
  if (filter === "deflate") return inflateSync(bytes, { maxOutputLength: length });
  if (filter !== "shuffle") return decode(filter, bytes, length);
  const result = new Uint8Array(bytes.length);
  unshuffle(bytes, itemBytes, result)(0, 0, bytes.length / itemBytes);
  return result;
}
