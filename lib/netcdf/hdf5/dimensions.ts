import type { Dimension } from "../dataset.ts";

/** What HDF5 says of a dataset that bears on dimensions. */
export interface StoredDimensions {
  readonly name: string;
  readonly shape: readonly number[];
  readonly unlimited: readonly boolean[];
  /** Whether it is a dimension scale: then it names a dimension. */
  readonly scale: boolean;
  /** `_Netcdf4Dimid`, the place of a scale's dimension among the others; absent in other writers' files. */
  readonly dimensionId?: number | undefined;
  /** `_Netcdf4Coordinates`, the dimension ids of a scale that has several dimensions; empty if there is none. */
  readonly coordinates: readonly number[];
  /** The scale that is attached to each dimension, if any. */
  readonly attached: readonly (string | undefined)[];
}

export interface NamedDimensions {
  readonly dimensions: ReadonlyMap<string, Dimension>;
  /** Dimension names of every dataset. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/**
 * Dimensions as netCDF-C sees them: each scale is one and names it; a dimension without a scale takes any dimension
 * of the same size that its variable has not, or a new one that is called `phony_dim_` and its number.
 */
export function nameDimensions(datasets: readonly StoredDimensions[]): NamedDimensions {
  const scales = datasets.filter((d) => d.scale);
  const ids = new Map(scales.map((d, i) => [d.dimensionId ?? i, d.name]));
  const dimensions = new Map<string, Dimension>();
  for (const { name, shape, unlimited } of scales.sort((a, b) => (a.dimensionId ?? 0) - (b.dimensionId ?? 0))) {
    dimensions.set(name, { name, size: shape[0] ?? 0, unlimited: unlimited[0] ?? false });
  }

  const names = new Map<string, readonly string[]>();
  for (const dataset of datasets) {
    const named: string[] = [];
    dataset.shape.forEach((size, d) => {
      const name = scaleName(dataset, d, ids);
      const known = name === undefined ? undefined : dimensions.get(name);
      // An unlimited dimension is as long as its longest variable.
      if (known?.unlimited && size > known.size) dimensions.set(known.name, { ...known, size });
      named.push(known?.name ?? phony(dimensions, size, dataset.unlimited[d] ?? false, named));
    });
    names.set(dataset.name, named);
  }
  return { dimensions, names };
}

function scaleName(dataset: StoredDimensions, d: number, ids: ReadonlyMap<number, string>): string | undefined {
  if (!dataset.scale) return dataset.attached[d];
  const id = dataset.coordinates[d];
  if (id !== undefined) return ids.get(id);
  return d === 0 ? dataset.name : undefined;
}

function phony(dimensions: Map<string, Dimension>, size: number, unlimited: boolean, taken: readonly string[]): string {
  for (const known of dimensions.values()) {
    if (known.size === size && known.unlimited === unlimited && !taken.includes(known.name)) return known.name;
  }
  const name = `phony_dim_${dimensions.size}`;
  dimensions.set(name, { name, size, unlimited });
  return name;
}
