import { statSync } from "node:fs";
import { InputError } from "../errors.ts";
import { openClassic } from "./classic/read.ts";
import type { Dataset } from "./dataset.ts";
import { LeftToLibrary } from "./hdf5/format/metadata.ts";
import { openPlain } from "./hdf5/open.ts";
import type { Packing } from "./packed/open.ts";
import { openFile, type RandomAccess } from "./random-access.ts";
import { type Format, sniff } from "./sniff.ts";

/**
 * Opens a NetCDF file of any format that is read here, known by its first bytes; also one that is packed in a gzip file, or
 * alone in a zip archive; or a folder that holds a store of Zarr.
 *
 * @param name - what messages call the file
 * @throws InputError `FileNotFound`, `EmptyFile`, `NotNetcdf`, `UnsupportedFormat`, `BrokenFile`; of packed files `TooLarge` and
 *   `CannotWrite`
 */
export async function openDataset(path: string, name = path): Promise<Dataset> {
  if (isFolder(path)) return openFolder(path, name);
  return openAny(path, name, openPacked);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Opening it as a file says why.
    return false;
  }
}

/** A folder is a store of Zarr, or nothing that is read. */
async function openFolder(path: string, file: string): Promise<Dataset> {
  // Loaded late: most inputs are files.
  const { isZarr, openZarr } = await import("./zarr/open.ts");
  if (isZarr(path)) return openZarr(path, file);
  throw new InputError("FileNotFound", "is a folder, and no store of Zarr", {
    file,
    hint: "Name a file in it, or as observations all of them, as 'folder/*.nc'",
  });
}

async function openAny(path: string, name: string, unpacked: typeof openPacked): Promise<Dataset> {
  const access = openFile(path, name);
  let keep = false;
  try {
    const format = sniff(access, name);
    if (format === "gzip" || format === "zip") return await unpacked(format, access, name);
    const dataset = await openFormat(format, access, name);
    keep = !(dataset instanceof LeftToLibrary);
    if (!(dataset instanceof LeftToLibrary)) return dataset;
  } finally {
    if (!keep) access.close();
  }
  // Loaded late: most files need no HDF5 library.
  const { openByLibrary } = await import("./hdf5/read.ts");
  return openByLibrary(path, name);
}

async function openPacked(format: Packing, access: RandomAccess, name: string): Promise<Dataset> {
  // Loaded late: most files are not packed.
  const packed = await import("./packed/open.ts");
  return packed.openPacked(access, name, format, (path) => openAny(path, name, packedTwice));
}

async function packedTwice(format: Packing, _: RandomAccess, file: string): Promise<never> {
  throw new InputError("UnsupportedFormat", `is packed twice: what is in it is a ${format} file`, {
    file,
    hint: "Unpack it once",
  });
}

/**
 * Opens a NetCDF file for as long as `use` takes.
 *
 * @param name - what messages call the file
 * @throws InputError as {@link openDataset} does
 */
export async function withDataset<T>(
  path: string,
  name: string,
  use: (dataset: Dataset) => T | Promise<T>,
): Promise<T> {
  const dataset = await openDataset(path, name);
  try {
    return await use(dataset);
  } finally {
    dataset.close();
  }
}

async function openFormat(format: Format, access: RandomAccess, name: string): Promise<Dataset | LeftToLibrary> {
  switch (format) {
    case "classic":
      return openClassic(access, name);
    case "hdf5":
      return openPlain(access, name);
    case "grib": {
      // Loaded late: few runs have such files.
      const { openGrib } = await import("./grib/open.ts");
      return openGrib(access, name);
    }
    default:
      return format satisfies never;
  }
}
