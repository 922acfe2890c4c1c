import { crc32 } from "node:zlib";
import { brokenFile, InputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, type ObjectStore, requireJson } from "../store/store.ts";
import { YEAR_MONTHS } from "./anomaly.ts";
import type { StoredGrid } from "./description.ts";
import type { Years } from "./months.ts";
import { tileCell, tileLength, tileName } from "./tiles.ts";
import { climatologyArray, tileKey, tileValues } from "./zarr.ts";

/** A marker, with the CRC32 of its own text without that: a wrong time in it would be in all series. */
interface CheckedMarker extends StoredGrid {
  readonly checksum: number;
}

/** What is written of a grid that is whole. */
export function markerText(grid: StoredGrid): string {
  return JSON.stringify({ ...grid, checksum: crc32(JSON.stringify(grid)) } satisfies CheckedMarker);
}

/** The stored grid of that id, or undefined where there is none, not all of it, or its marker is damaged. */
export async function findGrid(store: ObjectStore, id: string): Promise<StoredGrid | undefined> {
  const marker = await getJsonIfWhole<CheckedMarker>(store, keys.gridMarker(id));
  return marker && wholeMarker(marker, id);
}

function wholeMarker({ checksum, ...grid }: CheckedMarker, id: string): StoredGrid | undefined {
  return grid.id === id && crc32(JSON.stringify(grid)) === checksum ? grid : undefined;
}

/** A grid that is stored, and its values. */
export interface OpenGrid {
  readonly about: StoredGrid;
  /** Reads the anomalies of cells, in time order. */
  readonly seriesOf: CellReader;
}

/** The stored grid of that id. @throws InputError `FileNotFound`, `BrokenFile` */
export type GridReader = (id: string) => Promise<OpenGrid>;

/** A reader that keeps the last grid, with its last tiles: the id names its content, so it is what it was. */
export function gridReader(store: ObjectStore): GridReader {
  let last: OpenGrid | undefined;
  return async (id) => {
    if (last?.about.id !== id) {
      const key = keys.gridMarker(id);
      const about = wholeMarker(await requireJson<CheckedMarker>(store, key), id);
      if (about === undefined) throw brokenFile("has other bytes than were written", { file: key, hint: anew(id) });
      last = { about, seriesOf: cellReader(store, about) };
    }
    return last;
  };
}

/** Tiles of climatologies that are kept, as stations of two of them may be done at once. Of the anomalies the last one is. */
const TILES_KEPT = 2;

/** Reads the values of a cell, NaN where missing; they hold the memory of a whole tile. */
export type CellReader = (cell: readonly [lat: number, lon: number]) => Promise<Float32Array>;

/**
 * Reads the anomalies of cells, in time order, each tile once for the cells in a row that share it. Cells are to be asked for
 * one after another: the values of one are there until the next.
 */
export function cellReader(store: ObjectStore, grid: StoredGrid): CellReader {
  return arrayReader(store, grid, { length: grid.shape.months, room: new Uint8Array(4 * tileLength(grid.shape)) });
}

/** Reads the climatology of cells, January to December, of a grid that has that of these years. */
export function climatologyReader(store: ObjectStore, grid: StoredGrid, years: Years): CellReader {
  return arrayReader(store, grid, { name: climatologyArray(years), length: YEAR_MONTHS });
}

/** An array of a grid: how many values a cell has, and its name, unless it is that of the anomalies. */
interface GridArray {
  readonly name?: string;
  readonly length: number;
  /** Memory for one tile: only the last one is then kept. */
  readonly room?: Uint8Array;
}

function arrayReader(store: ObjectStore, grid: StoredGrid, { name: array, length, room }: GridArray): CellReader {
  const { shape } = grid;
  const stored = new Map(Object.entries(grid.tiles));
  const kept = new Map<string, Promise<Float32Array>>();
  return async (cell) => {
    const { row, column, position } = tileCell(shape, ...cell);
    const name = array === undefined ? tileName(row, column) : `${array}/${tileName(row, column)}`;
    // A tile that the grid does not list is missing by design; one that it lists and that is gone is an error.
    const checksum = stored.get(name);
    if (checksum === undefined) return new Float32Array(length).fill(Number.NaN);
    let tile = kept.get(name);
    if (tile === undefined) {
      const values = shape.tile[0] * shape.tile[1] * length;
      if (room !== undefined) kept.clear();
      tile = readTile(store, tileKey(grid.id, row, column, array), { grid: grid.id, checksum, values, room });
      kept.set(name, tile);
      if (kept.size > TILES_KEPT) for (const oldest of kept.keys().take(1)) kept.delete(oldest);
    }
    return (await tile).subarray(position * length, (position + 1) * length);
  };
}

/** What a tile has to be: a tile of the right length may still be another, or zeros after a crash. */
interface ExpectedTile {
  /** Id of its grid. */
  readonly grid: string;
  /** CRC32 of its bytes. */
  readonly checksum: number;
  /** How many. */
  readonly values: number;
  /** Memory for it. */
  readonly room: Uint8Array | undefined;
}

async function readTile(
  store: ObjectStore,
  key: string,
  { grid, checksum, values: length, room }: ExpectedTile,
): Promise<Float32Array> {
  const hint = anew(grid);
  const found = await store.get(key, { room });
  if (found === undefined) {
    throw new InputError("FileNotFound", "this tile of the anomaly grid is gone", { file: key, hint });
  }
  const { body } = found;
  const values = tileValues(body);
  if (values.length !== length) {
    throw brokenFile(`has ${values.length} values instead of ${length}`, { file: key, hint });
  }
  if (crc32(body) === checksum) return values;
  throw brokenFile("has other bytes than were written", { file: key, hint });
}

function anew(id: string): string {
  return `Delete ${keys.gridMarker(id)}, then resume the run: the grid is computed anew`;
}
