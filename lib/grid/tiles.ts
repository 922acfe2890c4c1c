import type { FloatType } from "../netcdf/decoded-type.ts";
import { FLOAT_BYTES } from "./floats.ts";

/**
 * How a grid (lat, lon, time) is cut into tiles: whole blocks of cells with all their months, so that the series of
 * a cell is contiguous in one tile, and neighbouring stations share tiles.
 */
export interface TileShape {
  /** Cells of the grid along latitude and longitude, and months. */
  readonly cells: readonly [lat: number, lon: number];
  readonly months: number;
  /** Cells of a tile. Tiles at the far edges have the same size; their cells off the grid are missing. */
  readonly tile: readonly [lat: number, lon: number];
}

/** Where the values of a cell lie. */
export interface TileCell {
  readonly row: number;
  readonly column: number;
  /** Of the cell, among those of its tile. */
  readonly position: number;
}

/** A box of cells of an archive, by their positions on its axes. */
export interface Region {
  readonly lats: readonly [start: number, stop: number];
  readonly lons: readonly [start: number, stop: number];
}

/** Rows of tiles of a grid, [`start`, `stop`), all that it has of each. */
export type TileRows = readonly [start: number, stop: number];

/** A tile's side in degrees: at one degree and 500 months 200 kB, and a few tiles hold the stations of a chunk. */
const TILE_DEGREES = 10;
/** Of a tile on a fine grid, so that a worker's few tiles, and a row of tiles round the globe, stay small. */
const MAX_TILE_BYTES = 4 * 2 ** 20;
/** Of one that is several joined: a worker reads it for the cells of its chunk alone. */
const MAX_JOINED_BYTES = 2 ** 20;

/** Tiles of about ten degrees for a grid, from the mean spacing of its axes; smaller ones on a very fine grid. */
export function tileShape(
  lat: ArrayLike<number>,
  lon: ArrayLike<number>,
  months: number,
  type: FloatType = "float32",
): TileShape {
  const largest = Math.floor(Math.sqrt(MAX_TILE_BYTES / (months * FLOAT_BYTES[type])));
  const side = (axis: ArrayLike<number>) => Math.max(1, Math.min(axis.length, largest, tileSide(axis)));
  return { cells: [lat.length, lon.length], months, tile: [side(lat), side(lon)] };
}

/**
 * The same grid in tiles as wide as it is, or as is allowed: for the stations of a region, fewer objects are written, and read,
 * and a chunk of stations still lies in one or two of them.
 */
export function wideTiles({ cells, months, tile: [height, width] }: TileShape, type: FloatType = "float32"): TileShape {
  const column = height * months * FLOAT_BYTES[type];
  const most = Math.max(width, Math.floor(MAX_TILE_BYTES / column));
  return { cells, months, tile: [height, evenly(cells[1], 1, most)] };
}

/**
 * A tile of an array with few values a cell, such as the twelve of a climatology: as many whole tiles of the grid as make it no larger
 * than one of these, beside each other first, so that few objects are written, and read.
 *
 * @param values - of a cell
 */
export function joinedTile(
  { cells, months, tile: [height, width] }: TileShape,
  values: number,
  type: FloatType = "float32",
): TileShape["tile"] {
  const bytes = Math.min(MAX_JOINED_BYTES, height * width * months * FLOAT_BYTES[type]);
  const most = bytes / (values * FLOAT_BYTES[type]);
  const lons = evenly(cells[1], width, most / height);
  const lats = lons < cells[1] ? height : evenly(cells[0], height, most / lons);
  return [lats, lons];
}

/** The cells of parts of `all`, which have as many whole `unit`s as each other, or fewer, and at most `most` cells or one unit. */
function evenly(all: number, unit: number, most: number): number {
  const units = Math.ceil(all / unit);
  const parts = Math.ceil(units / Math.max(1, Math.floor(most / unit)));
  return Math.min(all, Math.ceil(units / parts) * unit);
}

/** The tile of the cell at positions `lat` and `lon` of the axes, and its place in there. */
export function tileCell({ tile }: TileShape, lat: number, lon: number): TileCell {
  return {
    row: Math.floor(lat / tile[0]),
    column: Math.floor(lon / tile[1]),
    position: (lat % tile[0]) * tile[1] + (lon % tile[1]),
  };
}

/** Rows and columns of tiles. */
export function tileCounts({ cells, tile }: TileShape): readonly [rows: number, columns: number] {
  return [Math.ceil(cells[0] / tile[0]), Math.ceil(cells[1] / tile[1])];
}

/** Values in one tile. */
export function tileLength({ tile, months }: TileShape): number {
  return tile[0] * tile[1] * months;
}

/** A tile's name, which is the name of its Zarr chunk: all months are in one, so the last number is 0. */
export function tileName(row: number, column: number): string {
  return `${row}.${column}.0`;
}

function tileSide(axis: ArrayLike<number>): number {
  if (axis.length < 2) return 1;
  const spacing = Math.abs(axis[axis.length - 1]! - axis[0]!) / (axis.length - 1);
  return Math.round(TILE_DEGREES / spacing);
}
