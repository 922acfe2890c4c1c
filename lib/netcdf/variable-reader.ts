import type { NumericArray, Slab, Variable } from "./dataset.ts";
import type { ChunkIndex } from "./hdf5-chunk-index.ts";
import { readChunks } from "./hdf5-chunks.ts";
import { isNumeric, valuesOf } from "./numeric-types.ts";
import { openDataset } from "./open.ts";
import { openFile } from "./random-access.ts";
import { countsOf, product } from "./slab.ts";

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
 * Reads slabs of a variable, row-major as they are stored; the values are there until the next slab is read. The file
 * stays open until the thread ends. Where its chunks are indexed, the HDF5 library is not needed, which takes longer to
 * load than many archives take to read.
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
  let buffer = new ArrayBuffer();
  return (slab) => {
    const length = index.itemBytes * product(countsOf(slab));
    if (buffer.byteLength < length) buffer = new ArrayBuffer(length);
    readChunks(access, index, slab, { name, file }, new Uint8Array(buffer, 0, length));
    return valuesOf(type, buffer);
  };
}
