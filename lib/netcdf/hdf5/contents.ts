import type { Attributes, Dimension, Variable } from "../dataset.ts";
import { readAttributes, readNumbers } from "./attributes.ts";
import { nameDimensions, type StoredDimensions } from "./dimensions.ts";
import type { Hdf5File } from "./library.ts";
import { isInFile } from "./links.ts";
import type { StoredDataset } from "./reader.ts";
import { typeOf } from "./types.ts";

/** What the root group of a file holds, as NetCDF sees it. */
export interface Contents {
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly attributes: Attributes;
  readonly stored: ReadonlyMap<string, StoredDataset>;
}

/** @throws InputError `UnsupportedFormat` where a link leads out of the file; Error where it is damaged */
export function readContents(opened: Hdf5File): Contents {
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
