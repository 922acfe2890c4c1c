import type { Dataset } from "../netcdf/dataset.ts";
import type { ObjectStore } from "../store/store.ts";
import { type ComputeOptions, computeTiles } from "./compute.ts";
import type { GridDescription, StoredGrid } from "./description.ts";
import { gridMarker, gridPrefix } from "./stored-grid.ts";
import { writeZarrFrame } from "./zarr.ts";

/** Computes the grid of an archive and stores it, its marker last. */
export async function storeGrid(
  dataset: Dataset,
  about: GridDescription,
  store: ObjectStore,
  options: ComputeOptions,
): Promise<StoredGrid> {
  const prefix = gridPrefix(about.id);
  const tiles = await computeTiles(dataset, about, store, prefix, options);
  await writeZarrFrame(store, prefix, about);
  await options.checkInput?.();
  const grid: StoredGrid = { ...about, tiles };
  await store.put(gridMarker(about.id), JSON.stringify(grid));
  return grid;
}
