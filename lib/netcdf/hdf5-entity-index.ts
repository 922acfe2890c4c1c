import { type ChunkIndex, indexChunks } from "./hdf5-chunk-index.ts";
import type { Hdf5File } from "./hdf5-library.ts";
import type { StoredDataset } from "./hdf5-reader.ts";
import { typeOf } from "./hdf5-types.ts";
import { isNumeric } from "./numeric-types.ts";
import type { RandomAccess } from "./random-access.ts";

/** Where the chunks of a variable lie, if they can be read without the library. */
export function indexDataset(
  access: RandomAccess,
  file: Hdf5File,
  { path, metadata }: StoredDataset,
): ChunkIndex | undefined {
  const { shape, chunks, littleEndian, size } = metadata;
  if (shape === null || chunks === null || !littleEndian || !isNumeric(typeOf(metadata))) return undefined;
  return indexChunks(access, {
    address: file.addressOf(path),
    itemBytes: size,
    extent: shape,
    chunk: chunks,
    filters: file.hdf5.get_dataset_filters(file.id, path).map(({ id }) => id),
  });
}
