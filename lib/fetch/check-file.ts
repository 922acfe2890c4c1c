import { brokenFile } from "../errors.ts";
import { readHeader } from "../netcdf/classic/header.ts";
import { declaredBytes } from "../netcdf/hdf5/format/superblock.ts";
import { openPlain } from "../netcdf/hdf5/open.ts";
import { openFile, type RandomAccess } from "../netcdf/random-access.ts";
import { type Format, sniff } from "../netcdf/sniff.ts";

/**
 * Whether a file that was fetched is one of values: by its first bytes, the length that it declares, and a header that can be
 * read. Of a packed file the first bytes count alone. The HDF5 library is not asked, so that whoever fetches need not have it: what
 * would be left to it passes.
 *
 * @param file - what messages call it
 * @throws InputError `EmptyFile`, `NotNetcdf`, `BrokenFile`, `UnsupportedFormat`, `TooLarge`
 */
export async function checkFile(path: string, file: string): Promise<void> {
  const access = openFile(path, file);
  try {
    const format = sniff(access, file);
    if (format !== "gzip" && format !== "zip") await checkFormat(format, access, file);
  } finally {
    access.close();
  }
}

async function checkFormat(format: Format, access: RandomAccess, file: string): Promise<void> {
  // What is opened is not closed apart: it shares the access.
  switch (format) {
    case "classic":
      readHeader(access, file);
      return;
    case "hdf5":
      checkLength(access, file);
      await openPlain(access, file);
      return;
    case "grib": {
      const { readIndex } = await import("../netcdf/grib/messages.ts");
      readIndex(access, file);
      return;
    }
    default:
      format satisfies never;
  }
}

function checkLength(access: RandomAccess, file: string): void {
  const declared = declaredBytes(access);
  if (declared === undefined || declared <= access.size) return;
  throw brokenFile(`truncated: declares ${declared} bytes, has ${access.size}`, { file });
}
