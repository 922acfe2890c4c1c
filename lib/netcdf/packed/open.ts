import { join } from "node:path";
import { brokenFile, InputError } from "../../errors.ts";
import { TemporaryFolder } from "../../store/temporary-folder.ts";
import { contentStart, type ZipEntry, zipEntries } from "../../zip-directory.ts";
import type { Dataset } from "../dataset.ts";
import type { RandomAccess } from "../random-access.ts";
import { closing } from "../views/closing.ts";
import { type PackedBytes, unpack } from "./unpack.ts";

export type Packing = "gzip" | "zip";

/**
 * Opens the file that is packed in another one: it is unpacked into the system's temporary folder, for as long as the dataset
 * is open.
 *
 * @param access - the packed file; it is not closed
 * @param open - opens what was unpacked
 * @throws InputError as {@link unpack} and `open` do; `UnsupportedFormat` for an archive of several such files, or that is
 *   encrypted or packed in another way, `NotNetcdf` for one of none
 */
export async function openPacked(
  access: RandomAccess,
  file: string,
  packing: Packing,
  open: (path: string) => Promise<Dataset>,
): Promise<Dataset> {
  const { path, size } = access;
  const packed: PackedBytes =
    packing === "gzip" ? { path, file, start: 0, length: size, method: "gzip" } : entryBytes(access, file);
  const folder = new TemporaryFolder();
  try {
    const unpacked = join(folder.path, "unpacked");
    await unpack(packed, unpacked);
    return closing(await open(unpacked), () => folder.remove());
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** The only file of values in a zip archive. */
function entryBytes(access: RandomAccess, file: string): PackedBytes {
  const entry = theFile(zipEntries(access, file), file);
  const { name, size, packed, crc, method, encrypted } = entry;
  if (encrypted || (method !== 0 && method !== 8)) {
    const how = encrypted ? "encrypted" : `packed by method ${method}, which is not read here`;
    throw new InputError("UnsupportedFormat", `${name} is ${how}`, { file, hint: `Unpack it: unzip FILE "${name}"` });
  }
  const start = contentStart(access, entry);
  if (start === undefined || start + packed > access.size) {
    throw brokenFile(`${name} is not where the zip archive says`, { file });
  }
  return {
    path: access.path,
    file,
    start,
    length: packed,
    method: method === 0 ? "stored" : "deflate",
    expected: { size, crc },
  };
}

const VALUES_NAME = /\.(nc|nc4|cdf|netcdf|h5|hdf5|grib|grib2|grb|grb2)$/i;

function theFile(entries: readonly ZipEntry[], file: string): ZipEntry {
  // A folder has an entry of its own; macOS packs a second file beside each.
  const files = entries.filter(({ name }) => !name.endsWith("/") && !name.startsWith("__MACOSX/"));
  const named = files.filter(({ name }) => VALUES_NAME.test(name));
  const [found, ...more] = named.length > 0 ? named : files;
  if (found !== undefined && more.length === 0) return found;
  const choices = [found, ...more].flatMap((entry) => (entry === undefined ? [] : [entry.name]));
  if (named.length === 0) {
    throw new InputError("NotNetcdf", "is a zip archive without a NetCDF file", { file, choices });
  }
  throw new InputError("UnsupportedFormat", `is a zip archive of ${named.length} files of values`, {
    file,
    choices,
    hint: `Unpack the one that is meant: unzip FILE "${found!.name}"`,
  });
}
