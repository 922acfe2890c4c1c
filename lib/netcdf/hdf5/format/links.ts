import { lookup3 } from "./checksum.ts";
import { FractalHeap } from "./fractal-heap.ts";
import { Cursor, insist, type Metadata, textOf } from "./metadata.ts";
import { MESSAGE, messageOfType, type ObjectHeader } from "./object-header.ts";
import { type Link, symbolTableLinks } from "./symbol-table.ts";
import { treeRecords } from "./version-2-tree.ts";

/**
 * The links of a group, in the order in which the HDF5 library lists them: as they were made where the group has an
 * index of that, else by their names' bytes. Undefined for what is no group.
 *
 * @throws LeftToLibrary where a link leads anywhere but to an object of this file, or the group is damaged
 */
export function readLinks(file: Metadata, header: ObjectHeader): Link[] | undefined {
  const table = messageOfType(header, MESSAGE.symbolTable);
  const info = messageOfType(header, MESSAGE.linkInfo);
  insist(table === undefined || info === undefined, "a group of both kinds");
  if (table !== undefined) return byName(symbolTableLinks(file, new Cursor(table)));
  if (info === undefined) return undefined;
  const { heap, names, inOrder } = readLinkInfo(new Cursor(info));
  const compact = header.messages.filter(({ type }) => type === MESSAGE.link).map(({ body }) => readLink(body));
  const links = [...compact, ...(heap === undefined ? [] : denseLinks(file, heap, names))];
  return inOrder ? inOrderOf(byName(links)) : byName(links);
}

/** Of links or attributes of one object: in the order in which they were made. */
export function inOrderOf<T extends { readonly creationOrder: number }>(made: readonly T[]): T[] {
  const orders = new Set(made.map(({ creationOrder }) => creationOrder));
  const known = made.every(({ creationOrder }) => creationOrder <= Number.MAX_SAFE_INTEGER);
  insist(known && orders.size === made.length, "made in no order");
  return made.toSorted((a, b) => a.creationOrder - b.creationOrder);
}

/** The library looks for a name by its hash. @throws LeftToLibrary where the index has another */
export function requireHash(name: string, hash: number): void {
  insist(lookup3(Buffer.from(name)) === hash, "a name that the library does not find");
}

export function byName<T extends { readonly name: string }>(named: readonly T[]): T[] {
  const names = new Set(named.map(({ name }) => name));
  insist(names.size === named.length, "the same name twice");
  return [...named].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

interface LinkInfo {
  readonly heap: number | undefined;
  readonly names: number | undefined;
  readonly inOrder: boolean;
}

/** Source: "HDF5 File Format Specification", IV.A.2.c. The Link Info Message. */
function readLinkInfo(cursor: Cursor): LinkInfo {
  cursor.expectByte(0, "link info of version");
  const flags = cursor.uint(1);
  insist(flags < 4, `link info with flags ${flags}`);
  if ((flags & 1) !== 0) cursor.skip(8);
  return { heap: cursor.address(), names: cursor.address(), inOrder: (flags & 2) !== 0 };
}

/** Records of names' hashes, by which they are sorted, and of where the links are. */
const BY_NAME = 5;

function denseLinks(file: Metadata, heap: number, names: number | undefined): Link[] {
  insist(names !== undefined, "links without an index");
  const objects = new FractalHeap(file, heap);
  return Array.from(treeRecords(file, names, BY_NAME), (record) => {
    const cursor = new Cursor(record);
    const hash = cursor.uint(4);
    const link = readLink(objects.read(cursor));
    requireHash(link.name, hash);
    return link;
  });
}

/** Source: "HDF5 File Format Specification", IV.A.2.g. The Link Message. */
function readLink(body: DataView<ArrayBuffer>): Link {
  const cursor = new Cursor(body);
  cursor.expectByte(1, "a link of version");
  const flags = cursor.uint(1);
  insist(flags < 0x20, `a link with flags ${flags}`);
  if ((flags & 8) !== 0) cursor.expectByte(0, "a link of another kind,");
  const creationOrder = (flags & 4) !== 0 ? cursor.uint(8) : 0;
  if ((flags & 16) !== 0) cursor.skip(1);
  const nameBytes = cursor.bytes(cursor.uint(1 << (flags & 3)));
  insist(nameBytes.length > 0 && !nameBytes.includes(0), "a link without a name");
  const address = cursor.definedAddress();
  // In a header of the older kind its length is a multiple of 8.
  insist(cursor.left < 8, "a link of an odd length");
  return { name: textOf(nameBytes), address, creationOrder };
}
