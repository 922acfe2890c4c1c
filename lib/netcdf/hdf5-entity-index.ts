import type { Dataset as Entity } from "h5wasm/node";
import { type ChunkIndex, indexChunks } from "./hdf5-chunk-index.ts";
import { typeOf } from "./hdf5-types.ts";
import { isNumeric } from "./numeric-types.ts";
import type { RandomAccess } from "./random-access.ts";

/** Where the chunks of a variable lie, if they can be read without the library. */
export function indexEntity(access: RandomAccess, entity: Entity): ChunkIndex | undefined {
  const { metadata } = entity;
  const { shape, chunks, littleEndian, size } = metadata;
  if (shape === null || chunks === null || !littleEndian || !isNumeric(typeOf(metadata))) return undefined;
  return indexChunks(access, {
    // A reference is the address of what it refers to.
    address: Number(Buffer.from(entity.create_reference().ref_data).readBigUInt64LE(0)),
    itemBytes: size,
    extent: shape,
    chunk: chunks,
    filters: entity.filters.map(({ id }) => id),
  });
}
