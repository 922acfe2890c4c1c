import { Cursor, insist, leave, type Metadata, textOf } from "./metadata.ts";
import { GROUP_NODE_ENTRIES, TABLE_NODE_ENTRIES, treeLeaves } from "./version-1-tree.ts";

/** A hard link of a group: the name of an object, and where its header is. */
export interface Link {
  readonly name: string;
  readonly address: number;
  /** 0 where that is not tracked. */
  readonly creationOrder: number;
}

/** Bytes of names that a group can have. */
const LARGEST_HEAP = 2 ** 24;

const NODE_PREFIX_BYTES = 8;
const ENTRY_BYTES = 40;

/** What an entry remembers of its object: nothing, or where a group's table is. A soft link has another number. */
export const MOST_CACHED = 1;

/**
 * The links of a group of the old kind: a version 1 B-tree of symbol table nodes, and a local heap with their names.
 *
 * Source: "HDF5 File Format Specification", III.A.1. Version 1 B-trees, III.B. Symbol Table, III.D. Local Heaps.
 *
 * @param message - the group's symbol table message
 * @throws LeftToLibrary where one is a soft link, or the group is damaged
 */
export function symbolTableLinks(file: Metadata, message: Cursor): Link[] {
  const [tree, heap] = [message.definedAddress(), message.definedAddress()];
  const names = readLocalHeap(file, heap);
  const leaves = treeLeaves(file, tree, {
    type: 0,
    nodeEntries: GROUP_NODE_ENTRIES,
    keyBytes: 8,
    readKey: (cursor) => nameAt(names, cursor.uint(8)),
    compare: (a, b) => Buffer.compare(a, b),
  });
  return [...leaves].flatMap(({ before, child, after }) => {
    const entries = readNode(file, child, names);
    // As the library finds a name: behind the key before its node, and not behind the next one.
    let last = before;
    for (const { nameBytes } of entries) {
      insist(Buffer.compare(last, nameBytes) < 0, "names that are not in order");
      last = nameBytes;
    }
    insist(Buffer.compare(last, after) <= 0, "names that are not in order");
    return entries.map(({ nameBytes, address }) => ({ name: textOf(nameBytes), address, creationOrder: 0 }));
  });
}

interface Entry {
  readonly nameBytes: Uint8Array;
  readonly address: number;
}

function readNode(file: Metadata, address: number, names: Uint8Array): Entry[] {
  file.requireRoom(address, NODE_PREFIX_BYTES + TABLE_NODE_ENTRIES * ENTRY_BYTES);
  const prefix = file.cursor(address, NODE_PREFIX_BYTES);
  prefix.expect("SNOD");
  prefix.expectByte(1, "a symbol table node of version");
  prefix.skip(1);
  const count = prefix.uint(2);
  insist(count <= TABLE_NODE_ENTRIES, "a symbol table node with too many entries");
  const entries = file.cursor(address + NODE_PREFIX_BYTES, count * ENTRY_BYTES);
  return Array.from({ length: count }, () => {
    const [offset, header, cached] = [entries.uint(8), entries.address(), entries.uint(4)];
    insist(cached <= MOST_CACHED && header !== undefined, "a soft link");
    entries.skip(20);
    const nameBytes = nameAt(names, offset);
    insist(nameBytes.length > 0, "a link without a name");
    return { nameBytes, address: header };
  });
}

function nameAt(names: Uint8Array, offset: number): Uint8Array {
  const end = names.indexOf(0, offset);
  return offset < names.length && end !== -1 ? names.subarray(offset, end) : leave("a name beyond its heap");
}

/** What the last free block of a local heap says of the next. */
const NO_MORE_FREE = 1;

function readLocalHeap(file: Metadata, address: number): Uint8Array {
  const header = file.cursor(address, 32);
  header.expect("HEAP");
  header.expectByte(0, "a local heap of version");
  header.skip(3);
  const size = header.uint(8);
  let free = header.uint(8);
  insist(size <= LARGEST_HEAP, "a local heap of no possible size");
  const view = file.view(header.definedAddress(), size);
  // The library refuses a heap whose free blocks it cannot follow. No block is smaller than what it says of itself.
  for (let blocks = 0; free !== NO_MORE_FREE; blocks++) {
    insist(blocks <= size / 16 && free + 16 <= size, "a local heap with damaged free blocks");
    const block = new Cursor(new DataView(view.buffer, free, 16));
    const [next, bytes] = [block.uint(8), block.uint(8)];
    insist(free + bytes <= size && next !== 0, "a local heap with damaged free blocks");
    free = next;
  }
  return new Uint8Array(view.buffer);
}
