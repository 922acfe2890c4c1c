import { InputError } from "../errors.ts";
import { openClassic } from "./classic/read.ts";
import type { Dataset } from "./dataset.ts";
import { LeftToLibrary } from "./hdf5/format/metadata.ts";
import { openPlain } from "./hdf5/open.ts";
import { openFile, type RandomAccess } from "./random-access.ts";

const HDF5_SIGNATURE = "\x89HDF\r\n\x1a\n";

/** HDF5 may follow a block of the user's own, of 512 bytes or that doubled any number of times. */
const SMALLEST_USER_BLOCK = 512;

/**
 * Opens a NetCDF file of any format that is read here, known by its first bytes.
 *
 * @param name - what messages call the file
 * @throws InputError `FileNotFound`, `EmptyFile`, `NotNetcdf`, `UnsupportedFormat`, `BrokenFile`
 */
export async function openDataset(path: string, name = path): Promise<Dataset> {
  const access = openFile(path, name);
  let keep = false;
  try {
    const dataset = sniff(access, name) === "classic" ? openClassic(access, name) : openPlain(access, name);
    keep = !(dataset instanceof LeftToLibrary);
    if (!(dataset instanceof LeftToLibrary)) return dataset;
  } finally {
    if (!keep) access.close();
  }
  // Loaded late: most files need no HDF5 library.
  const { openByLibrary } = await import("./hdf5/read.ts");
  return openByLibrary(path, name);
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

function sniff(access: RandomAccess, file: string): "classic" | "hdf5" {
  if (access.size === 0) throw new InputError("EmptyFile", "is empty", { file, hint: "Fetch it again" });
  const start = textAt(access, 0);
  if (start.startsWith("CDF\x01") || start.startsWith("CDF\x02")) return "classic";
  if (start.startsWith("CDF\x05")) {
    throw new InputError("UnsupportedFormat", "is of NetCDF's CDF-5 format, which is not read here", {
      file,
      hint: "Convert it: nccopy -k nc4 in.nc out.nc",
    });
  }
  if (start === HDF5_SIGNATURE) return "hdf5";
  for (let offset = SMALLEST_USER_BLOCK; offset < access.size; offset *= 2) {
    if (textAt(access, offset) === HDF5_SIGNATURE) return "hdf5";
  }
  throw new InputError("NotNetcdf", `starts with ${JSON.stringify(start)}, as no NetCDF file does`, {
    file,
    hint: String.raw`Classic files start with "CDF", NetCDF-4 files with "\u0089HDF"`,
  });
}

/** The bytes at `offset`, as many as HDF5's signature has or as there are, each as one character. */
function textAt(access: RandomAccess, offset: number): string {
  const bytes = new Uint8Array(Math.min(HDF5_SIGNATURE.length, access.size - offset));
  access.read(offset, bytes);
  return String.fromCodePoint(...bytes);
}
