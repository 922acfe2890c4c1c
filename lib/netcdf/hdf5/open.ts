import { loadCodecs } from "../codecs/codecs.ts";
import type { Dataset } from "../dataset.ts";
import type { RandomAccess } from "../random-access.ts";
import { codecsOf } from "./chunk-index.ts";
import type { Contents } from "./contents.ts";
import { datasetOf } from "./dataset-of.ts";
import { readContents } from "./format/contents.ts";
import { extentOf, plainIndex, readPlain, type Values } from "./format/dataset.ts";
import { LeftToLibrary, Metadata } from "./format/metadata.ts";

/**
 * The root group of a NetCDF-4 file as netCDF-C and its like write it, read here; or why the file is left to the HDF5
 * library, which reads all there is, and takes longer to load than most files take to read. The dataset closes `access`.
 *
 * @param file - what messages call it
 */
export async function openPlain(access: RandomAccess, file: string): Promise<Dataset | LeftToLibrary> {
  let contents: Contents<Values>;
  try {
    contents = readContents(new Metadata(access));
  } catch (error) {
    if (error instanceof LeftToLibrary) return error;
    throw error;
  }
  await loadCodecs([...contents.stored.values()].flatMap((values) => codecsOf(plainIndex(values))));
  return datasetOf({
    access,
    file,
    contents,
    extentOf,
    indexOf: (name) => plainIndex(contents.stored.get(name)!),
    read: (name, slab) => readPlain(access, contents.stored.get(name)!, slab),
    close: () => access.close(),
  });
}
