import { getJsonIfWhole, type ObjectStore } from "../store/store.ts";
import type { StoredGrid } from "./description.ts";

/** Prefix of a grid's Zarr store. */
export function gridPrefix(id: string): string {
  return `grids/${id}`;
}

/**
 * Key of the marker that is written when all of a grid is there. It stands apart from the tiles, so that the rules by
 * which a bucket drops old grids can take the marker first: half a grid is then never taken for a whole one.
 */
export function gridMarker(id: string): string {
  return `grids/ready/${id}.json`;
}

/** The stored grid of that id, or undefined where there is none, or not all of it. */
export async function findGrid(store: ObjectStore, id: string): Promise<StoredGrid | undefined> {
  const grid = await getJsonIfWhole<StoredGrid>(store, gridMarker(id));
  return grid?.id === id ? grid : undefined;
}
