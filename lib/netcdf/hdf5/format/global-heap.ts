import { type Cursor, insist, leave, type Metadata } from "./metadata.ts";

const HEADER_BYTES = 16;

/** Bytes of a collection; the library's own have 4096, or as many as one large object needs. */
const LARGEST_COLLECTION = 2 ** 24;

/**
 * The objects of a file's global heap, where lists and texts of any length are. Each collection is read once.
 *
 * Source: "HDF5 File Format Specification", III.E. Disk Format: Level 1E, Global Heap.
 */
export class GlobalHeap {
  readonly #file: Metadata;
  readonly #collections = new Map<number, ReadonlyMap<number, Uint8Array<ArrayBuffer>>>();

  constructor(file: Metadata) {
    this.#file = file;
  }

  /**
   * The bytes that one element of a list or text refers to; undefined for one that refers to nothing.
   *
   * @param element - at its 16 bytes: the number of items, the collection's address, the object's index
   * @throws LeftToLibrary where the heap is damaged
   */
  read(element: Cursor, itemBytes: number): Uint8Array<ArrayBuffer> | undefined {
    const [count, address, index] = [element.uint(4), element.definedAddress(), element.uint(4)];
    if (address === 0) {
      insist(count === 0, "items at no address");
      return undefined;
    }
    const object = this.#collection(address).get(index) ?? leave("a reference to nothing in the global heap");
    insist(object.length === count * itemBytes, "an object of another size in the global heap");
    this.#file.reserve(object.length);
    return object;
  }

  #collection(address: number): ReadonlyMap<number, Uint8Array<ArrayBuffer>> {
    const known = this.#collections.get(address);
    if (known !== undefined) return known;
    const objects = readCollection(this.#file, address);
    this.#collections.set(address, objects);
    return objects;
  }
}

function readCollection(file: Metadata, address: number): ReadonlyMap<number, Uint8Array<ArrayBuffer>> {
  const header = file.cursor(address, HEADER_BYTES);
  header.expect("GCOL");
  header.expectByte(1, "a global heap of version");
  header.skip(3);
  const size = header.uint(8);
  insist(size >= HEADER_BYTES && size <= LARGEST_COLLECTION, "a global heap of no possible size");
  const cursor = file.cursor(address + HEADER_BYTES, size - HEADER_BYTES);
  const objects = new Map<number, Uint8Array<ArrayBuffer>>();
  while (cursor.left >= HEADER_BYTES) {
    const [index, , , length] = [cursor.uint(2), cursor.skip(2), cursor.skip(4), cursor.uint(8)];
    // Object 0 is the free space behind all others, whose length counts its header.
    if (index === 0) {
      insist(length === cursor.left + HEADER_BYTES, "free space that does not end with the global heap");
      break;
    }
    insist(!objects.has(index), "two objects of the same index");
    const bytes = cursor.bytes(length);
    cursor.skip(Math.min(cursor.left, (8 - (length % 8)) % 8));
    objects.set(index, bytes);
  }
  return objects;
}
