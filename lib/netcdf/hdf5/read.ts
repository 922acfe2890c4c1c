import { brokenFile, InputError } from "../../errors.ts";
import { isLoaded, loadCodecs } from "../codecs/codecs.ts";
import type { Dataset } from "../dataset.ts";
import { openFile } from "../random-access.ts";
import { type ChunkIndex, codecsOf } from "./chunk-index.ts";
import type { Contents } from "./contents.ts";
import { datasetOf } from "./dataset-of.ts";
import { extentOf, plainIndex, readDataset, readPlain } from "./format/dataset.ts";
import { LeftToLibrary, Metadata } from "./format/metadata.ts";
import { headerMessages } from "./format/object-header.ts";
import { declaredBytes, isOneOfSeveral } from "./format/superblock.ts";
import { Hdf5File } from "./library.ts";
import { type MixedDataset, readContents } from "./library-contents.ts";
import { Hdf5Reader, type StoredDataset } from "./reader.ts";

/**
 * The root group of a NetCDF-4 file, or of any HDF5 file as netCDF-C would see it, by the HDF5 library. Nothing outside
 * the file is read, whatever it says.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`; `UnsupportedFormat` where a link leads out of the file
 */
export async function openByLibrary(path: string, file: string): Promise<Dataset> {
  const opened = await Hdf5File.open(path, file);
  const contents = readHeader(opened, path);
  await loadCodecs(
    [...contents.stored.values()].flatMap((of) => ("plain" in of ? codecsOf(plainIndex(of.plain)) : [])),
  );
  const reader = new Hdf5Reader(opened);
  const { access } = opened;
  const indexes = new Map<string, ChunkIndex | undefined>();
  function indexOf(name: string): ChunkIndex | undefined {
    const stored = contents.stored.get(name)!;
    if ("plain" in stored) return plainIndex(stored.plain);
    if (!indexes.has(name)) {
      indexes.set(
        name,
        opened.guarded(() => indexDataset(opened, stored.library), DAMAGED),
      );
    }
    return indexes.get(name);
  }
  return datasetOf({
    access,
    file,
    contents,
    extentOf: (stored) => ("plain" in stored ? extentOf(stored.plain) : (stored.library.metadata.shape ?? [])),
    indexOf,
    read(name, slab) {
      const stored = contents.stored.get(name)!;
      return "plain" in stored ? readPlain(access, stored.plain, slab) : reader.read(stored.library, slab);
    },
    close: () => opened.close(),
  });
}

/** Where the chunks of a dataset lie, if they can be read without the library, which else knows what is wrong. */
function indexDataset(opened: Hdf5File, { path }: StoredDataset): ChunkIndex | undefined {
  const file = new Metadata(opened.access);
  try {
    const { values } = readDataset(file, headerMessages(file, opened.addressOf(path)));
    const index = plainIndex(values);
    return codecsOf(index).every(isLoaded) ? index : undefined;
  } catch (error) {
    if (error instanceof LeftToLibrary) return undefined;
    throw error;
  }
}

function whyNotOpened(path: string, file: string): InputError {
  const access = openFile(path, file);
  try {
    if (isOneOfSeveral(access)) {
      return new InputError("UnsupportedFormat", "is one of several files that HDF5 made of one", {
        file,
        hint: "Only the file itself is read. Copy them into one file with the program that made them",
      });
    }
    const needed = declaredBytes(access);
    const truncated = needed !== undefined && needed > access.size;
    const problem = truncated
      ? `truncated: needs ${needed} bytes, the file has ${access.size}`
      : "HDF5 cannot open it: it is damaged";
    return brokenFile(problem, { file });
  } finally {
    access.close();
  }
}

const DAMAGED = "its header is damaged or truncated";

/** Closes the file where it cannot be understood. */
function readHeader(opened: Hdf5File, path: string): Contents<MixedDataset> {
  try {
    // A file that cannot be opened is told by its handle alone.
    if (opened.id < 0n) throw whyNotOpened(path, opened.file);
    return opened.guarded(() => readContents(opened), DAMAGED);
  } catch (error) {
    opened.close();
    throw error;
  }
}
