import type { NumericArray, NumericType } from "../netcdf/dataset.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import { type TileShape, tileCounts, tileLength } from "./tiles.ts";

/** The rows of tiles [`rowStart`, `rowStop`) while they are computed: plain data, whose values threads share. */
export interface Band {
  readonly rowStart: number;
  readonly rowStop: number;
  readonly type: NumericType;
  /** Its tiles one after another, each of shape (lat, lon, months), with the values as they are stored; maybe more. */
  readonly values: ArrayBufferLike;
}

/** Bytes that the tiles of some rows take, as the values are stored. */
export function bandBytes(shape: TileShape, type: NumericType, rows: number): number {
  return rows * tileCounts(shape)[1] * tileLength(shape) * ITEM_BYTES[type];
}

/** The latitudes of a band, as positions on the axis. */
export function bandLats({ cells, tile }: TileShape, { rowStart, rowStop }: Band): readonly [number, number] {
  return [rowStart * tile[0], Math.min(cells[0], rowStop * tile[0])];
}

/**
 * Copies stored values of shape (`count` months, lats, lons) into the tiles of their band, from month `at` on.
 *
 * @param tiles - all values of the band
 */
export function transpose(
  values: NumericArray,
  count: number,
  at: number,
  { cells, months, tile }: TileShape,
  lats: readonly [number, number],
  tiles: NumericArray,
): void {
  // Both are of the variable's type: what is read from one fits the other.
  const [source, target] = [values, tiles] as readonly NumericArray[] as readonly [Float64Array, Float64Array];
  const lons = cells[1];
  const field = (lats[1] - lats[0]) * lons;
  const size = tile[0] * tile[1] * months;
  const columns = Math.ceil(lons / tile[1]);
  for (let lat = 0; lat < lats[1] - lats[0]; lat++) {
    const row = Math.floor(lat / tile[0]) * columns;
    for (let column = 0; column < columns; column++) {
      const first = column * tile[1];
      const last = Math.min(lons, first + tile[1]);
      let to = (row + column) * size + (lat % tile[0]) * tile[1] * months + at;
      for (let lon = first; lon < last; lon++, to += months) {
        for (let t = 0, from = lat * lons + lon; t < count; t++, from += field) target[to + t] = source[from]!;
      }
    }
  }
}
