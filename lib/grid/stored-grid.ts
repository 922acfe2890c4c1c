import { crc32 } from "node:zlib";
import { brokenFile, InputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, type ObjectStore, requireJson } from "../store/store.ts";
import type { StoredGrid } from "./description.ts";
import { tileCell, tileLength, tileName } from "./tiles.ts";
import { tileKey, tileValues } from "./zarr.ts";

/** The stored grid of that id, or undefined where there is none, or not all of it. */
export async function findGrid(store: ObjectStore, id: string): Promise<StoredGrid | undefined> {
  const grid = await getJsonIfWhole<StoredGrid>(store, keys.gridMarker(id));
  return grid?.id === id ? grid : undefined;
}

/** The stored grid of that id. @throws InputError `FileNotFound`, `BrokenFile` */
export type GridReader = (id: string) => Promise<StoredGrid>;

/** A reader that keeps the last grid: the id names its content, so it is what it was. */
export function gridReader(store: ObjectStore): GridReader {
  let last: StoredGrid | undefined;
  return async (id) => {
    if (last?.id !== id) last = await requireJson<StoredGrid>(store, keys.gridMarker(id));
    return last;
  };
}

/** Tiles that are kept while their stations are done: stations come in order of tiles. */
const TILES_KEPT = 4;

/**
 * Reads the series of cells, each tile once for the cells in a row that share it.
 *
 * @returns the anomalies of a cell in time order, NaN where missing; they hold the memory of the whole tile
 */
export function cellReader(
  store: ObjectStore,
  grid: StoredGrid,
): (cell: readonly [lat: number, lon: number]) => Promise<Float32Array> {
  const { shape } = grid;
  const stored = new Map(Object.entries(grid.tiles));
  const kept = new Map<string, Promise<Float32Array>>();
  return async (cell) => {
    const { row, column, offset } = tileCell(shape, ...cell);
    const name = tileName(row, column);
    // A tile that the grid does not list is missing by design; one that it lists and that is gone is an error.
    const checksum = stored.get(name);
    if (checksum === undefined) return new Float32Array(shape.months).fill(Number.NaN);
    let tile = kept.get(name);
    if (tile === undefined) {
      tile = readTile(store, grid, tileKey(grid.id, row, column), checksum);
      kept.set(name, tile);
      if (kept.size > TILES_KEPT) for (const oldest of kept.keys().take(1)) kept.delete(oldest);
    }
    return (await tile).subarray(offset, offset + shape.months);
  };
}

/** @param checksum - CRC32 of its bytes: a tile of the right length may still be another, or zeros after a crash */
async function readTile(
  store: ObjectStore,
  { id, shape }: StoredGrid,
  key: string,
  checksum: number,
): Promise<Float32Array> {
  const hint = `Delete ${keys.gridMarker(id)}, then resume the run: the grid is computed anew`;
  const found = await store.get(key);
  if (found === undefined) {
    throw new InputError("FileNotFound", "this tile of the anomaly grid is gone", { file: key, hint });
  }
  const { body } = found;
  const values = tileValues(body);
  const length = tileLength(shape);
  if (values.length !== length) {
    throw brokenFile(`has ${values.length} values instead of ${length}`, { file: key, hint });
  }
  if (crc32(body) === checksum) return values;
  throw brokenFile("has other bytes than were written", { file: key, hint });
}
