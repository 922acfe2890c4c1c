import type { Variable } from "../netcdf/dataset.ts";
import { decode } from "../netcdf/decode.ts";
import { ITEM_BYTES, valuesOf } from "../netcdf/numeric-types.ts";
import { climatology, takeOff, YEAR_MONTHS } from "./anomaly.ts";
import type { GridPlan } from "./description.ts";
import { calendarMonthsOf, spanOf } from "./months.ts";
import type { StoredTile } from "./read-tiles.ts";
import type { TileShape } from "./tiles.ts";

/** What is stored of a tile, each of shape (cells, …), row-major; NaN is missing. */
export interface TileArrays {
  /** The last dimension is months. */
  readonly anomalies: Float32Array;
  /** Of a grid that forecasts are rebased by: what was taken off, and the other years' climatology, by calendar month. */
  readonly climatologies?: readonly [own: Float32Array, other: Float32Array];
}

/** Makes the anomalies of a tile, in the room that comes with it; undefined where it has none. */
export type TileAnomalies = (row: number, column: number, tile: StoredTile) => TileArrays | undefined;

/**
 * Takes a tile line by line: what is done with the cells of a line is done while they are near the processor.
 *
 * @param variable - of the archive, which the stored values are decoded by
 * @param normals - of a grid with a file of normals: shape (12, lat, lon) of the grid, NaN where missing
 */
export function tileAnomalies(grid: GridPlan, variable: Variable, normals: Float32Array | undefined): TileAnomalies {
  const { shape, rebase, baseline, seconds, observations, archive } = grid;
  const { cells, months, tile } = shape;
  const [height, width] = tile;
  const calendarMonths = calendarMonthsOf(seconds);
  const [span, otherSpan] = [spanOf(seconds, baseline), rebase && spanOf(seconds, rebase)];
  const stored = valuesOf(archive.type, new ArrayBuffer(width * months * ITEM_BYTES[archive.type]));
  return (row, column, { copyLine, room }) => {
    const climatologies = otherSpan && ([climatologyRoom(tile), climatologyRoom(tile)] as const);
    let anyValue = false;
    for (let line = 0; line < height; line++) {
      const lat = row * height + line;
      if (lat >= cells[0]) break;
      copyLine(line, stored);
      const decoded = decode(variable, stored, observations.key);
      const values = decoded instanceof Float32Array ? decoded : new Float32Array(decoded);
      // Tiles at the far edges reach beyond the grid: what is there is missing.
      values.fill(Number.NaN, (cells[1] - column * width) * months);
      const own =
        grid.normal === undefined
          ? climatology(values, calendarMonths, span)
          : normalsOf(grid, normals, [lat, column * width]);
      if (climatologies !== undefined) {
        climatologies[0].set(own, line * width * YEAR_MONTHS);
        climatologies[1].set(climatology(values, calendarMonths, otherSpan!), line * width * YEAR_MONTHS);
      }
      if (takeOff(values, calendarMonths, own)) anyValue = true;
      room.set(values, line * width * months);
    }
    room.fill(Number.NaN, (cells[0] - row * height) * width * months);
    if (!anyValue) return undefined;
    return { anomalies: room, ...(climatologies === undefined ? {} : { climatologies }) };
  };
}

function climatologyRoom([height, width]: TileShape["tile"]): Float32Array {
  return new Float32Array(height * width * YEAR_MONTHS).fill(Number.NaN);
}

/** What is taken off a line of cells where that is not the mean of its own years: shape (cells, 12). */
function normalsOf(
  { normal, shape }: GridPlan,
  normals: Float32Array | undefined,
  [lat, first]: readonly [lat: number, lon: number],
): Float32Array {
  const line = new Float32Array(shape.tile[1] * YEAR_MONTHS);
  if (normal === "none") return line;
  if (normals === undefined) throw new TypeError("the grid has a file of normals, which was not read");
  const [lats, lons] = shape.cells;
  for (let at = 0; at < line.length; at++) {
    const month = at % YEAR_MONTHS;
    const lon = first + (at - month) / YEAR_MONTHS;
    line[at] = lon < lons ? normals[(month * lats + lat) * lons + lon]! : Number.NaN;
  }
  return line;
}
