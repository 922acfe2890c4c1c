import { inflateSync } from "node:zlib";
import { product } from "../slab.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { CHECKSUM_BYTES, fletcher32 } from "./format/checksum.ts";

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
