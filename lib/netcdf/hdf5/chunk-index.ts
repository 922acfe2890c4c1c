import { CODECS, type Codec } from "../codecs/codecs.ts";
import { product } from "../slab.ts";
import { CHECKSUM_BYTES } from "./format/checksum.ts";
import { storedChunks } from "./format/chunk-lists.ts";
import type { ByteOrder } from "./format/data-type.ts";
import { insist, leave, type Metadata } from "./format/metadata.ts";
import type { ChunkedLayout, StoredFilter } from "./format/storage-messages.ts";

/** A filter that is undone here. */
export type Filter = "shuffle" | "deflate" | "fletcher32" | Codec;

/** Where the chunks of a variable lie in its file: plain data, so that threads can share it. */
export interface ChunkIndex {
  readonly itemBytes: number;
  readonly byteOrder: ByteOrder;
  /** Values stored along each dimension, slowest first. */
  readonly extent: readonly number[];
  /** Values of a chunk along each dimension. Those at the far edges have the same size. */
  readonly chunk: readonly number[];
  /** In the order in which they were applied. */
  readonly filters: readonly Filter[];
  /** Of every chunk, row-major: first byte and number of bytes, 0 where it was never written. */
  readonly addresses: Float64Array;
  readonly lengths: Float64Array;
  /** By position, of chunks for which filters were skipped: a bit for each that was. */
  readonly skipped: ReadonlyMap<number, number>;
  /** The bytes of a value in chunks that were never written. */
  readonly fill: Uint8Array;
}

/** A dataset of numbers that is stored in chunks. */
export interface ChunkedStorage {
  readonly itemBytes: number;
  readonly byteOrder: ByteOrder;
  readonly extent: readonly number[];
  readonly maxShape: readonly number[];
  readonly chunk: readonly number[];
  readonly filters: readonly StoredFilter[];
  readonly layout: ChunkedLayout;
  /** Undefined where it is not known what stands where nothing was written. */
  readonly fill: Uint8Array | undefined;
}

const FILTERS = new Map<number, Filter>([[1, "deflate"], [2, "shuffle"], [3, "fletcher32"], ...CODECS]);

/** Of deflate. */
const MOST_LEVEL = 9;

const MOST_CHUNKS = 2 ** 22;
/** Bytes: a chunk is inflated whole. */
const LARGEST_CHUNK = 2 ** 28;
/** Bytes that one byte can be inflated to: deflate's longest match, of 258 bytes, takes two bits. */
const MOST_DEFLATED = 1032;
/** Of other codecs: a block of zstd of 128 KiB takes four bytes. */
const MOST_DECODED = 2 ** 15;
/** Bytes of memory that it takes to keep which filters a chunk skips. */
const SKIPPED_BYTES = 64;
/** Chunks that an index of a small file may have, most of them not written. */
const FEW_CHUNKS = 2 ** 16;

/** @throws LeftToLibrary where there is another one, or one is told to do something else */
function knownFilters(filters: readonly StoredFilter[], itemBytes: number): Filter[] {
  const known = filters.map(({ id, values }) => {
    const filter = FILTERS.get(id) ?? leave(`filter ${id}`);
    const level = values[0] ?? Number.POSITIVE_INFINITY;
    if (filter === "deflate") insist(values.length === 1 && level <= MOST_LEVEL, "another kind of deflate");
    if (filter === "shuffle") insist(values.length === 1 && values[0] === itemBytes, "another kind of shuffle");
    return filter;
  });
  insist(new Set(known).size === known.length, "a filter that is applied twice");
  insist(known.indexOf("shuffle") < 1, "values that are not shuffled first");
  insist(known.filter(isCodec).length < 2, "values that are compressed twice");
  return known;
}

/** Whether a filter makes chunks shorter. */
export function isCodec(filter: Filter): filter is Codec | "deflate" {
  return filter !== "shuffle" && filter !== "fletcher32";
}

/** What is to be loaded before chunks are read. */
export function codecsOf(index: ChunkIndex | undefined): Codec[] {
  return (index?.filters ?? []).filter(isCodec).filter((codec) => codec !== "deflate");
}

/**
 * What length a chunk may have: none gets longer by more than a codec's own frame, or shorter than a codec can make it. So
 * neither a damaged length nor the size of a chunk of few bytes takes all memory.
 */
function possibleLength(filters: readonly Filter[], chunkBytes: number): (length: number, skipped: number) => boolean {
  const most = filters.includes("deflate") ? MOST_DEFLATED : MOST_DECODED;
  return (length, skipped) => {
    const applied = filters.filter((_, n) => ((skipped >> n) & 1) === 0);
    const stored = chunkBytes + (applied.includes("fletcher32") ? CHECKSUM_BYTES : 0);
    return applied.some(isCodec) ? length <= 2 * stored + 1024 && stored <= most * length : length === stored;
  };
}

/**
 * The chunks of a variable, which are shuffled, deflated, checked or not.
 *
 * @throws LeftToLibrary for other filters, and for an index that cannot be followed
 */
export function indexChunks(file: Metadata, storage: ChunkedStorage): ChunkIndex {
  const { itemBytes, byteOrder, extent, maxShape, chunk, layout, fill } = storage;
  const filters = knownFilters(storage.filters, itemBytes);
  insist(extent.length > 0 && extent.length === chunk.length && !chunk.includes(0), "chunks of another rank");
  const counts = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const total = product(counts);
  const chunkBytes = itemBytes * product(chunk);
  const most = Math.min(MOST_CHUNKS, Math.max(FEW_CHUNKS, file.access.size / 16));
  insist(total <= most && chunkBytes <= LARGEST_CHUNK, "too many chunks, or too large ones");
  file.reserve(16 * total);
  const addresses = new Float64Array(total);
  const lengths = new Float64Array(total);
  let found = 0;
  const skipped = new Map<number, number>();
  const isPossible = possibleLength(filters, chunkBytes);
  const grid = { extent, maxShape, chunk, chunkBytes, filtered: filters.length > 0 };
  for (const { place, address, length, filterMask } of storedChunks(file, layout, grid)) {
    insist(filterMask < 2 ** filters.length, "a chunk that skips a filter that there is not");
    // What was shrunk away may still be listed.
    if (place.some((at, d) => at >= counts[d]!)) continue;
    insist(isPossible(length, filterMask), "a chunk of no possible length");
    file.requireRoom(address, length);
    const at = place.reduce((before, n, d) => before * counts[d]! + n, 0);
    insist(lengths[at] === 0, "a chunk that is stored twice");
    found++;
    addresses[at] = address;
    lengths[at] = length;
    if (filterMask === 0) continue;
    file.reserve(SKIPPED_BYTES);
    skipped.set(at, filterMask);
  }
  if (found < total && fill === undefined) leave("chunks of which it is not known what they hold");
  const known = { itemBytes, byteOrder, extent, chunk, filters, addresses, lengths, skipped };
  return { ...known, fill: fill ?? new Uint8Array(itemBytes) };
}
