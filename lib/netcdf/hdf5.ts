import { Dataset as Entity, File, Group } from "h5wasm/node";
import { isInputError } from "../errors.ts";
import { brokenFile } from "./broken-file.ts";
import { packedStrides, planSlab } from "./byte-ranges.ts";
import type { Attributes, Dataset, Dimension, NumericArray, NumericType, Slab, Variable } from "./dataset.ts";
import { readAttributes, readNumbers } from "./hdf5-attributes.ts";
import type { ChunkIndex } from "./hdf5-chunk-index.ts";
import { readChunks } from "./hdf5-chunks.ts";
import { nameDimensions, type StoredDimensions } from "./hdf5-dimensions.ts";
import { indexEntity } from "./hdf5-entity-index.ts";
import { guarded, loadHdf5 } from "./hdf5-library.ts";
import { Hdf5Reader } from "./hdf5-reader.ts";
import { declaredBytes } from "./hdf5-superblock.ts";
import { typeOf } from "./hdf5-types.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, valuesOf } from "./numeric-types.ts";
import { openFile } from "./random-access.ts";
import { checkRead, countsOf, product } from "./slab.ts";

/**
 * The root group of a NetCDF-4 file, or of any HDF5 file as netCDF-C would see it.
 *
 * @param file - what messages call it
 * @param patience - milliseconds for the header, and for a piece of a variable
 * @throws InputError `BrokenFile`
 */
export async function openHdf5(path: string, file: string, patience?: number): Promise<Dataset> {
  await loadHdf5();
  const root = guarded(() => new File(path, "r"), DAMAGED, file, patience);
  // A file that cannot be opened is told by its handle alone.
  if (root.file_id < 0n) throw brokenFile(whyNotOpened(path, file), file);
  const { entities, ...header } = readHeader(root, file, patience);
  const reader = new Hdf5Reader(root.file_id, file, patience);
  const access = openFile(path, file);
  const indexes = new Map<string, ChunkIndex | undefined>();
  function indexOf(name: string): ChunkIndex | undefined {
    if (!indexes.has(name)) {
      indexes.set(
        name,
        guarded(() => indexEntity(access, entities.get(name)!), DAMAGED, file, patience),
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
      const { path: place, metadata } = entities.get(name)!;
      const extent = metadata.shape ?? [];
      const stored = slab.map(([start, stop], d) => [Math.min(start, extent[d]!), Math.min(stop, extent[d]!)] as const);
      const count = product(countsOf(stored));
      const bytes = count === 0 ? new Uint8Array() : readStored();
      const complete = count === product(countsOf(slab));
      return complete ? valuesOf(type, bytes.buffer) : filledUp(bytes, stored, slab, type, variable.attributes);

      function readStored(): Uint8Array<ArrayBuffer> {
        const index = indexOf(name);
        if (index === undefined) return reader.read({ name, path: place, metadata }, stored);
        const values = new Uint8Array(index.itemBytes * count);
        readChunks(access, index, stored, { name, file }, values);
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
      closeFile(root, file);
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
  readonly entities: ReadonlyMap<string, Entity>;
}

const DAMAGED = "its header is damaged or truncated";

/** Closes the file where it cannot be understood. */
function readHeader(root: File, file: string, patience: number | undefined): Contents {
  try {
    return guarded(() => readContents(root), DAMAGED, file, patience);
  } catch (error) {
    closeFile(root, file);
    throw error;
  }
}

/** A damaged file may not even be closed: then the process lets go of it when it ends. */
function closeFile(root: File, file: string): void {
  try {
    guarded(() => root.close(), DAMAGED, file);
  } catch (error) {
    if (!isInputError(error, "BrokenFile")) throw error;
  }
}

function readContents(root: File): Contents {
  const stored = root.keys().flatMap((key) => {
    const entity = root.get(key);
    if (entity === null) throw new Error(`"${key}" cannot be opened`);
    // What is damaged passes for a group, which then cannot be listed.
    if (entity instanceof Group) entity.keys();
    return entity instanceof Entity ? [{ key, entity }] : [];
  });
  const { dimensions, names } = nameDimensions(stored.map(({ key, entity }) => describe(key, entity)));
  const variables = new Map<string, Variable>();
  const entities = new Map<string, Entity>();
  for (const { key, entity } of stored) {
    if (entity.get_scale_name()?.startsWith(NO_VARIABLE)) continue;
    const { metadata } = entity;
    const name = key.replace(NAMESAKE, "");
    const own = names.get(key) ?? [];
    entities.set(name, entity);
    variables.set(name, {
      name,
      type: metadata.shape === null ? "other" : typeOf(metadata),
      dimensions: own,
      // Not HDF5's: a variable can be shorter than its unlimited dimension.
      shape: own.map((dimension) => dimensions.get(dimension)?.size ?? 0),
      attributes: readAttributes(entity),
      ...(metadata.chunks === null ? {} : { chunks: metadata.chunks }),
    });
  }
  return { dimensions, variables, attributes: readAttributes(root), entities };
}

/** Before the name of a variable that is called like a dimension but is not its coordinate. */
const NAMESAKE = /^_nc4_non_coord_/;

/** The name of a scale that stands for a dimension alone. */
const NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable";

function describe(name: string, entity: Entity): StoredDimensions {
  const { shape, maxshape } = entity.metadata;
  const scale = entity.get_scale_name() !== null;
  return {
    name,
    shape: shape ?? [],
    unlimited: (maxshape ?? []).map((size) => size > Number.MAX_SAFE_INTEGER),
    scale,
    dimensionId: readNumbers(entity, "_Netcdf4Dimid")[0],
    coordinates: readNumbers(entity, "_Netcdf4Coordinates"),
    attached: (shape ?? []).map((_, d) => (scale ? undefined : entity.get_attached_scales(d)[0]?.replace(/^.*\//, ""))),
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
