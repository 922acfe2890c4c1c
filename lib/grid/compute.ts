import { crc32 } from "node:zlib";
import { keys } from "../keys.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import type { ObjectStore } from "../store/store.ts";
import { sparseWarning } from "./archive-warnings.ts";
import type { GridPlan, StoredGrid, TileChecksums } from "./description.ts";
import { type FloatArray, floatType } from "./floats.ts";
import { type JoinedTile, tileJoiner } from "./joined-tiles.ts";
import { Kernels } from "./kernels/kernels.ts";
import { planPasses } from "./passes.ts";
import { readTiles } from "./read-tiles.ts";
import { climatologyShape, climatologyYears } from "./stored-climatologies.ts";
import { markerText } from "./stored-grid.ts";
import { tileAnomalies } from "./tile-anomalies.ts";
import { type TileRows, tileName } from "./tiles.ts";
import { climatologyArray, tileBytes, tileKey, writeZarrFrame } from "./zarr.ts";

export interface TileOptions {
  /** Bytes of the grid that may be held at once; a larger grid is read in several passes over the archive. */
  readonly memoryBytes: number;
  /** Of a grid with a file of normals: shape (12, lat, lon), NaN where missing. */
  readonly normals?: FloatArray | undefined;
  /** Of the tiles to store; all by default. */
  readonly rows?: TileRows;
  /** Called with the part done, 0 to 1. What it throws ends the work. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** What is known of tiles that are stored. */
export interface StoredTiles {
  /** Of those with any value. */
  readonly tiles: TileChecksums;
  /** Cells that have values in a calendar month, and too few for a climatology. */
  readonly sparseCells: number;
}

/** Throws where the archive is another by now. */
export type CheckInput = () => Promise<unknown>;

export interface GridOptions extends Omit<TileOptions, "rows"> {
  /** Asked when all is computed, before the grid counts as there. */
  readonly checkInput?: CheckInput;
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
  { checkInput, ...options }: GridOptions,
): Promise<StoredGrid> {
  const stored = await storeTiles(dataset, grid, store, options);
  return finishGrid(store, grid, stored, checkInput);
}

/**
 * Stores the tiles of a grid, or those of some rows of it. Storing them again writes the same bytes.
 *
 * @throws InputError `TooLarge`, as {@link storeGrid}
 */
export async function storeTiles(
  dataset: Dataset,
  grid: GridPlan,
  store: ObjectStore,
  { memoryBytes, normals, rows, onProgress = () => {} }: TileOptions,
): Promise<StoredTiles> {
  const passes = planPasses(grid, memoryBytes);
  const kernels = await Kernels.load();
  let sparseCells = 0;
  const anomaliesOf = tileAnomalies(kernels, grid, {
    dataset,
    normals,
    onSparse: (cells) => (sparseCells += cells),
  });
  const { id } = grid;
  const climatologies = climatologyYears(grid).map((years) => ({
    array: climatologyArray(years),
    join: tileJoiner(grid.shape, climatologyShape(grid), floatType(grid)),
  }));
  const checksums = new Map<string, number>();
  const put = async ({ row, column, values }: JoinedTile, array?: string) => {
    const bytes = tileBytes(values);
    await store.put(tileKey(id, row, column, array), bytes);
    const name = tileName(row, column);
    checksums.set(array === undefined ? name : `${array}/${name}`, crc32(bytes));
  };
  await readTiles(dataset, grid, { kernels, passes, rows, onProgress }, async (row, column, stored) => {
    const tile = anomaliesOf(row, column, stored);
    // Before anything is waited for: they are there until the next tile.
    const joined = climatologies.map(({ array, join }, i) => ({
      array,
      of: join(row, column, tile?.climatologies[i]),
    }));
    if (tile !== undefined) await put({ row, column, values: tile.anomalies });
    for (const { array, of } of joined) if (of !== undefined) await put(of, array);
  });
  return { tiles: sorted(checksums), sparseCells };
}

/** Makes a grid of tiles that are stored: what Zarr needs beside them, then the marker. */
export async function finishGrid(
  store: ObjectStore,
  grid: GridPlan,
  { tiles, sparseCells }: StoredTiles,
  checkInput?: CheckInput,
): Promise<StoredGrid> {
  await writeZarrFrame(store, grid, climatologyYears(grid));
  await checkInput?.();
  const { archive: _, ...description } = grid;
  const warnings = [...grid.warnings, ...sparseWarning(sparseCells, grid)];
  const marker: StoredGrid = { ...description, warnings, tiles: sorted(Object.entries(tiles)) };
  // A marker that outlives its tiles would be believed.
  await store.flush?.();
  await store.put(keys.gridMarker(grid.id), markerText(marker));
  return marker;
}

/** By name, so that the same tiles make the same text, whatever they were stored after. */
function sorted(checksums: Iterable<readonly [name: string, checksum: number]>): TileChecksums {
  return Object.fromEntries([...checksums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
