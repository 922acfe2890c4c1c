import { brokenFile } from "./broken-file.ts";
import { packedStrides, planSlab } from "./byte-ranges.ts";
import type { Attributes, Dataset, Dimension, NumericArray, NumericType, Slab, Variable } from "./dataset.ts";
import { readAttributes, readNumbers } from "./hdf5-attributes.ts";
import type { ChunkIndex } from "./hdf5-chunk-index.ts";
import { readChunks } from "./hdf5-chunks.ts";
import { nameDimensions, type StoredDimensions } from "./hdf5-dimensions.ts";
import { indexDataset } from "./hdf5-entity-index.ts";
import { Hdf5File } from "./hdf5-library.ts";
import { isInFile } from "./hdf5-links.ts";
import { Hdf5Reader, type StoredDataset } from "./hdf5-reader.ts";
import { declaredBytes } from "./hdf5-superblock.ts";
import { typeOf } from "./hdf5-types.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, valuesOf } from "./numeric-types.ts";
import { openFile } from "./random-access.ts";
import { checkRead, countsOf, product } from "./slab.ts";

/**
 * The root group of a NetCDF-4 file, or of any HDF5 file as netCDF-C would see it. Nothing outside the file is read,
 * whatever it says.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`; `UnsupportedFormat` where a link leads out of the file
 */
export async function openHdf5(path: string, file: string): Promise<Dataset> {
  const opened = await Hdf5File.open(path, file);
  const { stored, ...header } = readHeader(opened, path);
  const access = openFile(path, file);
  const reader = new Hdf5Reader(opened, access);
  const indexes = new Map<string, ChunkIndex | undefined>();
  function indexOf(name: string): ChunkIndex | undefined {
    if (!indexes.has(name)) {
      indexes.set(
        name,
        opened.guarded(() => indexDataset(access, opened, stored.get(name)!), DAMAGED),
      );
    }
    return indexes.get(name);
  }
  return {
    file,
    format: "netCDF-4",
    ...header,
    readRaw(name, wanted): NumericArray {
      const { variable, type, slab } = checkRead({ file, ...header }, name, wanted);
      const dataset = stored.get(name)!;
      const extent = dataset.metadata.shape ?? [];
      const written = slab.map(
        ([start, stop], d) => [Math.min(start, extent[d]!), Math.min(stop, extent[d]!)] as const,
      );
      const count = product(countsOf(written));
      const bytes = count === 0 ? new Uint8Array() : readStored();
      const complete = count === product(countsOf(slab));
      return complete ? valuesOf(type, bytes.buffer) : filledUp(bytes, written, slab, type, variable.attributes);

      function readStored(): Uint8Array<ArrayBuffer> {
        const index = indexOf(name);
        if (index === undefined) return reader.read(dataset, written);
        const values = new Uint8Array(index.itemBytes * count);
        readChunks(access, index, written, { name, file }, values);
        return values;
      }
    },
    indexOf(name) {
      const index = indexOf(name);
      // A variable that is shorter than its dimension is filled up here alone.
      const whole = index?.extent.every((size, d) => size === header.variables.get(name)?.shape[d]);
      return whole === true ? index : undefined;
    },
    close() {
      access.close();
      opened.close();
    },
  };
}

function whyNotOpened(path: string, file: string): string {
  const access = openFile(path, file);
  const needed = declaredBytes(access);
  access.close();
  return needed !== undefined && needed > access.size
    ? `truncated: needs ${needed} bytes, the file has ${access.size}`
    : "HDF5 cannot open it: it is damaged";
}

interface Contents {
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly attributes: Attributes;
  readonly stored: ReadonlyMap<string, StoredDataset>;
}

const DAMAGED = "its header is damaged or truncated";

/** Closes the file where it cannot be understood. */
function readHeader(opened: Hdf5File, path: string): Contents {
  try {
    // A file that cannot be opened is told by its handle alone.
    if (opened.id < 0n) throw brokenFile(whyNotOpened(path, opened.file), opened.file);
    return opened.guarded(() => readContents(opened), DAMAGED);
  } catch (error) {
    opened.close();
    throw error;
  }
}

function readContents(opened: Hdf5File): Contents {
  const { hdf5, id } = opened;
  const datasets = hdf5.get_names(id, "/", false).flatMap((key): StoredDataset[] => {
    if (!isInFile(opened, key)) return [];
    const path = `/${key}`;
    const type = hdf5.get_type(id, path);
    // What is damaged passes for a group, which then cannot be listed.
    if (type === hdf5.H5G_GROUP) hdf5.get_names(id, path, false);
    return type === hdf5.H5G_DATASET ? [{ name: key, path, metadata: hdf5.get_dataset_metadata(id, path) }] : [];
  });
  const { dimensions, names } = nameDimensions(datasets.map((dataset) => describe(opened, dataset)));
  const variables = new Map<string, Variable>();
  const stored = new Map<string, StoredDataset>();
  for (const { name: key, path, metadata } of datasets) {
    if (hdf5.get_scale_name(id, path)?.startsWith(NO_VARIABLE)) continue;
    const name = key.replace(NAMESAKE, "");
    const own = names.get(key) ?? [];
    stored.set(name, { name, path, metadata });
    variables.set(name, {
      name,
      type: metadata.shape === null ? "other" : typeOf(metadata),
      dimensions: own,
      // Not HDF5's: a variable can be shorter than its unlimited dimension.
      shape: own.map((dimension) => dimensions.get(dimension)?.size ?? 0),
      attributes: readAttributes(opened, path),
      ...(metadata.chunks === null ? {} : { chunks: metadata.chunks }),
    });
  }
  return { dimensions, variables, attributes: readAttributes(opened, "/"), stored };
}

/** Before the name of a variable that is called like a dimension but is not its coordinate. */
const NAMESAKE = /^_nc4_non_coord_/;

/** The name of a scale that stands for a dimension alone. */
const NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable";

function describe(opened: Hdf5File, { name, path, metadata }: StoredDataset): StoredDimensions {
  const { hdf5, id } = opened;
  const shape = metadata.shape ?? [];
  const scale = hdf5.get_scale_name(id, path) !== null;
  return {
    name,
    shape,
    unlimited: (metadata.maxshape ?? []).map((size) => size > Number.MAX_SAFE_INTEGER),
    scale,
    dimensionId: readNumbers(opened, path, "_Netcdf4Dimid")[0],
    coordinates: readNumbers(opened, path, "_Netcdf4Coordinates"),
    attached: shape.map((_, d) => (scale ? undefined : hdf5.get_attached_scales(id, path, d)[0]?.replace(/^.*\//, ""))),
  };
}

/** The values of `stored`, with the fill value in the rest of `slab`, which was never written. */
function filledUp(
  values: Uint8Array,
  stored: Slab,
  slab: Slab,
  type: NumericType,
  attributes: Attributes,
): NumericArray {
  const itemBytes = ITEM_BYTES[type];
  const counts = countsOf(slab);
  const bytes = new Uint8Array(itemBytes * product(counts));
  const result = valuesOf(type, bytes.buffer);
  const declared = attributes[FILL_VALUE]?.value[0];
  const fill = typeof declared === "number" ? declared : DEFAULT_FILL[type];
  if (result instanceof BigInt64Array || result instanceof BigUint64Array) result.fill(BigInt(fill));
  else result.fill(Number(fill));

  const corner = countsOf(stored).map((count) => [0, count] as const);
  let done = 0;
  for (const { offset, length } of planSlab(
    { offset: 0, itemBytes, strides: packedStrides(itemBytes, counts) },
    corner,
  )) {
    bytes.set(values.subarray(done, done + length), offset);
    done += length;
  }
  return result;
}
