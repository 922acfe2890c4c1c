import { type Cursor, insist, leave, type Metadata } from "./metadata.ts";

/** How many entries a node has room for, unless the superblock says otherwise. */
export const GROUP_NODE_ENTRIES = 32;
export const CHUNK_NODE_ENTRIES = 64;
/** Of a symbol table node, to which the leaves of a group's tree lead. */
export const TABLE_NODE_ENTRIES = 8;

/** Signature, type, level, number of entries, siblings. */
const PREFIX_BYTES = 24;

/** What a tree is of, by the numbers of the format specification. */
export interface TreeKind<Key> {
  readonly type: number;
  readonly nodeEntries: number;
  readonly keyBytes: number;
  readonly readKey: (cursor: Cursor) => Key;
  /** Below 0 where the first key stands before the second, 0 where they are the same. */
  readonly compare: (a: Key, b: Key) => number;
}

/** A child of a leaf, and the keys beside it. */
export interface TreeLeaf<Key> {
  readonly before: Key;
  readonly child: number;
  readonly after: Key;
}

/**
 * The children of the leaves of a version 1 B-tree, in its order. The library finds what it looks for by the keys: they
 * have to be in order, and those of a node between those beside it in the node above.
 *
 * Source: "HDF5 File Format Specification", III.A.1. Disk Format: Level 1A1, Version 1 B-trees.
 *
 * @throws LeftToLibrary where the tree is damaged
 */
export function* treeLeaves<Key>(file: Metadata, root: number, kind: TreeKind<Key>): Generator<TreeLeaf<Key>> {
  const { type, nodeEntries, keyBytes, readKey, compare } = kind;
  function* walk(address: number, above: number, parent?: Omit<TreeLeaf<Key>, "child">): Generator<TreeLeaf<Key>> {
    file.requireRoom(address, PREFIX_BYTES + nodeEntries * (keyBytes + 8) + keyBytes);
    const prefix = file.cursor(address, PREFIX_BYTES);
    prefix.expect("TREE");
    prefix.expectByte(type, "a tree of type");
    const [level, entries] = [prefix.uint(1), prefix.uint(2)];
    insist(level < above && entries <= nodeEntries, "no node of a tree");
    if (entries === 0) return;
    const node = file.cursor(address + PREFIX_BYTES, entries * (keyBytes + 8) + keyBytes);
    let before = readKey(node);
    insist(parent === undefined || compare(parent.before, before) <= 0, "keys that are not in order");
    for (let i = 0; i < entries; i++) {
      const child = node.address() ?? leave("a node without a child");
      const after = readKey(node);
      insist(compare(before, after) < 0, "keys that are not in order");
      if (level === 0) yield { before, child, after };
      else yield* walk(child, level, { before, after });
      before = after;
    }
    insist(parent === undefined || compare(before, parent.after) <= 0, "keys that are not in order");
  }
  yield* walk(root, Infinity);
}
