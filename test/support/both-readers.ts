import { isDeepStrictEqual } from "node:util";
import { isInputError } from "../../lib/errors.ts";
import type { Dataset, Slab } from "../../lib/netcdf/dataset.ts";
import { datasetOf } from "../../lib/netcdf/hdf5/dataset-of.ts";
import { LeftToLibrary } from "../../lib/netcdf/hdf5/format/metadata.ts";
import { Hdf5File } from "../../lib/netcdf/hdf5/library.ts";
import { readLibraryContents } from "../../lib/netcdf/hdf5/library-contents.ts";
import { openPlain } from "../../lib/netcdf/hdf5/open.ts";
import { Hdf5Reader } from "../../lib/netcdf/hdf5/reader.ts";
import { isNumeric } from "../../lib/netcdf/numeric-types.ts";
import { openFile } from "../../lib/netcdf/random-access.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { patience } from "../../lib/within-time.ts";

/** What came of a file: why it is left to the library, or whether both readers say the same of it. */
export type Comparison =
  | { readonly outcome: "left"; readonly why: string }
  | { readonly outcome: "same" }
  | { readonly outcome: "different"; readonly plain: unknown; readonly library: unknown };

/** Reads an HDF5 file with our reader and, if it does not leave it to the library, with the library. */
export async function compareReaders(path: string): Promise<Comparison> {
  // A library that comes to its end late, on a busy machine, says the same.
  patience.milliseconds = 30_000;
  const access = openFile(path, "a.nc");
  try {
    const plain = await openPlain(access, "a.nc");
    if (plain instanceof LeftToLibrary) return { outcome: "left", why: plain.message };
    const ours = contentsOf(plain);
    const theirs = await libraryContents(path);
    if (isDeepStrictEqual(ours, theirs)) return { outcome: "same" };
    return { outcome: "different", plain: ours, library: theirs };
  } finally {
    access.close();
  }
}

/** What the file holds by the library, which reads the values, too; or the tag of its error. */
async function libraryContents(path: string): Promise<unknown> {
  let opened: Hdf5File | undefined;
  try {
    const file = (opened = await Hdf5File.open(path, "a.nc"));
    if (file.id < 0n) return "BrokenFile";
    const contents = file.guarded(() => readLibraryContents(file), "damaged");
    const reader = new Hdf5Reader(file);
    const dataset = datasetOf({
      access: file.access,
      file: "a.nc",
      contents,
      extentOf: ({ metadata }) => metadata.shape ?? [],
      indexOf: () => undefined,
      read: (name, slab) => reader.read(contents.stored.get(name)!, slab),
      close: () => file.close(),
    });
    return contentsOf(dataset);
  } catch (error) {
    return tagOf(error);
  } finally {
    opened?.close();
  }
}

/** All that a dataset says, and the values of whole variables and of some slabs. */
function contentsOf(dataset: Dataset): unknown {
  const random = mulberry32(7);
  const values = [...dataset.variables.values()].flatMap(({ name, type, shape }) => {
    if (!isNumeric(type)) return [];
    const whole = valuesOrTag(dataset, name);
    const slabs = Array.from({ length: 8 }, () => anySlab(shape, random));
    // Of damaged values the library sees more than it is asked for, and from then on others.
    if (typeof whole === "string") return [[name, whole]];
    return [[name, whole], ...slabs.map((slab) => [name, slab, valuesOrTag(dataset, name, slab)])];
  });
  // Lists, as their order counts.
  return [[...dataset.dimensions], [...dataset.variables], Object.entries(dataset.attributes), values];
}

/** A slab anywhere in a shape. */
function anySlab(shape: readonly number[], random: () => number): Slab {
  return shape.map((size) => {
    const start = Math.floor(random() * (size + 1));
    return [start, start + Math.floor(random() * (size - start + 1))] as const;
  });
}

function valuesOrTag(dataset: Dataset, name: string, slab?: Slab): unknown {
  try {
    return dataset.readRaw(name, slab);
  } catch (error) {
    return tagOf(error);
  }
}

function tagOf(error: unknown): string {
  if (isInputError(error)) return error.tag;
  throw error;
}
