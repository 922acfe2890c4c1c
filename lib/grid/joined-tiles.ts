import type { FloatType } from "../netcdf/decoded-type.ts";
import { type FloatArray, floats } from "./floats.ts";
import { type TileShape, tileCell, tileLength } from "./tiles.ts";

/** A larger tile, of shape (lat, lon, values), and its row and column among those of its size. */
export interface JoinedTile {
  readonly row: number;
  readonly column: number;
  readonly values: FloatArray;
}

/**
 * Takes a tile of a grid, of shape (lat, lon, values), or undefined for one without any value, whose cells become NaN.
 *
 * @returns the larger tile that it was the last one of; undefined where others are yet to come, or none had any value
 */
export type JoinTile = (row: number, column: number, values: FloatArray | undefined) => JoinedTile | undefined;

/**
 * Puts the tiles of a grid together into larger ones, each of which is held from its first tile to its last: they are to come row
 * by row.
 *
 * @param grid - the shape of the grid
 * @param joined - that of the same cells in larger tiles, which begin and end where those of the grid do
 */
export function tileJoiner(grid: TileShape, joined: TileShape, type: FloatType): JoinTile {
  const { cells, tile } = grid;
  const { months: length } = joined;
  const open = new Map<string, { readonly values: FloatArray; left: number; hasAny: boolean }>();

  /** How many tiles of the grid are in a larger one. */
  const tilesIn = (position: number, d: 0 | 1) => {
    const first = position * joined.tile[d];
    return Math.ceil((Math.min(cells[d], first + joined.tile[d]) - first) / tile[d]);
  };

  return (gridRow, gridColumn, values) => {
    const [lat, lon] = [gridRow * tile[0], gridColumn * tile[1]];
    const { row, column } = tileCell(joined, lat, lon);
    const name = `${row}.${column}`;
    let whole = open.get(name);
    if (whole === undefined) {
      const left = tilesIn(row, 0) * tilesIn(column, 1);
      whole = { values: floats(type, tileLength(joined)).fill(Number.NaN), left, hasAny: false };
      open.set(name, whole);
    }
    if (values !== undefined) {
      whole.hasAny = true;
      // A tile at a far edge has cells off the grid.
      const width = Math.min(tile[1], cells[1] - lon) * length;
      for (let line = 0; line < Math.min(tile[0], cells[0] - lat); line++) {
        const from = line * tile[1] * length;
        const { position } = tileCell(joined, lat + line, lon);
        whole.values.set(values.subarray(from, from + width), position * length);
      }
    }
    if (--whole.left > 0) return undefined;
    open.delete(name);
    return whole.hasAny ? { row, column, values: whole.values } : undefined;
  };
}
