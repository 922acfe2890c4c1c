import type { Dataset } from "../dataset.ts";
import type { RandomAccess } from "../random-access.ts";
import type { Contents } from "./contents.ts";
import { datasetOf } from "./dataset-of.ts";
import { readContents } from "./format/contents.ts";
import { readPlain, type Values } from "./format/dataset.ts";
import { LeftToLibrary, Metadata } from "./format/metadata.ts";

/**
 * The root group of a NetCDF-4 file as netCDF-C and its like write it, read here; or why the file is left to the HDF5
 * library, which reads all there is, and takes longer to load than most files take to read. The dataset closes `access`.
 *
 * @param file - what messages call it
 */
export function openPlain(access: RandomAccess, file: string): Dataset | LeftToLibrary {
  let contents: Contents<Values>;
  try {
    contents = readContents(new Metadata(access));
  } catch (error) {
    if (error instanceof LeftToLibrary) return error;
    throw error;
  }
  return datasetOf({
    access,
    file,
    contents,
    extentOf: (values) =>
      values.kind === "chunked" ? values.index.extent : values.kind === "plain" ? values.extent : [],
    indexOf(name) {
      const values = contents.stored.get(name)!;
      return values.kind === "chunked" ? values.index : undefined;
    },
    read(name, slab) {
      const values = contents.stored.get(name)!;
      if (values.kind !== "plain") throw new TypeError(`"${name}" holds no plain numbers`);
      return readPlain(access, values, slab);
    },
    close: () => access.close(),
  });
}
