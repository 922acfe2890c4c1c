import { InputError } from "../errors.ts";
import type { Packing } from "./packed/open.ts";
import type { RandomAccess } from "./random-access.ts";

const CLASSIC_SIGNATURES = ["CDF\x01", "CDF\x02", "CDF\x05"];
const HDF5_SIGNATURE = "\x89HDF\r\n\x1a\n";
const GZIP_SIGNATURE = "\x1f\x8b";
/** Of an archive with entries, and of one without. */
const ZIP_SIGNATURES = ["PK\x03\x04", "PK\x05\x06"];

/** HDF5 may follow a block of the user's own, of 512 bytes or that doubled any number of times. */
const SMALLEST_USER_BLOCK = 512;

/** A format that is read here. */
export type Format = "classic" | "hdf5" | "grib";

/**
 * What a file's first bytes say that it is.
 *
 * @param file - what messages call it
 * @throws InputError `EmptyFile`, `NotNetcdf`
 */
export function sniff(access: RandomAccess, file: string): Format | Packing {
  if (access.size === 0) throw new InputError("EmptyFile", "is empty", { file, hint: "Fetch it again" });
  const start = textAt(access, 0);
  if (CLASSIC_SIGNATURES.some((signature) => start.startsWith(signature))) return "classic";
  if (start === HDF5_SIGNATURE) return "hdf5";
  if (start.startsWith(GZIP_SIGNATURE)) return "gzip";
  if (ZIP_SIGNATURES.some((signature) => start.startsWith(signature))) return "zip";
  for (let offset = SMALLEST_USER_BLOCK; offset < access.size; offset *= 2) {
    if (textAt(access, offset) === HDF5_SIGNATURE) return "hdf5";
  }
  if (hasMessage(access)) return "grib";
  throw new InputError("NotNetcdf", `starts with ${JSON.stringify(start)}, as no NetCDF file does`, {
    file,
    hint: String.raw`Classic files start with "CDF", NetCDF-4 files with "\u0089HDF", GRIB with "GRIB"`,
  });
}

/** GRIB may follow the heading of a telegram. */
const LONGEST_HEADING = 512;

function hasMessage(access: RandomAccess): boolean {
  const start = Buffer.alloc(Math.min(LONGEST_HEADING, access.size));
  access.read(0, start);
  return start.includes("GRIB");
}

/** The bytes at `offset`, as many as HDF5's signature has or as there are, each as one character. */
function textAt(access: RandomAccess, offset: number): string {
  const bytes = new Uint8Array(Math.min(HDF5_SIGNATURE.length, access.size - offset));
  access.read(offset, bytes);
  return String.fromCodePoint(...bytes);
}
