import type { NumericArray, Variable } from "../netcdf/dataset.ts";
import { decode } from "../netcdf/decode.ts";
import { climatology, takeOff, YEAR_MONTHS } from "./anomaly.ts";
import type { GridPlan } from "./description.ts";
import { calendarMonthsOf, spanOf } from "./months.ts";
import type { TileShape } from "./tiles.ts";

/** What is stored of a tile, each of shape (cells, …), row-major; NaN is missing. */
export interface TileArrays {
  /** The last dimension is months. */
  readonly anomalies: Float32Array;
  /** Of a grid that forecasts are rebased by: what was taken off, and the other years' climatology, by calendar month. */
  readonly climatologies?: readonly [own: Float32Array, other: Float32Array];
}

/** Makes the anomalies of a tile; undefined where it has none. @param stored - as the archive has them; they are overwritten */
export type TileAnomalies = (row: number, column: number, stored: NumericArray) => TileArrays | undefined;

/**
 * @param variable - of the archive, which the stored values are decoded by
 * @param normals - of a grid with a file of normals: shape (12, lat, lon) of the grid, NaN where missing
 */
export function tileAnomalies(grid: GridPlan, variable: Variable, normals: Float32Array | undefined): TileAnomalies {
  const { shape, rebase, baseline, seconds, observations } = grid;
  const calendarMonths = calendarMonthsOf(seconds);
  const [span, otherSpan] = [spanOf(seconds, baseline), rebase && spanOf(seconds, rebase)];
  return (row, column, stored) => {
    // In place, where the values are stored as the floats that they become.
    const decoded = decode(variable, stored, observations.key);
    const values = decoded instanceof Float32Array ? decoded : new Float32Array(decoded);
    blankBeyond(values, shape, row, column);
    const own =
      grid.normal === undefined ? climatology(values, calendarMonths, span) : normalsOf(grid, normals, [row, column]);
    const other = otherSpan && climatology(values, calendarMonths, otherSpan);
    if (!takeOff(values, calendarMonths, own)) return undefined;
    return { anomalies: values, ...(other === undefined ? {} : { climatologies: [own, other] }) };
  };
}

/** What is taken off a tile where that is not the mean of its own years: shape (cells, 12). */
function normalsOf(
  { normal, shape }: GridPlan,
  normals: Float32Array | undefined,
  [row, column]: readonly [number, number],
): Float32Array {
  const [height, width] = shape.tile;
  const tile = new Float32Array(height * width * YEAR_MONTHS);
  if (normal === "none") return tile;
  if (normals === undefined) throw new TypeError("the grid has a file of normals, which was not read");
  const [lats, lons] = shape.cells;
  for (let at = 0; at < tile.length; at++) {
    const month = at % YEAR_MONTHS;
    const cell = (at - month) / YEAR_MONTHS;
    const lat = row * height + Math.floor(cell / width);
    const lon = column * width + (cell % width);
    tile[at] = lat < lats && lon < lons ? normals[(month * lats + lat) * lons + lon]! : Number.NaN;
  }
  return tile;
}

/** Tiles at the far edges reach beyond the grid: what is there is missing. */
function blankBeyond(values: Float32Array, { cells, months, tile }: TileShape, row: number, column: number): void {
  const lats = Math.min(tile[0], cells[0] - row * tile[0]);
  const lons = Math.min(tile[1], cells[1] - column * tile[1]);
  const line = tile[1] * months;
  for (let lat = 0; lat < lats; lat++) values.fill(Number.NaN, lat * line + lons * months, (lat + 1) * line);
  values.fill(Number.NaN, lats * line);
}
