import type { Parser } from "./fuzzers.ts";

/**
 * MiB that a mutation of a file of at most 74 kB may take on top of what is in use before: several times what any was seen to
 * take. What the HDF5 library may take is 256.
 */
export const MUTATION_MIB: Readonly<Record<Parser, number>> = {
  classic: 32,
  "classic header fields": 32,
  grib: 300,
  "grib header fields": 300,
  hdf5: 300,
  "hdf5 messages": 300,
  "hdf5 codecs": 100,
  "hdf5 by both readers": 300,
  "hdf5 messages by both readers": 300,
  packed: 64,
  zarr: 300,
  xls: 64,
  "xls records": 64,
  xlsx: 64,
  "xlsx archive entries": 64,
  "xlsx XML": 200,
  csv: 64,
};
