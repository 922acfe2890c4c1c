import { readAttributes, readNumbers } from "./attributes.ts";
import { type Contents, contentsOf, type DescribedDataset } from "./contents.ts";
import { describeDataset, type FoundDataset, findDataset } from "./format/contents.ts";
import type { Values } from "./format/dataset.ts";
import { GlobalHeap } from "./format/global-heap.ts";
import { LeftToLibrary, Metadata } from "./format/metadata.ts";
import { hasEightBytes } from "./format/superblock.ts";
import type { Hdf5File } from "./library.ts";
import { isInFile } from "./links.ts";
import type { StoredDataset } from "./reader.ts";
import { typeOf } from "./types.ts";

/** A dataset that the library reads, or one that needs no library: in a file with others that do. */
export type MixedDataset = { readonly library: StoredDataset } | { readonly plain: Values };

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly address: number;
  /** By our reader; undefined where it is left to the library. */
  readonly found: FoundDataset | undefined;
}

/** Of the library: all that is not asked of it. @throws InputError, Error as {@link readContents} */
export function readLibraryContents(opened: Hdf5File): Contents<StoredDataset> {
  const datasets = entriesOf(opened, undefined).map(({ name, path }) => describe(opened, name, path));
  return contentsOf(datasets, () => readAttributes(opened, "/"));
}

/**
 * What the root group holds: each dataset by our reader, if it can, as the library takes the longer the more datasets there
 * are.
 *
 * @throws InputError `UnsupportedFormat` where a link leads out of the file; Error where it is damaged
 */
export function readContents(opened: Hdf5File): Contents<MixedDataset> {
  const { hdf5, id, access } = opened;
  const file = hasEightBytes(access) ? new Metadata(access) : undefined;
  const entries = entriesOf(opened, file);
  const scales = new Map(
    entries.map(({ name, path, address, found }) => {
      const scale = found === undefined ? hdf5.get_scale_name(id, path) : found.scaleName;
      return [address, scale === null ? null : name];
    }),
  );
  const heap = file && new GlobalHeap(file);
  const datasets = entries.map(({ name, path, found }): DescribedDataset<MixedDataset> => {
    const plain = found && heap && orLeft(() => describeDataset(found, scales, heap));
    if (plain === undefined) {
      const described = describe(opened, name, path);
      return { ...described, stored: (variable) => ({ library: described.stored(variable) }) };
    }
    return {
      ...plain,
      attributes: () => orLeft(plain.attributes) ?? readAttributes(opened, path),
      stored: (variable) => ({ plain: plain.stored(variable) }),
    };
  });
  return contentsOf(datasets, () => readAttributes(opened, "/"));
}

/** The datasets of the root group. @param file - for our reader */
function entriesOf(opened: Hdf5File, file: Metadata | undefined): Entry[] {
  const { hdf5, id } = opened;
  return hdf5.get_names(id, "/", false).flatMap((name): Entry[] => {
    if (!isInFile(opened, name)) return [];
    const path = `/${name}`;
    const address = opened.addressOf(path);
    const found = file && orLeft(() => findDataset(file, { name, address }));
    if (found !== undefined) return [{ name, path, address, found }];
    const type = hdf5.get_type(id, path);
    // What is damaged passes for a group, which then cannot be listed.
    if (type === hdf5.H5G_GROUP) hdf5.get_names(id, path, false);
    return type === hdf5.H5G_DATASET ? [{ name, path, address, found }] : [];
  });
}

/** Undefined where it is left to the library. */
function orLeft<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LeftToLibrary) return undefined;
    throw error;
  }
}

function describe(opened: Hdf5File, name: string, path: string): DescribedDataset<StoredDataset> {
  const { hdf5, id } = opened;
  const metadata = hdf5.get_dataset_metadata(id, path);
  const shape = metadata.shape ?? [];
  const scaleName = hdf5.get_scale_name(id, path);
  const scale = scaleName !== null;
  return {
    dimensions: {
      name,
      shape,
      unlimited: (metadata.maxshape ?? []).map((size) => size > Number.MAX_SAFE_INTEGER),
      scale,
      dimensionId: readNumbers(opened, path, "_Netcdf4Dimid")[0],
      coordinates: readNumbers(opened, path, "_Netcdf4Coordinates"),
      attached: shape.map((_, d) =>
        scale ? undefined : hdf5.get_attached_scales(id, path, d)[0]?.replace(/^.*\//, ""),
      ),
    },
    type: metadata.shape === null ? "other" : typeOf(metadata),
    chunks: metadata.chunks,
    scaleName,
    attributes: () => readAttributes(opened, path),
    stored: (variable) => ({ name: variable, path, metadata }),
  };
}
