import { requireChecksum } from "./checksum.ts";
import { insist, type Metadata } from "./metadata.ts";

/** A tree of four levels has billions of records. */
const MOST_LEVELS = 8;

/** Bytes of a node before its records and behind its pointers: signature, version, type, checksum. */
const NODE_ENDS = 10;
const HEADER_BYTES = 38;

/** Bytes that hold a number up to `most`. */
function bytesFor(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

/**
 * The records of a version 2 B-tree, in its order.
 *
 * Source: "HDF5 File Format Specification", III.A.2. Disk Format: Level 1A2, Version 2 B-trees.
 *
 * @param type - of the records
 * @throws LeftToLibrary where the tree is damaged
 */
export function* treeRecords(file: Metadata, address: number, type: number): Generator<DataView<ArrayBuffer>> {
  const header = file.cursor(address, HEADER_BYTES);
  requireChecksum(header.view);
  header.expect("BTHD");
  header.expectByte(0, "a tree of version");
  header.expectByte(type, "records of type");
  const [nodeBytes, recordBytes, depth] = [header.uint(4), header.uint(2), header.uint(2)];
  header.skip(2);
  const [root, rootCount, total] = [header.address(), header.uint(2), header.uint(8)];
  insist(recordBytes > 0 && nodeBytes > NODE_ENDS + recordBytes && depth <= MOST_LEVELS, "a tree of no possible size");

  // How many records a node of each level has at most, and all below it: that decides how pointers are stored.
  const most = [Math.floor((nodeBytes - NODE_ENDS) / recordBytes)];
  const below = [most[0]!];
  const countBytes = bytesFor(most[0]!);
  const totalBytes = (level: number): number => (level === 0 ? 0 : bytesFor(below[level]!));
  const pointerBytes = (level: number): number => 8 + countBytes + totalBytes(level - 1);
  for (let level = 1; level <= depth; level++) {
    const pointer = pointerBytes(level);
    most.push(Math.floor((nodeBytes - NODE_ENDS - pointer) / (recordBytes + pointer)));
    below.push((most[level]! + 1) * below[level - 1]! + most[level]!);
  }

  let found = 0;
  function* walk(node: number, count: number, level: number): Generator<DataView<ArrayBuffer>> {
    insist(count <= most[level]!, "a node with too many records");
    const pointers = level === 0 ? 0 : (count + 1) * pointerBytes(level);
    const cursor = file.cursor(node, NODE_ENDS + count * recordBytes + pointers);
    requireChecksum(cursor.view);
    cursor.expect(level === 0 ? "BTLF" : "BTIN");
    cursor.expectByte(0, "a node of version");
    cursor.expectByte(type, "records of type");
    const own = Array.from({ length: count }, () => cursor.slice(recordBytes));
    for (let i = 0; i <= count; i++) {
      if (level > 0) {
        const [child, childCount] = [cursor.definedAddress(), cursor.uint(countBytes)];
        cursor.skip(totalBytes(level - 1));
        yield* walk(child, childCount, level - 1);
      }
      const record = own[i];
      if (record === undefined) continue;
      found++;
      yield record;
    }
  }
  if (root !== undefined) yield* walk(root, rootCount, depth);
  insist(found === total, `${found} records, not ${total}`);
}
