import { isNumeric } from "../numeric-types.ts";
import type { RandomAccess } from "../random-access.ts";
import { product } from "../slab.ts";
import type { Hdf5File } from "./library.ts";
import { headerMessages, unsigned, viewAt } from "./object-header.ts";
import type { StoredDataset } from "./reader.ts";
import { typeOf } from "./types.ts";

/** Where the chunks of a variable lie in its file: plain data, so that threads can share it. */
export interface ChunkIndex {
  readonly itemBytes: number;
  /** Values stored along each dimension, slowest first. */
  readonly extent: readonly number[];
  /** Values of a chunk along each dimension. Those at the far edges have the same size. */
  readonly chunk: readonly number[];
  readonly shuffled: boolean;
  readonly deflated: boolean;
  /** Of every chunk, row-major: first byte and number of bytes. */
  readonly addresses: Float64Array;
  readonly lengths: Float64Array;
}

/** What the library tells of a variable's storage. */
export interface ChunkedStorage {
  /** Of its object header. */
  readonly address: number;
  readonly itemBytes: number;
  readonly extent: readonly number[];
  readonly chunk: readonly number[];
  /** Ids of its filters, in the order in which they were applied. */
  readonly filters: readonly number[];
}

const LAYOUT = 0x08;
const CHUNKED = 2;
const DEFLATE = 1;
const SHUFFLE = 2;
const MOST_CHUNKS = 2 ** 22;
/** Bytes: a chunk is inflated whole. */
const LARGEST_CHUNK = 2 ** 28;

/** Where the chunks of a dataset lie, if they can be read without the library. */
export function indexDataset(
  access: RandomAccess,
  file: Hdf5File,
  { path, metadata }: StoredDataset,
): ChunkIndex | undefined {
  const { shape, chunks, littleEndian, size } = metadata;
  if (shape === null || chunks === null || !littleEndian || !isNumeric(typeOf(metadata))) return undefined;
  return indexChunks(access, {
    address: file.addressOf(path),
    itemBytes: size,
    extent: shape,
    chunk: chunks,
    filters: file.hdf5.get_dataset_filters(file.id, path).map(({ id }) => id),
  });
}

/**
 * The chunks of a variable that is stored as nearly all NetCDF-4 is: an index of HDF5's first kind, shuffled and
 * deflated or not, every chunk written. Undefined for any other storage, and for an index that cannot be followed:
 * these are left to the library, which reads all there is, slower, and knows what is wrong.
 *
 * Source: "HDF5 File Format Specification", III.A.1. Version 1 B-trees, IV.A.2.i. The Data Layout Message.
 */
export function indexChunks(access: RandomAccess, storage: ChunkedStorage): ChunkIndex | undefined {
  const { itemBytes, extent, chunk, filters } = storage;
  const order = filters.join(",");
  if (!["", `${DEFLATE}`, `${SHUFFLE},${DEFLATE}`].includes(order)) return undefined;
  const counts = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const total = product(counts);
  if (total === 0 || total > MOST_CHUNKS || itemBytes * product(chunk) > LARGEST_CHUNK) return undefined;
  const addresses = new Float64Array(total);
  const lengths = new Float64Array(total);
  let found = 0;
  try {
    const layout = headerMessages(access, storage.address).find(({ type }) => type === LAYOUT)?.body;
    // Version 3 is the last one with this kind of index.
    if (layout?.getUint8(0) !== 3 || layout.getUint8(1) !== CHUNKED) return undefined;
    eachChunk(access, unsigned(layout, 3), extent.length, (offsets, address, length, mask) => {
      // A chunk that skips a filter, or does not lie on the grid of chunks.
      if (mask !== 0 || offsets.some((at, d) => at % chunk[d]! !== 0)) throw new Error("another kind of chunk");
      // What was shrunk away may still be listed.
      if (offsets.some((at, d) => at >= extent[d]!)) return;
      const place = offsets.reduce((at, offset, d) => at * counts[d]! + offset / chunk[d]!, 0);
      if (lengths[place] === 0) found++;
      addresses[place] = address;
      lengths[place] = length;
    });
  } catch {
    return undefined;
  }
  if (found < total) return undefined;
  const [deflated, shuffled] = [filters.includes(DEFLATE), filters.includes(SHUFFLE)];
  return { itemBytes, extent, chunk, shuffled, deflated, addresses, lengths };
}

const TREE = 0x45455254;
const NODE_PREFIX = 24;

/** Calls `visit` for every chunk of the tree at `root`. @throws Error where the tree is damaged */
function eachChunk(
  access: RandomAccess,
  root: number,
  dimensions: number,
  visit: (offsets: readonly number[], address: number, length: number, filterMask: number) => void,
): void {
  // Length and filter mask, the offset along each dimension and within the value; then the child's address.
  const keyBytes = 8 + 8 * (dimensions + 1);
  const entryBytes = keyBytes + 8;
  // Damaged nodes that share children lead along more ways than there is time for; those of a tree fit into its file.
  let left = access.size;
  const walk = (address: number, above: number): void => {
    const prefix = viewAt(access, address, NODE_PREFIX);
    const level = prefix.getUint8(5);
    if (prefix.getUint32(0, true) !== TREE || prefix.getUint8(4) !== 1 || level >= above) throw new Error("no node");
    const entries = prefix.getUint16(6, true);
    left -= NODE_PREFIX + entries * entryBytes;
    if (left < 0) throw new Error("more nodes than the file has room for");
    const node = viewAt(access, address + NODE_PREFIX, entries * entryBytes);
    for (let i = 0; i < entries; i++) {
      const key = i * entryBytes;
      const child = unsigned(node, key + keyBytes);
      if (level > 0) {
        walk(child, level);
        continue;
      }
      const offsets = Array.from({ length: dimensions }, (_, d) => unsigned(node, key + 8 + 8 * d));
      visit(offsets, child, node.getUint32(key, true), node.getUint32(key + 4, true));
    }
  };
  walk(root, Infinity);
}
