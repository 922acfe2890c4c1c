import type { Dataset } from "../netcdf/dataset.ts";
import type { ObjectStore } from "../store/store.ts";
import { type ArchiveVariable, archiveVariable } from "./archive.ts";
import { computeTiles } from "./compute.ts";
import type { GridDescription, StoredGrid } from "./description.ts";
import { type GridLane, gridLane } from "./lane.ts";
import { monthsAtOnce, rowsAtOnce } from "./memory.ts";
import { gridMarker, gridPrefix } from "./stored-grid.ts";
import { writeZarrFrame } from "./zarr.ts";

/** Makes the lanes that compute a grid. */
export type MakeLanes = (dataset: Dataset, archive: ArchiveVariable, about: GridDescription) => Promise<GridLane[]>;

export interface GridOptions {
  /** Bytes of the grid that may be held at once; a larger grid is read in several passes over the archive. */
  readonly memoryBytes: number;
  /** Who computes the grid, on other threads; by default this thread alone. */
  readonly makeLanes?: MakeLanes;
  /** Asked when all is computed, before the grid counts as there: throws where the archive is another by now. */
  readonly checkInput?: () => Promise<unknown>;
  /** Called with the part done, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/**
 * Computes the grid of an archive and stores it, its marker last.
 *
 * @throws InputError `TooLarge` where the memory does not suffice for one row of tiles
 */
export async function storeGrid(
  dataset: Dataset,
  about: GridDescription,
  store: ObjectStore,
  { memoryBytes, makeLanes, checkInput, onProgress }: GridOptions,
): Promise<StoredGrid> {
  const archive = archiveVariable(dataset, about.variable);
  const passes = {
    type: archive.type,
    months: monthsAtOnce(archive),
    rows: rowsAtOnce(archive, about, memoryBytes),
    shared: makeLanes !== undefined,
  };
  const readSlab = dataset.readRaw.bind(dataset, about.variable);
  const lanes = (await makeLanes?.(dataset, archive, about)) ?? [gridLane(archive, readSlab, about, store)];
  const tiles = await computeTiles(about, passes, lanes, onProgress);
  await writeZarrFrame(store, gridPrefix(about.id), about);
  await checkInput?.();
  const grid: StoredGrid = { ...about, tiles };
  await store.put(gridMarker(about.id), JSON.stringify(grid));
  return grid;
}
