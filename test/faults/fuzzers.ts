import { readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { CFB } from "@e965/xlsx";
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
import { zipOf } from "../support/workbooks.ts";
import { mutateChecked } from "./hdf5-checksums.ts";
import { below, mutate, mutateBytes } from "./mutate.ts";

/** What came of a mutation: `read`, or the tag of the error; a defect is anything else that was thrown. */
export interface Fuzzed {
  readonly outcome: string;
  readonly defect?: string;
}

export type Parser = "classic" | "hdf5" | "hdf5 by both readers" | "xls" | "xlsx" | "csv";

/** Reads the mutation of a seed with all that a run does with such a file. */
export const fuzzers: Readonly<Record<Parser, (seed: number, path: string) => Promise<Fuzzed>>> = {
  classic: (seed, path) => netcdf(CLASSIC, seed, path),
  // Every other time with right checksums, behind which nothing else would be met.
  hdf5: (seed, path) => netcdf(HDF5, seed, path, seed % 2 === 0 ? mutate : mutateChecked),
  "hdf5 by both readers": bothReaders,
  xls: (seed) => table(["stations/china.xls", "run/stations.xls"], mutate, seed),
  // Every other time a part within the archive, which then has the right checksum.
  xlsx: (seed) => table(["stations/titled.xlsx"], seed % 2 === 0 ? mutate : mutatePart, seed),
  csv: (seed) => table(["stations/china-gb18030.csv"], mutate, seed),
};

const CLASSIC = [
  "netcdf/classic.nc",
  "netcdf/64-bit-offset.nc",
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

/** Of both kinds of headers; those of the older one have no checksums, so that damage is seen by what it says alone. */
const HEADERS = {
  old: ["hostile/harmless.nc", "hostile/planted.h5", "bad-input/text.nc", "run/precip.mon.mean.nc"],
  new: [...HDF5, "layouts/c3s-members.nc", "layouts/era5-valid-time.nc"],
};

// A real run waits longer.
patience.milliseconds = 1000;

async function netcdf(
  files: readonly string[],
  seed: number,
  path: string,
  change: (original: Buffer, random: Random) => Buffer = mutate,
): Promise<Fuzzed> {
  const random = mulberry32(seed);
  writeFileSync(path, change(readFileSync(one(files, random)), random));
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

/** A file is left to the library, or read as by the library. What is not moved, few bytes of it changed, is read mostly. */
async function bothReaders(seed: number, path: string): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const old = random() < 0.5;
  const change = random() < 0.2 ? mutate : mutateBytes;
  writeFileSync(path, change(readFileSync(one(old ? HEADERS.old : HEADERS.new, random)), random));
  const compared = await compareReaders(path);
  if (compared.outcome !== "different")
    return { outcome: compared.outcome === "same" ? "read" : "left to the library" };
  return { outcome: "defect", defect: inspect(compared, { depth: 8, maxArrayLength: 40, maxStringLength: 100 }) };
}

function table(files: readonly string[], change: typeof mutate, seed: number): Promise<Fuzzed> {
  const random = mulberry32(seed);
  const bytes = change(readFileSync(one(files, random)), random);
  return fuzzed(async () => void (await readStationTable(bytes, "fuzzed")));
}

/** The archive with one of its files mutated. */
function mutatePart(archive: Uint8Array, random: Random): Buffer {
  const { FileIndex, FullPaths } = CFB.read(Buffer.from(archive), { type: "buffer" }) as ArchiveParts;
  const parts = FileIndex.flatMap(({ content = [] }, i): [string, Buffer][] =>
    content.length === 0 ? [] : [[FullPaths[i]!.replace(/^[^/]*\//, ""), Buffer.from(content)]],
  );
  const chosen = parts[below(parts.length, random)]!;
  chosen[1] = mutate(chosen[1], random);
  return zipOf(Object.fromEntries(parts));
}

/** What the archive's reader, which has no types, gives. */
interface ArchiveParts {
  readonly FileIndex: readonly { readonly content?: readonly number[] }[];
  readonly FullPaths: readonly string[];
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
