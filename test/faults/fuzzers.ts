import { readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { isInputError } from "../../lib/errors.ts";
import { describe } from "../../lib/netcdf/cdl.ts";
import { findCoordinates, readTimes } from "../../lib/netcdf/coordinates.ts";
import { read } from "../../lib/netcdf/decode.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { mulberry32, type Random } from "../../lib/sample/random.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { patience } from "../../lib/within-time.ts";
import { compareReaders } from "../support/both-readers.ts";
import { fixture } from "../support/golden.ts";
import { zipOf } from "../support/zip.ts";
import { mutateRecords } from "./biff-records.ts";
import { mutateClassicFields } from "./classic-fields.ts";
import { mutateGribFields, someGrib } from "./grib-fields.ts";
import { mutateChecked } from "./hdf5-checksums.ts";
import { mutateChunk } from "./hdf5-chunks.ts";
import { mutateMessages } from "./hdf5-messages.ts";
import { below, mutate, mutateBytes } from "./mutate.ts";
import { mutateEntries, mutateXml } from "./workbook-parts.ts";
import { writeMutated } from "./zarr-stores.ts";

/** What came of a mutation: `read`, or the tag of the error; a defect is anything else that was thrown. */
export interface Fuzzed {
  readonly outcome: string;
  readonly defect?: string;
}

/** What is fuzzed: a reader by random bytes, or a structure of its format. */
export type Parser =
  | "classic"
  | "classic header fields"
  | "grib"
  | "grib header fields"
  | "hdf5"
  | "hdf5 messages"
  | "hdf5 codecs"
  | "hdf5 by both readers"
  | "hdf5 messages by both readers"
  | "packed"
  | "zarr"
  | "xls"
  | "xls records"
  | "xlsx"
  | "xlsx archive entries"
  | "xlsx XML"
  | "csv";

/** Reads the mutation of a seed with all that a run does with such a file. */
export const fuzzers: Readonly<Record<Parser, (seed: number, path: string) => Promise<Fuzzed>>> = {
  classic: (seed, path) => netcdf(CLASSIC, seed, path),
  "classic header fields": (seed, path) => netcdf(CLASSIC, seed, path, mutateClassicFields),
  grib: (seed, path) => grib(seed, path, mutate),
  "grib header fields": (seed, path) => grib(seed, path, mutateGribFields),
  // Every other time with right checksums, behind which nothing else would be met.
  hdf5: (seed, path) => netcdf(HDF5, seed, path, seed % 2 === 0 ? mutate : mutateChecked),
  "hdf5 messages": (seed, path) => netcdf(MESSAGES, seed, path, mutateMessages),
  "hdf5 codecs": codecs,
  "hdf5 by both readers": (seed, path) => bothReaders(seed, path, few),
  "hdf5 messages by both readers": (seed, path) => bothReaders(seed, path, mutateMessages),
  packed,
  zarr: (seed, path) => {
    writeMutated(`${path}.zarr`, mulberry32(seed));
    return readDataset(`${path}.zarr`);
  },
  xls: (seed) => table(["stations/china.xls", "run/stations.xls"], mutate, seed),
  "xls records": (seed) => table(["stations/china.xls", "run/stations.xls"], mutateRecords, seed),
  xlsx: (seed) => table(["stations/titled.xlsx"], mutate, seed),
  "xlsx archive entries": (seed) => table(["stations/titled.xlsx"], mutateEntries, seed),
  "xlsx XML": (seed) => table(["stations/titled.xlsx"], mutateXml, seed),
  csv: (seed) => table(["stations/china-gb18030.csv"], mutate, seed),
};

const CLASSIC = [
  "netcdf/classic.nc",
  "netcdf/64-bit-offset.nc",
  "netcdf/cdf5.nc",
  "netcdf/packed.nc",
  "run/CFSv2.Prec.19970520.199707.nc",
];
const HDF5 = [
  ...["types", "storage", "packed-netcdf-4", "dimensions", "plain-hdf5", "wide-coordinate"].map(
    (n) => `netcdf/${n}.nc`,
  ),
  "run/precip.mon.mean.nc",
  "bad-input/archive.nc",
  "hdf5/chunk-indexes.nc",
  "hdf5/dense.nc",
];

/** Those above, and some whose headers are of the older kind, or lead elsewhere. */
const MESSAGES = [
  ...HDF5,
  ...["harmless.nc", "virtual.precip.nc", "stored-in-file.lat.nc", "soft-link.lat.nc"].map((name) => `hostile/${name}`),
  "layouts/c3s-members.nc",
];

/** Of both kinds of headers; those of the older one have no checksums, so that damage is seen by what it says alone. */
const HEADERS = {
  old: ["hostile/harmless.nc", "hostile/planted.h5", "bad-input/text.nc", "run/precip.mon.mean.nc"],
  new: [...HDF5, "layouts/c3s-members.nc", "layouts/era5-valid-time.nc"],
};

type Change = (original: Buffer, random: Random) => Buffer;

// A real run waits longer.
patience.milliseconds = 1000;

async function netcdf(files: readonly string[], seed: number, path: string, change: Change = mutate): Promise<Fuzzed> {
  const random = mulberry32(seed);
  writeFileSync(path, change(readFileSync(one(files, random)), random));
  return readDataset(path);
}

/** The bytes of a packed file are changed, of gzip and both kinds of entries. */
async function packed(seed: number, path: string): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const content = readFileSync(one(CLASSIC, random));
  const kind = below(3, random);
  const whole = kind === 0 ? gzipSync(content) : zipOf([{ name: "a.nc", content }], kind === 1 ? { stored: true } : {});
  writeFileSync(path, mutate(whole, random));
  return readDataset(path);
}

async function grib(seed: number, path: string, change: Change): Promise<Fuzzed> {
  const random = mulberry32(seed);
  writeFileSync(path, change(someGrib(random), random));
  return readDataset(path);
}

/** Reads a file as it is, a dataset or a table, with the patience of a run. */
export function readWhole(path: string): Promise<Fuzzed> {
  patience.milliseconds = 30_000;
  if (path.endsWith(".nc")) return readDataset(path);
  return fuzzed(async () => void (await readStationTable(readFileSync(path), "whole")));
}

function readDataset(path: string): Promise<Fuzzed> {
  return fuzzed(async () => {
    const dataset = await openDataset(path, "fuzzed.nc");
    try {
      describe(dataset);
      for (const { name, attributes } of dataset.variables.values()) {
        refusable(() => read(dataset, name));
        refusable(() => findCoordinates(dataset, name));
        if (attributes["units"] !== undefined) refusable(() => readTimes(dataset, name));
      }
    } finally {
      dataset.close();
    }
  });
}

/** What is not moved, few bytes of it changed, is read mostly. */
const few: Change = (original, random) => (random() < 0.2 ? mutate : mutateBytes)(original, random);

/** A file is left to the library, or read as by the library. */
async function bothReaders(seed: number, path: string, change: Change): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const old = random() < 0.5;
  writeFileSync(path, change(readFileSync(one(old ? HEADERS.old : HEADERS.new, random)), random));
  const compared = await compareReaders(path);
  if (compared.outcome !== "different")
    return { outcome: compared.outcome === "same" ? "read" : "left to the library" };
  return { outcome: "defect", defect: inspect(compared, { depth: 8, maxArrayLength: 40, maxStringLength: 100 }) };
}

/** One compressed chunk of a file is changed, and the variable that it belongs to is read. */
async function codecs(seed: number, path: string): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const { file, variable } = mutateChunk(fixture("hdf5/filters.nc"), random);
  writeFileSync(path, file);
  return fuzzed(async () => {
    const dataset = await openDataset(path, "fuzzed.nc");
    try {
      dataset.readRaw(variable);
    } finally {
      dataset.close();
    }
  });
}

function table(files: readonly string[], change: typeof mutate, seed: number): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const bytes = change(readFileSync(one(files, random)), random);
  return fuzzed(async () => void (await readStationTable(bytes, "fuzzed")));
}

function one(files: readonly string[], random: Random): string {
  return fixture(files[below(files.length, random)]!);
}

async function fuzzed(work: () => Promise<void>): Promise<Fuzzed> {
  try {
    await work();
    return { outcome: "read" };
  } catch (error) {
    if (isInputError(error)) return { outcome: error.tag };
    return { outcome: "defect", defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function refusable(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!isInputError(error)) throw error;
  }
}
