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
import { type Layout, readFillValue, readFilters, readLayout } from "./storage-messages.ts";

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
  const values: Values = type.kind === "number" ? valuesOf(type, layout) : { kind: "none" };
  return { type: typeOf(type), space, chunk, values };

  function valuesOf(number: StoredType & { kind: "number" }, stored: Layout): Values {
    const { itemBytes, byteOrder } = number;
    const fillBody = body(MESSAGE.fillValue);
    const fill = fillBody === undefined ? undefined : readFillValue(fillBody, itemBytes);
    const filtersBody = body(MESSAGE.filterPipeline);
    const filters = filtersBody === undefined ? [] : readFilters(filtersBody);
    if (stored.kind === "chunked") {
      insist(stored.index.kind === "version 1 B-tree", `a ${stored.index.kind}`);
      const { shape: extent } = space;
      const root = stored.address;
      const storage = { type: number.type, itemBytes, byteOrder, extent, chunk: chunk ?? [], filters, root, fill };
      return { kind: "chunked", index: indexChunks(file, storage) };
    }
    insist(filters.length === 0, "filters without chunks");
    const bytes = itemBytes * product(space.shape);
    const from = stored.kind === "compact" ? stored.values : stored.address;
    if (from === undefined && fill === undefined) return leave("values of which it is not known what they are");
    if (typeof from === "number") insist(from + bytes <= file.access.size, "values beyond the file");
    insist((stored.kind === "compact" ? stored.values.length : stored.bytes) === bytes, "values of another size");
    return { kind: "plain", type: number, extent: space.shape, from, fill: fill ?? new Uint8Array(itemBytes) };
  }
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

/** The values of a slab inside the extent, in native byte order. */
export function readPlain(
  access: RandomAccess,
  values: Values & { kind: "plain" },
  slab: Slab,
): Uint8Array<ArrayBuffer> {
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
