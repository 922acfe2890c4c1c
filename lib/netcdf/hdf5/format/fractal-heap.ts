import { requireChecksum } from "./checksum.ts";
import { Cursor, insist, leave, type Metadata } from "./metadata.ts";
import { treeRecords } from "./version-2-tree.ts";

const HEADER_BYTES = 146;

/** Bytes of a block before what it holds: signature, version, address of the heap's header. */
const BLOCK_PREFIX_BYTES = 13;

/** Direct blocks of netCDF-C's files have 64 KiB at most. */
const LARGEST_BLOCK = 2 ** 24;

/** Of a block's table of other blocks: HDF5 makes 4. An object is looked for in row after row. */
const MOST_COLUMNS = 16;

/** Kinds of objects, in bits 4 and 5 of an id. */
const KIND = { managed: 0, huge: 1, tiny: 2 } as const;

/** Records of objects too large for a block: where each is, its length and its key. */
const HUGE_BY_KEY = 1;
/** Bytes of an id behind its first one that can be such a key. */
const LONGEST_KEY = 8;

/** The objects of a heap that are too large for its blocks. */
class HugeObjects {
  readonly #file: Metadata;
  readonly #tree: number | undefined;
  #records: ReadonlyMap<number, { readonly address: number; readonly length: number }> | undefined;

  constructor(file: Metadata, tree: number | undefined) {
    this.#file = file;
    this.#tree = tree;
  }

  read(key: number): DataView<ArrayBuffer> {
    const tree = this.#tree ?? leave("a huge object in no tree");
    this.#records ??= new Map(
      Array.from(treeRecords(this.#file, tree, HUGE_BY_KEY), (record) => {
        const cursor = new Cursor(record);
        const [address, length, of] = [cursor.definedAddress(), cursor.uint(8), cursor.uint(8)];
        return [of, { address, length }];
      }),
    );
    const { address, length } = this.#records.get(key) ?? leave("a huge object that is nowhere");
    return this.#file.view(address, length);
  }
}

/**
 * The objects of a fractal heap, where a group with many links and an object with many attributes keep them.
 *
 * Source: "HDF5 File Format Specification", III.G. Disk Format: Level 1G, Fractal Heap.
 */
export class FractalHeap {
  readonly #file: Metadata;
  readonly #address: number;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #checked: boolean;
  readonly #width: number;
  readonly #startBytes: number;
  readonly #largestDirect: number;
  readonly #root: number | undefined;
  readonly #rootRows: number;
  readonly #huge: HugeObjects;
  readonly #idBytes: number;
  readonly #blocks = new Map<number, DataView<ArrayBuffer>>();

  /** @throws LeftToLibrary where the heap is damaged, or its blocks are compressed */
  constructor(file: Metadata, address: number) {
    const header = file.cursor(address, HEADER_BYTES);
    requireChecksum(header.view);
    header.expect("FRHP");
    header.expectByte(0, "a fractal heap of version");
    this.#idBytes = header.uint(2);
    insist(header.uint(2) === 0, "a compressed fractal heap");
    const flags = header.uint(1);
    const largestManaged = header.uint(4);
    header.skip(8);
    this.#huge = new HugeObjects(file, header.address());
    // Free space and counts.
    header.skip(10 * 8);
    this.#width = header.uint(2);
    this.#startBytes = header.uint(8);
    this.#largestDirect = header.uint(8);
    const offsetBits = header.uint(2);
    header.skip(2);
    this.#root = header.address();
    this.#rootRows = header.uint(2);
    for (const size of [this.#width, this.#startBytes, this.#largestDirect]) {
      insist(size > 0 && Number.isInteger(Math.log2(size)) && size <= LARGEST_BLOCK, "a fractal heap of an odd size");
    }
    insist(this.#width <= MOST_COLUMNS, "a fractal heap of an odd size");
    insist(this.#startBytes <= this.#largestDirect && offsetBits <= 64 && this.#rootRows <= 64, "a damaged heap");
    this.#file = file;
    this.#address = address;
    this.#checked = (flags & 2) !== 0;
    this.#offsetBytes = Math.ceil(offsetBits / 8);
    this.#lengthBytes = Math.min(
      Math.ceil(Math.log2(this.#largestDirect) / 8),
      Math.floor(Math.log2(Math.max(1, largestManaged)) / 8) + 1,
    );
  }

  /** The object of an id. @throws LeftToLibrary where it is not in a block of the heap */
  read(id: Cursor): DataView<ArrayBuffer> {
    const first = id.uint(1);
    insist(first >> 6 === 0, "an id of another version");
    const kind = (first >> 4) & 3;
    if (kind === KIND.tiny) return id.slice(Math.min((first & 15) + 1, id.left));
    if (kind === KIND.huge) {
      // Where there is room for it, an id says itself where its object is.
      insist(this.#idBytes <= 16, "a huge object without a key");
      return this.#huge.read(id.uint(Math.min(this.#idBytes - 1, LONGEST_KEY)));
    }
    insist(kind === KIND.managed, "an object of an unknown kind");
    const [offset, length] = [id.uint(this.#offsetBytes), id.uint(this.#lengthBytes)];
    const root = this.#root ?? leave("an empty heap");
    const { block, start } =
      this.#rootRows === 0
        ? { block: this.#direct(root, 0, this.#startBytes), start: 0 }
        : this.#find(root, 0, this.#rootRows, offset);
    const at = offset - start;
    insist(at >= this.#prefixBytes && at + length <= block.byteLength, "an object beyond its block");
    return new DataView(block.buffer, block.byteOffset + at, length);
  }

  get #prefixBytes(): number {
    return BLOCK_PREFIX_BYTES + this.#offsetBytes + (this.#checked ? 4 : 0);
  }

  /** The direct block with `offset`, below an indirect block that starts at `start` and has `rows`. */
  #find(address: number, start: number, rows: number, offset: number): { block: DataView<ArrayBuffer>; start: number } {
    const directRows = Math.log2(this.#largestDirect / this.#startBytes) + 2;
    const cursor = this.#indirect(address, start, rows);
    let from = start;
    for (let row = 0; row < rows; row++) {
      const size = this.#startBytes * 2 ** Math.max(0, row - 1);
      for (let column = 0; column < this.#width; column++, from += size) {
        const child = cursor.address();
        if (offset < from || offset >= from + size) continue;
        insist(child !== undefined, "an object in no block");
        if (row < directRows) return { block: this.#direct(child, from, size), start: from };
        return this.#find(child, from, Math.log2(size / (this.#startBytes * this.#width)) + 1, offset);
      }
    }
    return leave("an object beyond the heap");
  }

  #indirect(address: number, start: number, rows: number): Cursor {
    insist(Number.isInteger(rows) && rows > 0, "an indirect block without rows");
    const length = BLOCK_PREFIX_BYTES + this.#offsetBytes + 8 * rows * this.#width + 4;
    const cursor = new Cursor(this.#once(address, length));
    requireChecksum(cursor.view);
    this.#requirePrefix(cursor, "FHIB", start);
    return cursor;
  }

  #direct(address: number, start: number, size: number): DataView<ArrayBuffer> {
    const known = this.#blocks.get(address);
    const block = this.#once(address, size);
    const cursor = new Cursor(block);
    this.#requirePrefix(cursor, "FHDB", start);
    if (this.#checked && known === undefined) {
      // Its checksum, before what it holds, is that of the block with zeros in its place.
      const copy = new DataView(new ArrayBuffer(size + 4));
      const bytes = new Uint8Array(copy.buffer);
      bytes.set(new Uint8Array(block.buffer, block.byteOffset, size));
      copy.setUint32(cursor.at, 0, true);
      copy.setUint32(size, block.getUint32(cursor.at, true), true);
      requireChecksum(copy);
    }
    return block;
  }

  #requirePrefix(cursor: Cursor, signature: string, start: number): void {
    cursor.expect(signature);
    cursor.expectByte(0, "a block of version");
    insist(cursor.address() === this.#address && cursor.uint(this.#offsetBytes) === start, "a block of another heap");
  }

  #once(address: number, length: number): DataView<ArrayBuffer> {
    const known = this.#blocks.get(address);
    if (known !== undefined) {
      insist(known.byteLength === length, "one block of two sizes");
      return known;
    }
    const view = this.#file.view(address, length);
    this.#blocks.set(address, view);
    return view;
  }
}
