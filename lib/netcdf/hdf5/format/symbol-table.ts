import { type Cursor, insist, leave, type Metadata, textOf } from "./metadata.ts";

/** A hard link of a group: the name of an object, and where its header is. */
export interface Link {
  readonly name: string;
  readonly address: number;
  /** 0 where that is not tracked. */
  readonly creationOrder: number;
}

/** Bytes of names that a group can have. */
const LARGEST_HEAP = 2 ** 24;

const TREE_PREFIX_BYTES = 24;
const NODE_PREFIX_BYTES = 8;
const ENTRY_BYTES = 40;

/** What an entry remembers of its object: nothing, or where a group's table is. A soft link has another number. */
const MOST_CACHED = 1;

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
  const links: Link[] = [];
  function walk(address: number, above: number): void {
    const prefix = file.cursor(address, TREE_PREFIX_BYTES);
    prefix.expect("TREE");
    prefix.expectByte(0, "a tree of type");
    const [level, count] = [prefix.uint(1), prefix.uint(2)];
    insist(level < above, "a tree that does not end");
    const node = file.cursor(address + TREE_PREFIX_BYTES, 8 + 16 * count);
    for (let i = 0; i < count; i++) {
      node.skip(8);
      const child = node.definedAddress();
      if (level > 0) walk(child, level);
      else links.push(...readNode(file, child, names));
    }
  }
  walk(tree, Infinity);
  return links;
}

function readNode(file: Metadata, address: number, names: Uint8Array): Link[] {
  const prefix = file.cursor(address, NODE_PREFIX_BYTES);
  prefix.expect("SNOD");
  prefix.expectByte(1, "a symbol table node of version");
  prefix.skip(1);
  const count = prefix.uint(2);
  const entries = file.cursor(address + NODE_PREFIX_BYTES, count * ENTRY_BYTES);
  return Array.from({ length: count }, () => {
    const [nameAt, header, cached] = [entries.uint(8), entries.address(), entries.uint(4)];
    insist(cached <= MOST_CACHED && header !== undefined, "a soft link");
    entries.skip(20);
    const end = names.indexOf(0, nameAt);
    if (nameAt >= names.length || end <= nameAt) return leave("a link without a name");
    return { name: textOf(names.subarray(nameAt, end)), address: header, creationOrder: 0 };
  });
}

function readLocalHeap(file: Metadata, address: number): Uint8Array {
  const header = file.cursor(address, 32);
  header.expect("HEAP");
  header.expectByte(0, "a local heap of version");
  header.skip(3);
  const size = header.uint(8);
  header.skip(8);
  insist(size <= LARGEST_HEAP, "a local heap of no possible size");
  return file.cursor(header.definedAddress(), size).bytes(size);
}
