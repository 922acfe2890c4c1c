import zlib, { gunzipSync, inflateSync } from "node:zlib";
import { InputError } from "../../errors.ts";
import { decode as decodeShared, loadCodecs, type Codec as SharedCodec } from "../codecs/codecs.ts";
import { decodeLz4Block } from "../codecs/lz4.ts";
import { unshuffle } from "../hdf5/unshuffle.ts";
import { crc32c } from "./crc32c.ts";
import type { Json } from "./json.ts";

/**
 * How bytes were changed, one codec after another. They are undone here, and not by zarrita, which gives other values, and
 * no error, for damaged chunks of Blosc; and whatever a chunk declares, no more memory is taken than its values have.
 */
export type ByteCodec =
  | { readonly kind: "compressed"; readonly undo: (bytes: Uint8Array, length: number) => Uint8Array }
  | { readonly kind: "shuffle"; readonly itemBytes: number }
  | { readonly kind: "crc32c" };

const CHECKSUM_BYTES = 4;
/** Zarr's LZ4 has the length in front. */
const LENGTH_BYTES = 4;

const SHARED: Readonly<Record<string, SharedCodec>> = { blosc: "blosc", zstd: "zstd", bz2: "bzip2" };

/**
 * A codec by its name, and what undoes it loaded.
 *
 * @param name - in Zarr 3, those of Python's numcodecs have that word in front
 * @throws InputError `UnsupportedFormat`
 */
export async function byteCodec(name: string, settings: Json, file: string): Promise<ByteCodec> {
  const plain = name.replace(/^numcodecs\./, "");
  switch (plain) {
    case "gzip":
      return { kind: "compressed", undo: (bytes, length) => gunzipSync(bytes, limited(length)) };
    case "zlib":
      return { kind: "compressed", undo: (bytes, length) => inflateSync(bytes, limited(length)) };
    case "lz4":
      return { kind: "compressed", undo: (bytes, length) => decodeLz4Block(bytes.subarray(LENGTH_BYTES), length) };
    case "crc32c":
      return { kind: "crc32c" };
    case "shuffle": {
      const { elementsize: itemBytes } = settings;
      if (typeof itemBytes === "number" && itemBytes >= 1 && itemBytes <= 16) return { kind: "shuffle", itemBytes };
      break;
    }
    default: {
      const shared = SHARED[plain];
      if (shared === undefined || (shared === "zstd" && typeof zlib.zstdDecompressSync !== "function")) break;
      await loadCodecs([shared]);
      return { kind: "compressed", undo: (bytes, length) => decodeShared(shared, bytes, length) };
    }
  }
  throw new InputError("UnsupportedFormat", `has the codec "${name}", which is not read here`, {
    file,
    choices: ["blosc", "bz2", "crc32c", "gzip", "lz4", "shuffle", "zlib", "zstd"],
    hint: "Write it again with one of these, or as NetCDF: xarray.open_zarr(…).to_netcdf(…)",
  });
}

function limited(length: number) {
  return { maxOutputLength: Math.max(1, length) };
}

/**
 * The bytes that codecs were given.
 *
 * @param codecs - in the order in which they were applied
 * @param length - of the bytes that the first one was given
 * @throws Error where they are damaged, or not as many
 */
export function undo(codecs: readonly ByteCodec[], packed: Uint8Array, length: number): Uint8Array {
  const given: number[] = [];
  let next = length;
  for (const { kind } of codecs) {
    given.push(next);
    if (kind === "crc32c") next += CHECKSUM_BYTES;
  }
  let bytes = packed;
  for (const [i, codec] of [...codecs.entries()].reverse()) bytes = undoOne(codec, bytes, given[i]!);
  if (bytes.length !== length) throw new Error(`${bytes.length} bytes, not ${length}`);
  return bytes;
}

function undoOne(codec: ByteCodec, bytes: Uint8Array, length: number): Uint8Array {
  switch (codec.kind) {
    case "compressed":
      return codec.undo(bytes, length);
    case "crc32c": {
      const end = bytes.length - CHECKSUM_BYTES;
      if (end < 0) throw new Error("cut short");
      const content = bytes.subarray(0, end);
      const said = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
      if (crc32c(content) !== said) throw new Error("a wrong checksum");
      return content;
    }
    case "shuffle": {
      if (codec.itemBytes === 1) return bytes;
      const items = Math.floor(bytes.length / codec.itemBytes);
      // A copy: `slice` of a Buffer is none.
      const result = new Uint8Array(bytes);
      const whole = bytes.subarray(0, items * codec.itemBytes);
      unshuffle(whole, codec.itemBytes, result)(0, 0, items);
      return result;
    }
    default:
      return codec satisfies never;
  }
}
