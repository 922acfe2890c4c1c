import zlib from "node:zlib";

/** How chunks are compressed that are not deflated, by what the HDF Group lists as filters of others. */
export type Codec = "blosc" | "bzip2" | "lz4" | "lzf" | "zstd";

/** Undoes a codec. @param length - of what comes of it @throws Error where it is damaged, or of another length */
export type Decode = (bytes: Uint8Array, length: number) => Uint8Array;

/** By their numbers in HDF5. Node has zstd since 22.15. */
export const CODECS: ReadonlyMap<number, Codec> = new Map([
  [307, "bzip2"],
  [32_000, "lzf"],
  [32_001, "blosc"],
  [32_004, "lz4"],
  ...(typeof zlib.zstdDecompressSync === "function" ? ([[32_015, "zstd"]] as const) : []),
]);

const LOAD: Readonly<Record<Codec, () => Promise<Decode>>> = {
  blosc: async () => (await import("./blosc.ts")).decodeBlosc,
  bzip2: async () => (await import("./bzip2.ts")).decodeBzip2,
  lz4: async () => (await import("./lz4.ts")).decodeLz4,
  lzf: async () => (await import("./lzf.ts")).decodeLzf,
  zstd: async () => (await import("./zstd.ts")).decodeZstd,
};

const loaded = new Map<Codec, Decode>();

/** Loads what undoes codecs, which few files need. */
export async function loadCodecs(codecs: Iterable<Codec>): Promise<void> {
  for (const codec of new Set(codecs)) {
    if (!loaded.has(codec)) loaded.set(codec, await LOAD[codec]());
  }
}

export function isLoaded(codec: Codec): boolean {
  return loaded.has(codec);
}

/** Undoes a codec that is loaded. @throws Error where the bytes are damaged, or of another length than `length` then */
export function decode(codec: Codec, bytes: Uint8Array, length: number): Uint8Array {
  const work = loaded.get(codec);
  if (work === undefined) throw new TypeError(`${codec} is not loaded`);
  const decoded = work(bytes, length);
  if (decoded.length !== length) throw new Error(`${decoded.length} bytes, not ${length}`);
  return decoded;
}
