import { toNative } from "../../byte-order.ts";
import { packedStrides, planSlab } from "../../byte-ranges.ts";
import type { DataType, Slab } from "../../dataset.ts";
import type { RandomAccess } from "../../random-access.ts";
import { countsOf, product } from "../../slab.ts";
import { type ChunkIndex, indexChunks } from "../chunk-index.ts";
import { readDatatype, type StoredType } from "./data-type.ts";
import { type Dataspace, readDataspace } from "./dataspace.ts";
import { insist, leave, type Metadata } from "./metadata.ts";
import { MESSAGE, messageOfType, type ObjectHeader } from "./object-header.ts";
import {
  type ChunkedLayout,
  type Layout,
  readFillValue,
  readFilters,
  readLayout,
  requireOldFillValue,
  type StoredFilter,
} from "./storage-messages.ts";

/** How the values of a dataset are stored. */
export type Values =
  | { readonly kind: "none" }
  | { readonly kind: "chunked"; readonly index: ChunkIndex }
  /** As they are, row-major; undefined offset: all are `fill`. */
  | {
      readonly kind: "plain";
      readonly type: StoredType & { kind: "number" };
      readonly extent: readonly number[];
      readonly from: Uint8Array<ArrayBuffer> | number | undefined;
      readonly fill: Uint8Array;
    };

export interface PlainDataset {
  readonly type: DataType;
  readonly space: Dataspace;
  /** Null where it is not chunked. */
  readonly chunk: readonly number[] | null;
  /** None of what holds no numbers, which is listed but not read. */
  readonly values: Values;
}

/** A dataset by its object header. @throws LeftToLibrary where it is stored in another way, or damaged */
export function readDataset(file: Metadata, header: ObjectHeader): PlainDataset {
  const body = (type: number): DataView<ArrayBuffer> | undefined => messageOfType(header, type);
  const [typeBody, spaceBody, layoutBody] = [body(MESSAGE.datatype), body(MESSAGE.dataspace), body(MESSAGE.layout)];
  if (typeBody === undefined || spaceBody === undefined || layoutBody === undefined) return leave("no dataset");
  insist(body(MESSAGE.externalFiles) === undefined, "external storage");
  const [type, space, layout] = [readDatatype(typeBody), readDataspace(spaceBody), readLayout(layoutBody)];
  insist(!space.empty, "a dataset without values");
  const chunk = layout.kind === "chunked" ? chunkShape(layout.chunk, space, type) : null;
  const fillBody = body(MESSAGE.fillValue);
  const fill = fillBody === undefined ? undefined : readFillValue(fillBody, type.itemBytes);
  const oldFillBody = body(MESSAGE.oldFillValue);
  if (oldFillBody !== undefined) requireOldFillValue(oldFillBody, type.itemBytes);
  const filtersBody = body(MESSAGE.filterPipeline);
  const filters = filtersBody === undefined ? [] : readFilters(filtersBody);
  const values: Values =
    layout.kind === "chunked"
      ? chunkedValues(file, { type, space, chunk: chunk ?? [], filters, fill, layout })
      : plainValues(file, { type, space, filters, fill, layout });
  return { type: typeOf(type), space, chunk, values };
}

/** What is said of a dataset's values. */
interface Storage<L extends Layout> {
  readonly type: StoredType;
  readonly space: Dataspace;
  readonly filters: readonly StoredFilter[];
  readonly fill: Uint8Array<ArrayBuffer> | undefined;
  readonly layout: L;
}

function chunkedValues(
  file: Metadata,
  { type, space, chunk, filters, fill, layout }: Storage<ChunkedLayout> & { readonly chunk: readonly number[] },
): Values {
  if (type.kind !== "number") return { kind: "none" };
  const { itemBytes, byteOrder } = type;
  const { shape: extent, maxShape } = space;
  const storage = { itemBytes, byteOrder, extent, maxShape, chunk, filters, layout, fill };
  return { kind: "chunked", index: indexChunks(file, storage) };
}

function plainValues(
  file: Metadata,
  { type, space, filters, fill, layout }: Storage<Exclude<Layout, ChunkedLayout>>,
): Values {
  insist(filters.length === 0, "filters without chunks");
  const bytes = type.itemBytes * product(space.shape);
  const from = layout.kind === "compact" ? layout.values : layout.address;
  if (typeof from === "number") file.requireRoom(from, bytes);
  insist((layout.kind === "compact" ? layout.values.length : layout.bytes) === bytes, "values of another size");
  if (type.kind !== "number") return { kind: "none" };
  if (from === undefined && fill === undefined) return leave("values of which it is not known what they are");
  return { kind: "plain", type, extent: space.shape, from, fill: fill ?? new Uint8Array(type.itemBytes) };
}

function typeOf(type: StoredType): DataType {
  if (type.kind === "number") return type.type;
  insist(type.kind === "text" || type.kind === "heap text", "a dataset of references");
  return type.kind === "text" && type.itemBytes === 1 ? "char" : "other";
}

/** Without the bytes of a value, which follow in the file. */
function chunkShape(chunk: readonly number[], { shape }: Dataspace, { itemBytes }: StoredType): readonly number[] {
  insist(chunk.length === shape.length + 1 && chunk.at(-1) === itemBytes, "chunks of another rank");
  return chunk.slice(0, -1);
}

/** Values stored along each dimension. */
export function extentOf(values: Values): readonly number[] {
  return values.kind === "chunked" ? values.index.extent : values.kind === "plain" ? values.extent : [];
}

/** Where the chunks lie of values that have any. */
export function plainIndex(values: Values): ChunkIndex | undefined {
  return values.kind === "chunked" ? values.index : undefined;
}

/** The values of a slab inside the extent, in native byte order, where they have no chunks. */
export function readPlain(access: RandomAccess, values: Values, slab: Slab): Uint8Array<ArrayBuffer> {
  if (values.kind !== "plain") throw new TypeError("no plain numbers");
  const { type, extent, from, fill } = values;
  const { itemBytes } = type;
  const bytes = new Uint8Array(itemBytes * product(countsOf(slab)));
  if (from === undefined) {
    for (let at = 0; at < bytes.length; at += itemBytes) bytes.set(fill, at);
  } else {
    const start = typeof from === "number" ? from : 0;
    let done = 0;
    for (const { offset, length } of planSlab(
      { offset: start, itemBytes, strides: packedStrides(itemBytes, extent) },
      slab,
    )) {
      const into = bytes.subarray(done, done + length);
      if (typeof from === "number") access.read(offset, into);
      else into.set(from.subarray(offset, offset + length));
      done += length;
    }
  }
  toNative(bytes, itemBytes, type.byteOrder);
  return bytes;
}
