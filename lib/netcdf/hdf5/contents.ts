import type { Attributes, DataType, Dimension, Variable } from "../dataset.ts";
import { nameDimensions, type StoredDimensions } from "./dimensions.ts";

/** What the root group of a file holds, as NetCDF sees it. */
export interface Contents<T> {
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly attributes: Attributes;
  /** How each variable is stored. */
  readonly stored: ReadonlyMap<string, T>;
}

/** A dataset of the root group, as its reader describes it. */
export interface DescribedDataset<T> {
  /** By which it is linked. */
  readonly dimensions: StoredDimensions;
  readonly type: DataType;
  readonly chunks: readonly number[] | null;
  /** The name of a dimension scale; null where it is none. */
  readonly scaleName: string | null;
  /** Asked for where it is a variable. */
  readonly attributes: () => Attributes;
  readonly stored: (name: string) => T;
}

/** Before the name of a variable that is called like a dimension but is not its coordinate. */
const NAMESAKE = /^_nc4_non_coord_/;

/** The name of a scale that stands for a dimension alone. */
const NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable";

/** @param rootAttributes - of the root group */
export function contentsOf<T>(datasets: readonly DescribedDataset<T>[], rootAttributes: () => Attributes): Contents<T> {
  const { dimensions, names } = nameDimensions(datasets.map((dataset) => dataset.dimensions));
  const variables = new Map<string, Variable>();
  const stored = new Map<string, T>();
  for (const dataset of datasets) {
    if (dataset.scaleName?.startsWith(NO_VARIABLE)) continue;
    const linked = dataset.dimensions.name;
    const name = linked.replace(NAMESAKE, "");
    const own = names.get(linked) ?? [];
    stored.set(name, dataset.stored(name));
    variables.set(name, {
      name,
      type: dataset.type,
      dimensions: own,
      // Not HDF5's: a variable can be shorter than its unlimited dimension.
      shape: own.map((dimension) => dimensions.get(dimension)?.size ?? 0),
      attributes: dataset.attributes(),
      ...(dataset.chunks === null ? {} : { chunks: dataset.chunks }),
    });
  }
  return { dimensions, variables, attributes: rootAttributes(), stored };
}
