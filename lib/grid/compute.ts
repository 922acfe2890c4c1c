import { crc32 } from "node:zlib";
import { keys } from "../keys.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { findVariable } from "../netcdf/slab.ts";
import type { ObjectStore } from "../store/store.ts";
import type { GridPlan, StoredGrid } from "./description.ts";
import { planPasses } from "./passes.ts";
import { readTiles } from "./read-tiles.ts";
import { tileAnomalies } from "./tile-anomalies.ts";
import { tileName } from "./tiles.ts";
import { climatologyArray, tileBytes, tileKey, writeZarrFrame } from "./zarr.ts";

export interface GridOptions {
  /** Bytes of the grid that may be held at once; a larger grid is read in several passes over the archive. */
  readonly memoryBytes: number;
  /** Of a grid with a file of normals: shape (12, lat, lon), NaN where missing. */
  readonly normals?: Float32Array | undefined;
  /** Asked when all is computed, before the grid counts as there: throws where the archive is another by now. */
  readonly checkInput?: () => Promise<unknown>;
  /** Called with the part done, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/**
 * Computes the anomaly grid of an archive and stores it, its marker last.
 *
 * @param dataset - the archive that `grid` describes
 * @throws InputError `TooLarge` where the memory does not suffice for one row of tiles
 */
export async function storeGrid(
  dataset: Dataset,
  grid: GridPlan,
  store: ObjectStore,
  { memoryBytes, normals, checkInput, onProgress = () => {} }: GridOptions,
): Promise<StoredGrid> {
  const passes = planPasses(grid, memoryBytes);
  const anomaliesOf = tileAnomalies(grid, findVariable(dataset, grid.variable), normals);
  const { id, baseline, rebase } = grid;
  const checksums = new Map<string, number>();
  await readTiles(dataset, grid, { passes, onProgress }, async (row, column, stored) => {
    const tile = anomaliesOf(row, column, stored);
    if (tile === undefined) return;
    const put = async (array: string | undefined, values: Float32Array) => {
      const bytes = tileBytes(values);
      await store.put(tileKey(id, row, column, array), bytes);
      const name = tileName(row, column);
      checksums.set(array === undefined ? name : `${array}/${name}`, crc32(bytes));
    };
    await put(undefined, tile.anomalies);
    if (tile.climatologies === undefined || rebase === undefined) return;
    const [own, other] = tile.climatologies;
    await put(climatologyArray(baseline), own);
    await put(climatologyArray(rebase), other);
  });
  await writeZarrFrame(store, grid);
  await checkInput?.();
  const { archive: _, ...description } = grid;
  const tiles = Object.fromEntries([...checksums].sort(([a], [b]) => (a < b ? -1 : 1)));
  const marker: StoredGrid = { ...description, tiles };
  await store.put(keys.gridMarker(id), JSON.stringify(marker));
  return marker;
}
