import { product } from "../../slab.ts";
import { extensibleArray, fixedArray } from "./chunk-arrays.ts";
import { type ChunkGrid, placesOf, type StoredChunk } from "./chunk-grid.ts";
import { Cursor, insist, type Metadata } from "./metadata.ts";
import type { ChunkedLayout } from "./storage-messages.ts";
import { CHUNK_NODE_ENTRIES, type TreeKind, treeLeaves } from "./version-1-tree.ts";
import { treeRecords } from "./version-2-tree.ts";

/** The chunks of a dataset that were written, in any order. @throws LeftToLibrary where the index is damaged */
export function* storedChunks(file: Metadata, layout: ChunkedLayout, grid: ChunkGrid): Generator<StoredChunk> {
  const { index, address } = layout;
  if (address === undefined) return;
  const { chunk, chunkBytes } = grid;
  switch (index.kind) {
    case "version 1 B-tree":
      for (const { before, child } of treeLeaves(file, address, chunkTree(layout.chunk))) {
        const { place, length, filterMask } = before;
        insist(place.at(-1) === 0, "a chunk that begins within a value");
        yield { place: place.slice(0, -1), address: child, length, filterMask };
      }
      return;
    case "single chunk": {
      insist((index.filtered !== undefined) === grid.filtered, "a chunk that is filtered in another way");
      const { length, mask } = index.filtered ?? { length: chunkBytes, mask: 0 };
      yield { place: chunk.map(() => 0), address, length, filterMask: mask };
      return;
    }
    case "implicit":
      yield* chunksInARow(address, grid);
      return;
    case "fixed array":
      yield* fixedArray(file, address, grid);
      return;
    case "extensible array":
      yield* extensibleArray(file, address, grid);
      return;
    case "version 2 B-tree":
      yield* newTree(file, address, grid);
      return;
    default:
      index satisfies never;
  }
}

function* chunksInARow(
  address: number,
  { extent, maxShape, chunk, chunkBytes, filtered }: ChunkGrid,
): Generator<StoredChunk> {
  insist(!filtered && maxShape.every((size, d) => size === extent[d]), "chunks without an index");
  const counts = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const placeOf = placesOf(counts);
  for (let n = 0; n < product(counts); n++)
    yield { place: placeOf(n), address: address + n * chunkBytes, length: chunkBytes, filterMask: 0 };
}

interface ChunkKey {
  readonly length: number;
  readonly filterMask: number;
  /** On the grid of chunks, and then within a value. */
  readonly place: readonly number[];
}

/** @param chunk - values along each dimension, and bytes of a value */
function chunkTree(chunk: readonly number[]): TreeKind<ChunkKey> {
  return {
    type: 1,
    nodeEntries: CHUNK_NODE_ENTRIES,
    keyBytes: 8 + 8 * chunk.length,
    readKey(cursor) {
      const [length, filterMask] = [cursor.uint(4), cursor.uint(4)];
      const place = chunk.map((size) => {
        const offset = cursor.uint(8);
        insist(offset % size === 0, "a chunk beside the grid of chunks");
        return offset / size;
      });
      return { length, filterMask, place };
    },
    compare: (a, b) => comparePlaces(a.place, b.place),
  };
}

/** Row-major. */
function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const d = a.findIndex((at, n) => at !== b[n]);
  return d === -1 ? 0 : a[d]! - b[d]!;
}

/** Records of chunks, and of filtered ones. */
const RECORDS = { plain: 10, filtered: 11 } as const;

/** Source: "HDF5 File Format Specification", III.A.2. Version 2 B-trees, records of types 10 and 11. */
function* newTree(file: Metadata, root: number, { chunk, chunkBytes, filtered }: ChunkGrid): Generator<StoredChunk> {
  let last: readonly number[] | undefined;
  for (const record of treeRecords(file, root, filtered ? RECORDS.filtered : RECORDS.plain)) {
    const cursor = new Cursor(record);
    const address = cursor.definedAddress();
    const lengthBytes = filtered ? cursor.left - 4 - 8 * chunk.length : 0;
    insist(lengthBytes >= 0 && lengthBytes <= 8, "lengths of an odd size");
    const [length, filterMask] = filtered ? [cursor.uint(lengthBytes), cursor.uint(4)] : [chunkBytes, 0];
    const place = chunk.map(() => cursor.uint(8));
    insist(cursor.left === 0, "records of an odd size");
    // The library finds a chunk by its place.
    insist(last === undefined || comparePlaces(last, place) < 0, "chunks that are not in order");
    last = place;
    yield { place, address, length, filterMask };
  }
}
