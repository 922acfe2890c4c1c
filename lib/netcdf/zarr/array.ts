import type { DataType } from "../dataset.ts";
import type { ByteCodec } from "./codecs.ts";
import type { Json } from "./json.ts";

/** An array as its metadata describes it, of either version of Zarr. */
export interface ZarrArray {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  /** Names of its dimensions, if it has some. */
  readonly dimensions: readonly string[] | undefined;
  readonly attributes: Json;
  /** The value of chunks that were never written. */
  readonly fill: number | bigint;
  /** Whether that value is a missing one. */
  readonly fillIsMissing: boolean;
  /** What is in one file: a chunk, or a shard of several. */
  readonly stored: Stored;
  /** The path of the file at a position among all, below the array's folder. */
  readonly pathOf: (position: readonly number[]) => string;
}

/** How values are stored in a file. */
export type Stored = Chunk | Shard;

export interface Chunk {
  readonly kind: "chunk";
  readonly shape: readonly number[];
  readonly packing: Packing;
}

/** How the values of a chunk became bytes. */
export interface Packing {
  /** The array's dimensions in the order in which its values follow each other, slowest first. */
  readonly order: readonly number[];
  readonly endian: "LE" | "BE";
  readonly codecs: readonly ByteCodec[];
}

/** Chunks of one shape in one file, and an index of where they lie. */
export interface Shard {
  readonly kind: "shard";
  readonly shape: readonly number[];
  readonly chunk: Chunk;
  readonly index: { readonly codecs: readonly ByteCodec[]; readonly atStart: boolean; readonly endian: "LE" | "BE" };
}

/** The chunks that values are read by. */
export function chunkOf({ stored }: ZarrArray): Chunk {
  return stored.kind === "chunk" ? stored : stored.chunk;
}
