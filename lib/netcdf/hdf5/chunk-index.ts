import type { NumericType } from "../dataset.ts";
import { product } from "../slab.ts";
import type { ByteOrder } from "./format/data-type.ts";
import { addressAt, insist, leave, type Metadata } from "./format/metadata.ts";
import type { StoredFilter } from "./format/storage-messages.ts";

/** A filter that is undone here. */
export type Filter = "shuffle" | "deflate" | "fletcher32";

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
  /** The bytes of a value in chunks that were never written. */
  readonly fill: Uint8Array;
}

/** A dataset of numbers that is stored in chunks. */
export interface ChunkedStorage {
  readonly type: NumericType;
  readonly itemBytes: number;
  readonly byteOrder: ByteOrder;
  readonly extent: readonly number[];
  readonly chunk: readonly number[];
  readonly filters: readonly StoredFilter[];
  /** Of the root of its version 1 B-tree; undefined where no chunk was written. */
  readonly root: number | undefined;
  /** Undefined where it is not known what stands where nothing was written. */
  readonly fill: Uint8Array | undefined;
}

const FILTERS = new Map<number, Filter>([
  [1, "deflate"],
  [2, "shuffle"],
  [3, "fletcher32"],
]);

const MOST_CHUNKS = 2 ** 22;
/** Bytes: a chunk is inflated whole. */
const LARGEST_CHUNK = 2 ** 28;
/** Chunks that an index of a small file may have, most of them not written. */
const FEW_CHUNKS = 2 ** 16;

/** @throws LeftToLibrary where there is another one, or one is told to do something else */
export function knownFilters(filters: readonly StoredFilter[], itemBytes: number): Filter[] {
  const known = filters.map(({ id, values }) => {
    const filter = FILTERS.get(id) ?? leave(`filter ${id}`);
    if (filter === "shuffle") insist(values.length === 1 && values[0] === itemBytes, "another kind of shuffle");
    return filter;
  });
  insist(new Set(known).size === known.length, "a filter that is applied twice");
  insist(known.indexOf("shuffle") < 1, "values that are not shuffled first");
  return known;
}

/**
 * The chunks of a variable that is stored as nearly all NetCDF-4 is: an index of HDF5's first kind, whose chunks are
 * shuffled, deflated, checked or not.
 *
 * Source: "HDF5 File Format Specification", III.A.1. Version 1 B-trees.
 *
 * @throws LeftToLibrary for other filters, and for an index that cannot be followed
 */
export function indexChunks(file: Metadata, storage: ChunkedStorage): ChunkIndex {
  const { itemBytes, byteOrder, extent, chunk, root, fill } = storage;
  const filters = knownFilters(storage.filters, itemBytes);
  insist(extent.length > 0 && extent.length === chunk.length && !chunk.includes(0), "chunks of another rank");
  const counts = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const total = product(counts);
  const most = Math.min(MOST_CHUNKS, Math.max(FEW_CHUNKS, file.access.size / 16));
  insist(total <= most && itemBytes * product(chunk) <= LARGEST_CHUNK, "too many chunks, or too large ones");
  const addresses = new Float64Array(total);
  const lengths = new Float64Array(total);
  let found = 0;
  if (root !== undefined) {
    eachChunk(file, root, extent.length, ({ offsets, address, length, filterMask }) => {
      insist(filterMask === 0, "a chunk that skips a filter");
      insist(!offsets.some((at, d) => at % chunk[d]! !== 0), "a chunk beside the grid of chunks");
      // What was shrunk away may still be listed.
      if (offsets.some((at, d) => at >= extent[d]!)) return;
      insist(length > 0 && address + length <= file.access.size, "a chunk beyond the file");
      const place = offsets.reduce((at, offset, d) => at * counts[d]! + offset / chunk[d]!, 0);
      insist(lengths[place] === 0, "a chunk that is stored twice");
      found++;
      addresses[place] = address;
      lengths[place] = length;
    });
  }
  if (found < total && fill === undefined) leave("chunks of which it is not known what they hold");
  return { itemBytes, byteOrder, extent, chunk, filters, addresses, lengths, fill: fill ?? new Uint8Array(itemBytes) };
}

/** `TREE` */
const TREE = 0x45455254;
const CHUNK_NODE = 1;
const NODE_PREFIX = 24;

interface StoredChunk {
  readonly offsets: readonly number[];
  readonly address: number;
  readonly length: number;
  /** A bit for each filter that was skipped. */
  readonly filterMask: number;
}

/** Calls `visit` for every chunk of the tree at `root`. @throws LeftToLibrary where the tree is damaged */
function eachChunk(file: Metadata, root: number, dimensions: number, visit: (chunk: StoredChunk) => void): void {
  // Length and filter mask, the offset along each dimension and within the value; then the child's address.
  const keyBytes = 8 + 8 * (dimensions + 1);
  const entryBytes = keyBytes + 8;
  const walk = (address: number, above: number): void => {
    const prefix = file.view(address, NODE_PREFIX);
    const level = prefix.getUint8(5);
    const known = prefix.getUint32(0, true) === TREE && prefix.getUint8(4) === CHUNK_NODE && level < above;
    insist(known, "no node of a tree of chunks");
    const entries = prefix.getUint16(6, true);
    const node = file.view(address + NODE_PREFIX, entries * entryBytes);
    for (let i = 0; i < entries; i++) {
      const key = i * entryBytes;
      const child = addressAt(node, key + keyBytes) ?? leave("a node without a child");
      if (level > 0) {
        walk(child, level);
        continue;
      }
      const at = (d: number): number => addressAt(node, key + 8 + 8 * d) ?? leave("a chunk without a place");
      insist(at(dimensions) === 0, "a chunk that begins within a value");
      const offsets = Array.from({ length: dimensions }, (_, d) => at(d));
      const [length, filterMask] = [node.getUint32(key, true), node.getUint32(key + 4, true)];
      visit({ offsets, address: child, length, filterMask });
    }
  };
  walk(root, Infinity);
}
