import type { Dataset } from "../netcdf/dataset.ts";
import { decoder } from "../netcdf/decode.ts";
import type { MaskFloats } from "../netcdf/mask.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import { findVariable } from "../netcdf/slab.ts";
import { fieldShape, type GridPlan } from "./description.ts";
import { FLOAT_BYTES, type FloatArray, floats, floatType } from "./floats.ts";
import { leastValues } from "./grid-order.ts";
import { fieldTimes } from "./grid-times.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { calendarMonthsOf, spanOf, YEAR_MONTHS } from "./months.ts";
import type { StoredTile } from "./read-tiles.ts";
import { climatologyYears } from "./stored-climatologies.ts";
import { type WeekAnomalies, weekAnomalies } from "./week-anomalies.ts";

/** What is stored of a tile, each of shape (cells, …), row-major; NaN is missing. */
export interface TileArrays {
  /** The last dimension is months. */
  readonly anomalies: FloatArray;
  /**
   * By calendar month, of the years of {@link climatologyYears}: what was taken off, and of a grid that forecasts are rebased by
   * also other years'. They are there until the next tile.
   */
  readonly climatologies: readonly FloatArray[];
}

/** Makes the anomalies of a tile, in the room that comes with it; undefined where it has none. */
export type TileAnomalies = (row: number, column: number, tile: StoredTile) => TileArrays | undefined;

/** What tiles are made of, beside their values. */
export interface TileSource {
  /** The archive: what the stored values are decoded by, and the days of weeks. */
  readonly dataset: Dataset;
  /** Of a grid with a file of normals: shape (12, lat, lon) of the grid, NaN where missing. */
  readonly normals: FloatArray | undefined;
  /** Told how many cells of a line have values in a calendar month, and too few for a climatology. */
  readonly onSparse: (cells: number) => void;
}

/** Takes a tile line by line: what is done with the cells of a line is done while they are near the processor. */
export function tileAnomalies(
  kernels: Kernels,
  grid: GridPlan,
  { dataset, normals, onSparse }: TileSource,
): TileAnomalies {
  const variable = findVariable(dataset, grid.variable);
  const { shape, rebase, baseline, seconds, observations, archive } = grid;
  const type = floatType(grid);
  const { cells, months, tile } = shape;
  const [height, width] = tile;
  const [least, otherLeast] = leastValues(grid);
  const years = { span: spanOf(seconds, baseline), least };
  const weeks = grid.weekly === undefined ? undefined : weeksOfTiles(dataset, grid);
  const otherYears = rebase && { span: spanOf(seconds, rebase), least: otherLeast };
  const climatologies = climatologyYears(grid).map(() => floats(type, height * width * YEAR_MONTHS));
  const [taken, others] = climatologies;
  const calendarMonths = calendarMonthsOf(seconds);
  const calendar = kernels.allocate(calendarMonths.length);
  kernels.bytes(calendar, months).set(calendarMonths);
  const fields = fieldShape(grid).months;
  const stored = kernels.allocate(width * fields * ITEM_BYTES[archive.type]);
  // What needs no unpacking is decoded where it is.
  const at = archive.type === type ? stored : kernels.allocate(width * fields * FLOAT_BYTES[type]);
  const rows = weeks === undefined ? at : kernels.allocate(width * months * FLOAT_BYTES[type]);
  const own = kernels.allocate(width * YEAR_MONTHS * FLOAT_BYTES[type]);
  const line = { type, values: rows, cells: width, months, calendar };
  const mask: MaskFloats | undefined =
    archive.type === "float32" ? (values, missing, range) => kernels.mask(values, missing, range) : undefined;
  const decode = decoder(variable, observations.key, mask);

  return (row, column, { copyLine, room }) => {
    for (const climatology of climatologies) climatology.fill(Number.NaN);
    let anyValue = false;
    for (let i = 0; i < height; i++) {
      const lat = row * height + i;
      if (lat >= cells[0]) break;
      copyLine(i, stored);
      const all = kernels.floats(type, at, width * fields);
      const raw = kernels.values(archive.type, stored, width * fields);
      const decoded = decode(raw);
      if (at !== stored) all.set(decoded);
      // Tiles at the far edges reach beyond the grid: what is there is missing.
      all.fill(Number.NaN, (cells[1] - column * width) * fields);
      const values = weeks === undefined ? all : kernels.floats(type, rows, width * months);
      if (weeks !== undefined) onSparse(weeks(all, values));
      const normalsOfLine = kernels.floats(type, own, width * YEAR_MONTHS);
      if (others !== undefined && otherYears !== undefined) {
        kernels.climatology(line, otherYears, own);
        others.set(normalsOfLine, i * width * YEAR_MONTHS);
      }
      if (grid.normal === undefined && weeks === undefined) onSparse(kernels.climatology(line, years, own));
      else normalsOfLine.set(normalsOf(grid, normals, [lat, column * width]));
      taken?.set(normalsOfLine, i * width * YEAR_MONTHS);
      if (kernels.takeOff(line, own)) anyValue = true;
      room.set(values, i * width * months);
    }
    room.fill(Number.NaN, (cells[0] - row * height) * width * months);
    if (!anyValue) return undefined;
    return { anomalies: room, climatologies };
  };
}

/** What makes weeks of the days that a grid reads. */
function weeksOfTiles(dataset: Dataset, grid: GridPlan): WeekAnomalies {
  return weekAnomalies(fieldTimes(dataset, grid).times.subarray(grid.firstIndex), grid, grid.observations.key);
}

/** What is taken off a line of cells where that is not the mean of its own years: shape (cells, 12). */
function normalsOf(
  grid: GridPlan,
  normals: FloatArray | undefined,
  [lat, first]: readonly [lat: number, lon: number],
): FloatArray {
  const { normal, shape, weekly } = grid;
  const line = floats(floatType(grid), shape.tile[1] * YEAR_MONTHS);
  // Weeks are anomalies already.
  if (normal === "none" || weekly !== undefined) return line;
  if (normals === undefined) throw new TypeError("the grid has a file of normals, which was not read");
  const [lats, lons] = shape.cells;
  for (let at = 0; at < line.length; at++) {
    const month = at % YEAR_MONTHS;
    const lon = first + (at - month) / YEAR_MONTHS;
    line[at] = lon < lons ? normals[(month * lats + lat) * lons + lon]! : Number.NaN;
  }
  return line;
}
