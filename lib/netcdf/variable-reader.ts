import type { NumericArray, Slab, Variable } from "./dataset.ts";
import type { ChunkIndex } from "./hdf5-chunk-index.ts";
import { readChunks } from "./hdf5-chunks.ts";
import { isNumeric, valuesOf } from "./numeric-types.ts";
import { openDataset } from "./open.ts";
import { openFile } from "./random-access.ts";

/** One variable of a file, told by a dataset that has it open: plain data, so that another thread can read it too. */
export interface VariablePlace {
  readonly path: string;
  /** What messages call the file. */
  readonly file: string;
  readonly variable: Variable;
  /** As {@link Dataset.indexOf} gives it. */
  readonly index: ChunkIndex | undefined;
}

/**
 * Reads slabs of a variable; the file stays open until the thread ends. Where its chunks are indexed, the HDF5 library
 * is not needed, which takes longer to load than many archives take to read.
 *
 * @throws InputError as {@link openDataset} does
 */
export async function openVariable(place: VariablePlace): Promise<(slab: Slab) => NumericArray> {
  const { path, file, variable, index } = place;
  const { name, type } = variable;
  if (index === undefined || !isNumeric(type)) {
    const dataset = await openDataset(path, file);
    return (slab) => dataset.readRaw(name, slab);
  }
  const access = openFile(path, file);
  return (slab) => valuesOf(type, readChunks(access, index, slab, name, file).buffer);
}
