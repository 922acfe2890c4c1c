import { product } from "../../slab.ts";
import { CHECKSUM_BYTES, requireChecksum } from "./checksum.ts";
import { type ChunkGrid, placesOf, type StoredChunk } from "./chunk-grid.ts";
import { type Cursor, insist, type Metadata } from "./metadata.ts";

/** A chunk of an array, by its number in it. */
type Numbered = Omit<StoredChunk, "place"> & { readonly number: number };

/** What is said of a chunk is its address, or its address, length and skipped filters. */
interface Elements {
  readonly bytes: number;
  readonly chunkBytes: number;
  readonly filtered: boolean;
  /** Address of the header of their array. */
  readonly owner: number;
}

/** Signature, version, kind of elements, address of the array's header. */
const PREFIX_BYTES = 14;
const FIXED_HEADER_BYTES = 28;
const EXTENSIBLE_HEADER_BYTES = 72;

/**
 * The chunks of a dataset of which no dimension is unlimited.
 *
 * Source: "HDF5 File Format Specification", VII.C. Fixed Array Index.
 *
 * @throws LeftToLibrary where it is damaged
 */
export function* fixedArray(file: Metadata, owner: number, grid: ChunkGrid): Generator<StoredChunk> {
  const header = checked(file, owner, FIXED_HEADER_BYTES, "FAHD");
  const elements = elementsOf(header, owner, grid);
  const [pageBits, count, block] = [header.uint(1), header.uint(8), header.address()];
  const counts = mostChunks(grid);
  insist(count === product(counts), "an array of another size");
  if (block === undefined) return;
  const placeOf = placesOf(counts);
  const pageElements = 2 ** pageBits;
  const numbered =
    count > pageElements
      ? pages(file, block, elements, { count, pageElements })
      : readElements(
          blockOf(file, block, PREFIX_BYTES + count * elements.bytes + CHECKSUM_BYTES, { signature: "FADB", elements }),
          elements,
          { from: 0, count },
        );
  for (const { number, ...chunk } of numbered) yield { ...chunk, place: placeOf(number) };
}

function* pages(
  file: Metadata,
  block: number,
  elements: Elements,
  { count, pageElements }: { readonly count: number; readonly pageElements: number },
): Generator<Numbered> {
  const flagBytes = Math.ceil(count / pageElements / 8);
  const prefixBytes = PREFIX_BYTES + flagBytes + CHECKSUM_BYTES;
  const written = blockOf(file, block, prefixBytes, { signature: "FADB", elements }).bytes(flagBytes);
  for (let n = 0; n * pageElements < count; n++) {
    if ((written[n >> 3]! & (0x80 >> (n & 7))) === 0) continue;
    const from = n * pageElements;
    const here = Math.min(pageElements, count - from);
    const at = block + prefixBytes + n * (pageElements * elements.bytes + CHECKSUM_BYTES);
    const page = file.cursor(at, here * elements.bytes + CHECKSUM_BYTES);
    requireChecksum(page.view);
    yield* readElements(page, elements, { from, count: here });
  }
}

/**
 * The chunks of a dataset of which one dimension is unlimited; they are numbered as if it were the slowest.
 *
 * Source: "HDF5 File Format Specification", VII.D. Extensible Array Index.
 *
 * @throws LeftToLibrary where it is damaged, or has so many chunks that its blocks have pages
 */
export function* extensibleArray(file: Metadata, owner: number, grid: ChunkGrid): Generator<StoredChunk> {
  const growing = grid.maxShape.indexOf(Infinity);
  const isOnly = growing !== -1 && growing === grid.maxShape.lastIndexOf(Infinity);
  insist(isOnly, "an array that grows for a dataset that does not, or not along one dimension");
  const placeOf = placesOf([Infinity, ...mostChunks(grid).toSpliced(growing, 1)]);
  for (const { number, ...chunk } of extensibleElements(file, owner, grid)) {
    const [slowest, ...others] = placeOf(number);
    yield { ...chunk, place: others.toSpliced(growing, 0, slowest!) };
  }
}

function* extensibleElements(file: Metadata, owner: number, grid: ChunkGrid): Generator<Numbered> {
  const header = checked(file, owner, EXTENSIBLE_HEADER_BYTES, "EAHD");
  const elements = elementsOf(header, owner, grid);
  const [countBits, inIndex, smallest, mostInIndex] = [header.uint(1), header.uint(1), header.uint(1), header.uint(1)];
  const pageElements = 2 ** header.uint(1);
  header.skip(6 * 8);
  const index = header.address();
  if (index === undefined) return;
  const powers = [smallest, mostInIndex].every((n) => n > 0 && Number.isInteger(Math.log2(n)));
  insist(powers && countBits <= 64, "an array of an odd size");

  // Of the blocks there are twice as many, and then they are twice as large, in turn.
  const levels = Array.from({ length: 1 + countBits - Math.log2(smallest) }, (_, n) => ({
    blocks: 2 ** Math.floor(n / 2),
    count: smallest * 2 ** Math.floor((n + 1) / 2),
  }));
  const direct = levels.slice(0, 2 * Math.log2(mostInIndex));
  const beyond = levels.slice(direct.length);
  const bytes = inIndex * elements.bytes + 8 * (2 * (mostInIndex - 1) + beyond.length);
  const cursor = blockOf(file, index, PREFIX_BYTES + bytes + CHECKSUM_BYTES, { signature: "EAIB", elements });
  yield* readElements(cursor, elements, { from: 0, count: inIndex });

  const offsetBytes = Math.ceil(countBits / 8);
  let from = inIndex;
  function partOf(at: number, signature: string, contentBytes: number): Cursor {
    const length = PREFIX_BYTES + offsetBytes + contentBytes + CHECKSUM_BYTES;
    const part = blockOf(file, at, length, { signature, elements });
    // Where in the array it begins: of some blocks the library itself counts that wrongly.
    part.skip(offsetBytes);
    return part;
  }
  function* readBlocks(addresses: Cursor, { blocks, count }: (typeof levels)[number]): Generator<Numbered> {
    for (let n = 0; n < blocks; n++, from += count) {
      const at = addresses.address();
      if (at === undefined) continue;
      insist(count <= pageElements, "an array with pages");
      yield* readElements(partOf(at, "EADB", count * elements.bytes), elements, { from, count });
    }
  }
  for (const level of direct) yield* readBlocks(cursor, level);
  for (const level of beyond) {
    const at = cursor.address();
    insist(at === undefined || level.count <= pageElements, "an array with pages");
    if (at === undefined) from += level.blocks * level.count;
    else yield* readBlocks(partOf(at, "EASB", 8 * level.blocks), level);
  }
}

/** How many chunks there can be along each dimension. */
function mostChunks({ maxShape, chunk }: ChunkGrid): number[] {
  return maxShape.map((size, d) => Math.ceil(size / chunk[d]!));
}

function checked(file: Metadata, address: number, length: number, signature: string): Cursor {
  const cursor = file.cursor(address, length);
  requireChecksum(cursor.view);
  cursor.expect(signature);
  cursor.expectByte(0, "an array of version");
  return cursor;
}

function elementsOf(header: Cursor, owner: number, { chunkBytes, filtered }: ChunkGrid): Elements {
  header.expectByte(filtered ? 1 : 0, "elements of kind");
  const bytes = header.uint(1);
  insist(filtered ? bytes > 12 && bytes <= 20 : bytes === 8, `elements of ${bytes} bytes`);
  return { bytes, chunkBytes, filtered, owner };
}

/** A block of an array. */
interface BlockKind {
  readonly signature: string;
  readonly elements: Elements;
}

function blockOf(file: Metadata, address: number, length: number, { signature, elements }: BlockKind): Cursor {
  const block = checked(file, address, length, signature);
  block.expectByte(elements.filtered ? 1 : 0, "elements of kind");
  insist(block.definedAddress() === elements.owner, "a block of another array");
  return block;
}

/** Some elements of an array. */
interface Range {
  readonly from: number;
  readonly count: number;
}

function* readElements(
  cursor: Cursor,
  { bytes, chunkBytes, filtered }: Elements,
  { from, count }: Range,
): Generator<Numbered> {
  for (let number = from; number < from + count; number++) {
    const address = cursor.address();
    const [length, filterMask] = filtered ? [cursor.uint(bytes - 12), cursor.uint(4)] : [chunkBytes, 0];
    if (address !== undefined) yield { number, address, length, filterMask };
  }
}
