import { readAttributes, readNumbers } from "./attributes.ts";
import { type Contents, contentsOf, type DescribedDataset } from "./contents.ts";
import type { Hdf5File } from "./library.ts";
import { isInFile } from "./links.ts";
import type { StoredDataset } from "./reader.ts";
import { typeOf } from "./types.ts";

/** @throws InputError `UnsupportedFormat` where a link leads out of the file; Error where it is damaged */
export function readContents(opened: Hdf5File): Contents<StoredDataset> {
  const { hdf5, id } = opened;
  const datasets = hdf5.get_names(id, "/", false).flatMap((key): StoredDataset[] => {
    if (!isInFile(opened, key)) return [];
    const path = `/${key}`;
    const type = hdf5.get_type(id, path);
    // What is damaged passes for a group, which then cannot be listed.
    if (type === hdf5.H5G_GROUP) hdf5.get_names(id, path, false);
    return type === hdf5.H5G_DATASET ? [{ name: key, path, metadata: hdf5.get_dataset_metadata(id, path) }] : [];
  });
  return contentsOf(
    datasets.map((dataset) => describe(opened, dataset)),
    () => readAttributes(opened, "/"),
  );
}

function describe(opened: Hdf5File, { name, path, metadata }: StoredDataset): DescribedDataset<StoredDataset> {
  const { hdf5, id } = opened;
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
