import { toNative } from "../../byte-order.ts";
import type { Attribute, Attributes } from "../../dataset.ts";
import { valuesOf } from "../../numeric-types.ts";
import { product } from "../../slab.ts";
import { INTERNAL_ATTRIBUTES, LARGEST_ATTRIBUTE, textsOf } from "../attribute-values.ts";
import { readDatatype, type StoredType } from "./data-type.ts";
import { type Dataspace, readDataspace } from "./dataspace.ts";
import { FractalHeap } from "./fractal-heap.ts";
import type { GlobalHeap } from "./global-heap.ts";
import { byName, inOrderOf, requireHash } from "./links.ts";
import { Cursor, insist, leave, type Metadata, textOf } from "./metadata.ts";
import { MESSAGE, messageOfType, type ObjectHeader } from "./object-header.ts";
import { treeRecords } from "./version-2-tree.ts";

/** An attribute as it is stored: what it holds is looked at where it is asked for. */
export interface StoredAttribute {
  readonly name: string;
  readonly creationOrder: number;
  readonly datatype: DataView<ArrayBuffer>;
  readonly dataspace: DataView<ArrayBuffer>;
  readonly values: DataView<ArrayBuffer>;
}

/**
 * The attributes of an object, in the order in which the HDF5 library lists them: as they were made where the object
 * has an index of that, else by their names' bytes.
 *
 * @throws LeftToLibrary where they are damaged
 */
export function readStoredAttributes(file: Metadata, header: ObjectHeader): ReadonlyMap<string, StoredAttribute> {
  const named = byName(storedAttributes(file, header));
  for (const attribute of named) requireSound(attribute);
  const sorted = header.attributesInOrder ? inOrderOf(named) : named;
  return new Map(sorted.map((attribute) => [attribute.name, attribute]));
}

/** The datatype messages of an object's attributes, by their names. @throws LeftToLibrary where they are damaged */
export function attributeTypes(file: Metadata, header: ObjectHeader): ReadonlyMap<string, DataView<ArrayBuffer>> {
  return new Map(storedAttributes(file, header).map(({ name, datatype }) => [name, datatype]));
}

/**
 * The type of a list of what refers to a scale, and by which dimension, as HDF5 writes it: its members "dataset" and
 * "dimension", in versions 3 and 1 of datatype messages. The byte that tells whether a dimension is signed is 0.
 */
const LIST_TYPES = [
  "3602000010000000646174617365740000170000000800000064696d656e73696f6e0008100000000400000000002000",
  `16020000100000006461746173657400${"0".repeat(64)}170000000800000064696d656e73696f6e00${"0".repeat(12)}` +
    `08000000${"0".repeat(56)}100000000400000000002000`,
].map((type) => Buffer.from(type, "hex"));
const LIST_ITEM_BYTES = 16;
/** From the end of the type. */
const LIST_SIGN_BYTE = -11;

/** What is not looked at later is looked at here: where one attribute is damaged, the library lists none behind it. */
function requireSound(attribute: StoredAttribute): void {
  if (attribute.name !== "REFERENCE_LIST") {
    contentOf(attribute);
    return;
  }
  const { datatype, dataspace, values } = attribute;
  const type = Buffer.from(new Uint8Array(datatype.buffer, datatype.byteOffset, datatype.byteLength));
  if (type.at(LIST_SIGN_BYTE) === 8) type[type.length + LIST_SIGN_BYTE] = 0;
  insist(
    LIST_TYPES.some((known) => known.equals(type)),
    "an odd list",
  );
  const { shape } = readDataspace(dataspace);
  insist(product(shape) * LIST_ITEM_BYTES <= values.byteLength, "a list without its values");
}

function storedAttributes(file: Metadata, header: ObjectHeader): StoredAttribute[] {
  const compact = header.messages
    .filter(({ type }) => type === MESSAGE.attribute)
    .map(({ body, creationOrder }) => readMessage(body, creationOrder));
  const info = messageOfType(header, MESSAGE.attributeInfo);
  return [...compact, ...(info === undefined ? [] : denseAttributes(file, new Cursor(info)))];
}

/** Records that are sorted by the hashes of names. */
const BY_NAME = 8;

/** Source: "HDF5 File Format Specification", IV.A.2.v. The Attribute Info Message. */
function denseAttributes(file: Metadata, cursor: Cursor): StoredAttribute[] {
  cursor.expectByte(0, "attribute info of version");
  const flags = cursor.uint(1);
  insist(flags < 4, `attribute info with flags ${flags}`);
  if ((flags & 1) !== 0) cursor.skip(2);
  const [heap, names] = [cursor.address(), cursor.address()];
  if (heap === undefined) return [];
  insist(names !== undefined, "attributes without an index");
  const objects = new FractalHeap(file, heap);
  return Array.from(treeRecords(file, names, BY_NAME), (record) => {
    const fields = new Cursor(record);
    const id = new Cursor(fields.slice(8));
    fields.expectByte(0, "an attribute with flags");
    const attribute = readMessage(objects.read(id), fields.uint(4));
    requireHash(attribute.name, fields.uint(4));
    return attribute;
  });
}

/** Source: "HDF5 File Format Specification", IV.A.2.m. The Attribute Message. */
function readMessage(body: DataView<ArrayBuffer>, creationOrder: number): StoredAttribute {
  const cursor = new Cursor(body);
  const version = cursor.uint(1);
  insist(version >= 1 && version <= 3, `an attribute of version ${version}`);
  const flags = cursor.uint(1);
  insist(version === 1 || flags === 0, "an attribute of a shared type");
  const [nameBytes, typeBytes, spaceBytes] = [cursor.uint(2), cursor.uint(2), cursor.uint(2)];
  if (version === 3) cursor.skip(1);
  const next = (bytes: number): DataView<ArrayBuffer> => {
    const view = cursor.slice(bytes);
    if (version === 1) cursor.skip((8 - (bytes % 8)) % 8);
    return view;
  };
  const name = next(nameBytes);
  const bytes = new Uint8Array(name.buffer, name.byteOffset, nameBytes);
  insist(nameBytes > 1 && bytes.indexOf(0) === nameBytes - 1, "an attribute without a name");
  const text = textOf(bytes);
  return {
    name: text,
    creationOrder,
    datatype: next(typeBytes),
    dataspace: next(spaceBytes),
    values: cursor.slice(cursor.left),
  };
}

/** What NetCDF sees of an object's attributes. @throws LeftToLibrary where one is of another type, or damaged */
export function netcdfAttributes(stored: ReadonlyMap<string, StoredAttribute>, heap: GlobalHeap): Attributes {
  return Object.fromEntries(
    [...stored.values()]
      .filter(({ name }) => !INTERNAL_ATTRIBUTES.has(name))
      .map((attribute) => [attribute.name, valueOf(attribute, heap)]),
  );
}

/** The numbers of an attribute, none if there is no such attribute. @throws LeftToLibrary where it has others */
export function numbersOf(attribute: StoredAttribute | undefined): readonly number[] {
  if (attribute === undefined) return [];
  const { type, bytes } = contentOf(attribute);
  return type.kind === "number" ? numbers(type, bytes) : leave(`${attribute.name} holds no numbers`);
}

/** The one text of an attribute that ends with a zero. @throws LeftToLibrary where it is of another kind */
export function terminatedText(attribute: StoredAttribute): { readonly text: string; readonly itemBytes: number } {
  const { type, space, bytes } = contentOf(attribute);
  const known = type.kind === "text" && type.terminated && !space.empty && product(space.shape) === 1;
  return known ? { text: textOf(bytes), itemBytes: type.itemBytes } : leave(`${attribute.name} of another kind`);
}

/** The address of the first object in each of an attribute's lists, undefined for an empty one. */
export function firstReferences(attribute: StoredAttribute, heap: GlobalHeap): (number | undefined)[] {
  const { type, space, bytes } = contentOf(attribute);
  if (type.kind !== "heap references" || space.empty) return leave(`${attribute.name} holds no references`);
  return elementsOf(type, bytes).map((element) => {
    const object = heap.read(element, 8);
    return object === undefined || object.length === 0
      ? undefined
      : new Cursor(new DataView(object.buffer, object.byteOffset, object.length)).definedAddress();
  });
}

function valueOf(attribute: StoredAttribute, heap: GlobalHeap): Attribute {
  const { type, bytes } = contentOf(attribute);
  switch (type.kind) {
    case "number":
      return { type: type.type, value: numbers(type, bytes) };
    case "text":
      return { type: "char", value: textsOf(bytes, type.itemBytes) };
    case "heap text": {
      const texts = elementsOf(type, bytes).map((element) => textOf(heap.read(element, 1) ?? new Uint8Array()));
      return { type: "other", value: texts.join(", ") };
    }
    case "heap references":
      return leave("an attribute of references");
    default:
      return type satisfies never;
  }
}

interface Content {
  readonly type: StoredType;
  readonly space: Dataspace;
  /** A copy. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function contentOf({ datatype, dataspace, values }: StoredAttribute): Content {
  const [type, space] = [readDatatype(datatype), readDataspace(dataspace)];
  const length = space.empty ? 0 : type.itemBytes * product(space.shape);
  insist(length <= LARGEST_ATTRIBUTE && length <= values.byteLength, "an attribute without its values");
  return { type, space, bytes: new Uint8Array(values.buffer, values.byteOffset, length).slice() };
}

function elementsOf({ itemBytes }: StoredType, bytes: Uint8Array<ArrayBuffer>): Cursor[] {
  const cursor = new Cursor(new DataView(bytes.buffer));
  return Array.from({ length: bytes.length / itemBytes }, () => new Cursor(cursor.slice(itemBytes)));
}

function numbers(type: StoredType & { kind: "number" }, bytes: Uint8Array<ArrayBuffer>): number[] {
  const copy = bytes.slice();
  toNative(copy, type.itemBytes, type.byteOrder);
  return Array.from(valuesOf(type.type, copy.buffer), Number);
}
