import { crc32 } from "node:zlib";
import { brokenFile, InputError } from "../errors.ts";
import { keys } from "../keys.ts";
import type { FloatType } from "../netcdf/decoded-type.ts";
import { getJsonIfWhole, type ObjectStore, requireJson } from "../store/store.ts";
import type { StoredGrid } from "./description.ts";
import { FLOAT_BYTES, type FloatArray, floats, floatType } from "./floats.ts";
import type { Years } from "./months.ts";
import { climatologyShape } from "./stored-climatologies.ts";
import { type TileShape, tileCell, tileLength, tileName } from "./tiles.ts";
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
  /** The same, for cells that lie around stations: it keeps the tiles that meet at a corner. */
  readonly seriesAround: CellReader;
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
      last = { about, seriesOf: cellReader(store, about), seriesAround: cornerReader(store, about) };
    }
    return last;
  };
}

/** Tiles of climatologies that are kept, as stations of two of them may be done at once. Of the anomalies the last one is. */
const TILES_KEPT = 2;
/** Those that a station in a corner of one lies between. */
const CORNER_TILES = 4;

/** Reads the values of a cell, NaN where missing; they hold the memory of a whole tile. */
export type CellReader = (cell: readonly [lat: number, lon: number]) => Promise<FloatArray>;

/**
 * Reads the anomalies of cells, in time order, each tile once for the cells in a row that share it. Cells are to be asked for
 * one after another: the values of one are there until the next.
 */
export function cellReader(store: ObjectStore, grid: StoredGrid): CellReader {
  return arrayReader(store, grid, {
    shape: grid.shape,
    room: new Uint8Array(FLOAT_BYTES[floatType(grid)] * tileLength(grid.shape)),
  });
}

/** Reads the anomalies of cells, in time order, whose values are there as long as somebody has them. */
function cornerReader(store: ObjectStore, grid: StoredGrid): CellReader {
  return arrayReader(store, grid, { shape: grid.shape, kept: CORNER_TILES });
}

/** Reads the climatology of cells, January to December, of a grid that has that of these years. */
export function climatologyReader(store: ObjectStore, grid: StoredGrid, years: Years): CellReader {
  return arrayReader(store, grid, { name: climatologyArray(years), shape: climatologyShape(grid), kept: TILES_KEPT });
}

/** An array of a grid: its shape, and its name, unless it is that of the anomalies. */
interface GridArray {
  readonly name?: string;
  readonly shape: TileShape;
  /** How many tiles are kept; the last one alone where there is memory for one. */
  readonly kept?: number;
  readonly room?: Uint8Array;
}

function arrayReader(
  store: ObjectStore,
  grid: StoredGrid,
  { name: array, shape, kept: most = 1, room }: GridArray,
): CellReader {
  const length = shape.months;
  const type = floatType(grid);
  const stored = new Map(Object.entries(grid.tiles));
  const kept = new Map<string, Promise<FloatArray>>();
  return async (cell) => {
    const { row, column, position } = tileCell(shape, ...cell);
    const name = array === undefined ? tileName(row, column) : `${array}/${tileName(row, column)}`;
    // A tile that the grid does not list is missing by design; one that it lists and that is gone is an error.
    const checksum = stored.get(name);
    if (checksum === undefined) return floats(type, length).fill(Number.NaN);
    let tile = kept.get(name);
    if (tile === undefined) {
      const values = tileLength(shape);
      if (room !== undefined) kept.clear();
      tile = readTile(store, tileKey(grid.id, row, column, array), { grid: grid.id, checksum, values, type, room });
      kept.set(name, tile);
      if (kept.size > most) for (const oldest of kept.keys().take(1)) kept.delete(oldest);
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
  readonly type: FloatType;
  /** Memory for it. */
  readonly room: Uint8Array | undefined;
}

async function readTile(
  store: ObjectStore,
  key: string,
  { grid, checksum, values: length, type, room }: ExpectedTile,
): Promise<FloatArray> {
  const hint = anew(grid);
  const found = await store.get(key, { room });
  if (found === undefined) {
    throw new InputError("FileNotFound", "this tile of the anomaly grid is gone", { file: key, hint });
  }
  const { body } = found;
  const values = tileValues(body, type);
  if (values.length !== length) {
    throw brokenFile(`has ${values.length} values instead of ${length}`, { file: key, hint });
  }
  if (crc32(body) === checksum) return values;
  throw brokenFile("has other bytes than were written", { file: key, hint });
}

function anew(id: string): string {
  return `Delete ${keys.gridMarker(id)}, then resume the run: the grid is computed anew`;
}
