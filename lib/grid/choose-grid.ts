import { gridOfMarker, keys } from "../keys.ts";
import type { ObjectStore } from "../store/store.ts";
import { type Extent } from "./choices.ts";
import type { GridPlan, StoredGrid } from "./description.ts";
import { cellsIn, covers, gridOfRegion, regionInId, regionOf, wholeRegion } from "./region.ts";
import { findGrid } from "./stored-grid.ts";
import type { Region } from "./tiles.ts";

/** A region of a larger part of all cells than this saves too little: the whole is made, which serves every table. */
const LARGEST_PART = 0.5;
/** With so many regions of one archive stored, the whole is made instead of one more. */
const MOST_REGIONS = 4;

/** What the grid is to have. */
export interface GridNeed {
  /** Positions on the axes of the archive, at least one. */
  readonly cells: readonly (readonly [lat: number, lon: number])[];
  readonly extent: Extent;
}

/** A grid that is there, or one that is to be made. */
export type ChosenGrid =
  | { readonly grid: StoredGrid; readonly stored: true }
  | { readonly grid: GridPlan; readonly stored: false };

/**
 * The grid to use for some cells of an archive: of those that are stored the smallest one that has them all, else the one
 * to make.
 */
export async function chooseGrid(
  store: ObjectStore,
  whole: GridPlan,
  { cells, extent }: GridNeed,
): Promise<ChosenGrid> {
  const all = wholeRegion(whole.shape);
  const needed = extent === "global" ? all : regionOf(whole.shape, cells);
  const regions = await storedRegions(store, whole);
  const fitting = regions.filter(({ region }) => covers(region, needed));
  for (const { id } of fitting.toSorted((a, b) => cellsIn(a.region) - cellsIn(b.region))) {
    const grid = await findGrid(store, id);
    if (grid !== undefined) return { grid, stored: true };
  }
  const few = regions.length < MOST_REGIONS && cellsIn(needed) <= LARGEST_PART * cellsIn(all);
  return { grid: few && extent === "stations" ? gridOfRegion(whole, needed) : whole, stored: false };
}

/** The grids of an archive that are stored. */
async function storedRegions(store: ObjectStore, whole: GridPlan) {
  const found: { readonly id: string; readonly region: Region }[] = [];
  // Their ids begin with that of the whole.
  for await (const { key } of store.list(`${keys.gridMarkers}${whole.id}`)) {
    const id = gridOfMarker(key);
    const region = id === undefined ? undefined : regionInId(id, whole);
    if (id !== undefined && region !== undefined) found.push({ id, region });
  }
  return found;
}
