import { Cursor, insist, leave } from "./metadata.ts";

/** Where the values of a dataset are. */
export type Layout =
  | { readonly kind: "compact"; readonly values: Uint8Array<ArrayBuffer> }
  /** Undefined address: nothing was written. */
  | { readonly kind: "contiguous"; readonly address: number | undefined; readonly bytes: number }
  | ChunkedLayout;

export interface ChunkedLayout {
  readonly kind: "chunked";
  /** Of the index; undefined where no chunk was written. */
  readonly address: number | undefined;
  /** Values of a chunk along each dimension, then bytes of a value. */
  readonly chunk: readonly number[];
  readonly index: ChunkIndexKind;
}

export type ChunkIndexKind =
  | { readonly kind: "version 1 B-tree" | "implicit" | "fixed array" | "extensible array" | "version 2 B-tree" }
  /** Its bytes, and the filters that it skips, where there are filters. */
  | { readonly kind: "single chunk"; readonly filtered?: { readonly length: number; readonly mask: number } };

/**
 * A data layout message of version 3 or 4.
 *
 * Source: "HDF5 File Format Specification", IV.A.2.i. The Data Layout Message.
 *
 * @throws LeftToLibrary where it is of another version, or a virtual dataset
 */
export function readLayout(body: DataView<ArrayBuffer>): Layout {
  const cursor = new Cursor(body);
  const [version, layoutClass] = [cursor.uint(1), cursor.uint(1)];
  insist(version === 3 || version === 4, `a layout of version ${version}`);
  if (layoutClass === 0) return { kind: "compact", values: cursor.bytes(cursor.uint(2)) };
  if (layoutClass === 1) return { kind: "contiguous", address: cursor.address(), bytes: cursor.uint(8) };
  insist(layoutClass === 2, `a layout of class ${layoutClass}`);
  return version === 3 ? oldChunks(cursor) : newChunks(cursor);
}

function oldChunks(cursor: Cursor): ChunkedLayout {
  const rank = cursor.uint(1);
  const address = cursor.address();
  const chunk = Array.from({ length: rank }, () => cursor.uint(4));
  return { kind: "chunked", address, chunk, index: { kind: "version 1 B-tree" } };
}

/** A single chunk is filtered; its length and mask follow. */
const SINGLE_IS_FILTERED = 2;

function newChunks(cursor: Cursor): ChunkedLayout {
  const [flags, rank, sizeBytes] = [cursor.uint(1), cursor.uint(1), cursor.uint(1)];
  insist(sizeBytes >= 1 && sizeBytes <= 8, `sizes of ${sizeBytes} bytes`);
  const chunk = Array.from({ length: rank }, () => cursor.uint(sizeBytes));
  const index = indexKind(cursor, flags);
  return { kind: "chunked", chunk, index, address: cursor.address() };
}

/** What an array or tree says of itself here, it says in its own header again. */
function indexKind(cursor: Cursor, flags: number): ChunkIndexKind {
  const kind = cursor.uint(1);
  // Whole chunks at the edges that are not filtered have the other flag.
  insist(flags === 0 || (flags === SINGLE_IS_FILTERED && kind === 1), `chunks with flags ${flags}`);
  switch (kind) {
    case 1:
      if (flags === 0) return { kind: "single chunk" };
      return { kind: "single chunk", filtered: { length: cursor.uint(8), mask: cursor.uint(4) } };
    case 2:
      return { kind: "implicit" };
    case 3:
      cursor.skip(1);
      return { kind: "fixed array" };
    case 4:
      cursor.skip(5);
      return { kind: "extensible array" };
    case 5:
      cursor.skip(6);
      return { kind: "version 2 B-tree" };
    default:
      return leave(`chunks with an index of kind ${kind}`);
  }
}

/** A filter of a pipeline: its number, and what it is told. */
export interface StoredFilter {
  readonly id: number;
  readonly values: readonly number[];
}

/** HDF5 allows no more filters. */
const MOST_FILTERS = 32;

/** Filters with a smaller number are HDF5's own, whose name version 2 does not store. */
const FIRST_NAMED = 256;

/**
 * The filters of a filter pipeline message, in the order in which they were applied.
 *
 * Source: "HDF5 File Format Specification", IV.A.2.l. The Data Storage - Filter Pipeline Message.
 *
 * @throws LeftToLibrary where it is of another version, or damaged
 */
export function readFilters(body: DataView<ArrayBuffer>): StoredFilter[] {
  const cursor = new Cursor(body);
  const [version, count] = [cursor.uint(1), cursor.uint(1)];
  insist((version === 1 || version === 2) && count <= MOST_FILTERS, `filters of version ${version}`);
  const old = version === 1;
  if (old) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.uint(2);
    const nameBytes = old || id >= FIRST_NAMED ? cursor.uint(2) : 0;
    cursor.skip(2);
    const valueCount = cursor.uint(2);
    cursor.skip(old ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    insist(4 * valueCount <= cursor.left, "a damaged filter");
    const values = Array.from({ length: valueCount }, () => cursor.uint(4));
    if (old && valueCount % 2 === 1) cursor.skip(4);
    return { id, values };
  });
}

/** Makes sure that the fill value that older libraries look for can be read. @throws LeftToLibrary */
export function requireOldFillValue(body: DataView<ArrayBuffer>, itemBytes: number): void {
  const cursor = new Cursor(body);
  const length = cursor.uint(4);
  insist(length === 0 || length === itemBytes, `a fill value of ${length} bytes`);
  cursor.skip(length);
}

/** Fill values are not written, whatever they are. */
const NEVER = 1;

/**
 * What stands where nothing was written, as bytes of one value; undefined where that is not told.
 *
 * Source: "HDF5 File Format Specification", IV.A.2.f. The Data Storage - Fill Value Message.
 *
 * @throws LeftToLibrary where it is of another version, or damaged
 */
export function readFillValue(body: DataView<ArrayBuffer>, itemBytes: number): Uint8Array<ArrayBuffer> | undefined {
  const cursor = new Cursor(body);
  const version = cursor.uint(1);
  insist(version >= 1 && version <= 3, `a fill value of version ${version}`);
  const flags = cursor.uint(1);
  insist(version < 3 || (flags & ~0x3f) === 0, `a fill value with flags ${flags}`);
  insist(version < 3 || (flags & 0x30) !== 0x30, "a fill value that is not defined");
  let [writeTime, defined, stored] = [(flags >> 2) & 3, (flags & 0x10) === 0, (flags & 0x20) !== 0];
  if (version < 3) {
    writeTime = cursor.uint(1);
    const isDefined = cursor.uint(1);
    insist(isDefined < 2, `a fill value that is defined as ${isDefined}`);
    defined = isDefined === 1;
    stored = version === 1 || defined;
  }
  const length = stored ? cursor.uint(4) : 0;
  const value = cursor.bytes(length);
  if (!defined || writeTime === NEVER) return undefined;
  insist(length === 0 || length === itemBytes, `a fill value of ${length} bytes`);
  return length === 0 ? new Uint8Array(itemBytes) : value.slice();
}
