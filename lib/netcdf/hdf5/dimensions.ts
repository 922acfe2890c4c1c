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
  const known = new KnownDimensions();
  for (const { name, shape, unlimited } of scales.sort((a, b) => (a.dimensionId ?? 0) - (b.dimensionId ?? 0))) {
    known.add({ name, size: shape[0] ?? 0, unlimited: unlimited[0] ?? false });
  }

  const names = new Map<string, readonly string[]>();
  for (const dataset of datasets) {
    const named: string[] = [];
    dataset.shape.forEach((size, d) => {
      const name = scaleName(dataset, d, ids);
      const dimension = name === undefined ? undefined : known.all.get(name);
      // An unlimited dimension is as long as its longest variable.
      if (dimension?.unlimited && size > dimension.size) known.grow(dimension, size);
      named.push(dimension?.name ?? known.ofSize(size, dataset.unlimited[d] ?? false, named));
    });
    names.set(dataset.name, named);
  }
  return { dimensions: known.all, names };
}

function scaleName(dataset: StoredDimensions, d: number, ids: ReadonlyMap<number, string>): string | undefined {
  if (!dataset.scale) return dataset.attached[d];
  const id = dataset.coordinates[d];
  if (id !== undefined) return ids.get(id);
  return d === 0 ? dataset.name : undefined;
}

/** Dimensions in the order in which they were found; also by their sizes, as a file may have very many. */
class KnownDimensions {
  readonly all = new Map<string, Dimension>();
  readonly #positions = new Map<string, number>();
  /** Names by size, in order. */
  readonly #bySize = new Map<string, string[]>();

  add(dimension: Dimension): void {
    const again = this.all.get(dimension.name);
    if (again !== undefined) this.#forget(again);
    else this.#positions.set(dimension.name, this.#positions.size);
    this.#put(dimension);
  }

  grow(dimension: Dimension, size: number): void {
    this.#forget(dimension);
    this.#put({ ...dimension, size });
  }

  /** The name of the first dimension of a size that is not taken, or of a new one. */
  ofSize(size: number, unlimited: boolean, taken: readonly string[]): string {
    const known = this.#bySize.get(sizeKey({ size, unlimited }))?.find((name) => !taken.includes(name));
    if (known !== undefined) return known;
    const name = `phony_dim_${this.all.size}`;
    this.add({ name, size, unlimited });
    return name;
  }

  #put(dimension: Dimension): void {
    const { name } = dimension;
    this.all.set(name, dimension);
    const names = this.#bySize.get(sizeKey(dimension)) ?? [];
    this.#bySize.set(sizeKey(dimension), names);
    const position = this.#positions.get(name)!;
    const next = names.findLastIndex((other) => this.#positions.get(other)! < position) + 1;
    names.splice(next, 0, name);
  }

  #forget(dimension: Dimension): void {
    const names = this.#bySize.get(sizeKey(dimension))!;
    names.splice(names.lastIndexOf(dimension.name), 1);
  }
}

function sizeKey({ size, unlimited }: Pick<Dimension, "size" | "unlimited">): string {
  return `${size} ${unlimited}`;
}
