import zlib from "node:zlib";

/** Zstandard, by Node's own zlib. */
export function decodeZstd(bytes: Uint8Array, length: number): Uint8Array {
  return zlib.zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length) });
}
