import { crc32 } from "node:zlib";
import { eachLimited } from "../each-limited.ts";
import type { NumericArray, ReadSlab, Slab, VariableHandle } from "../netcdf/dataset.ts";
import { decode } from "../netcdf/decode.ts";
import { valuesOf } from "../netcdf/numeric-types.ts";
import type { ObjectStore } from "../store/store.ts";
import { climatology, takeOff, YEAR_MONTHS } from "./anomaly.ts";
import type { GridPlan } from "./description.ts";
import { calendarMonthsOf, spanOf } from "./months.ts";
import { type TileShape, tileCounts, tileLength, tileName } from "./tiles.ts";
import { climatologyArray, tileBytes, tileKey } from "./zarr.ts";

/** The rows of tiles [`rowStart`, `rowStop`) while they are computed: plain data, whose values threads share. */
export interface Band {
  readonly rowStart: number;
  readonly rowStop: number;
  /** Its tiles one after another, each of shape (lat, lon, months), with the values as they are stored; maybe more. */
  readonly values: ArrayBufferLike;
}

/** A tile that was written, of the anomalies, or with the name of its array before its own; and the CRC32 of its bytes. */
export type WrittenTile = readonly [name: string, checksum: number];

/** Does parts of the work on a band, beside other lanes that do other parts, maybe on other threads. */
export interface GridLane {
  /** Reads the archive's months [`start`, `stop`) into the band. */
  readMonths(band: Band, start: number, stop: number): Promise<void>;
  /** When all months are there: turns the tiles [`from`, `to`) of the band into anomalies and stores those with a value. */
  writeTiles(band: Band, from: number, to: number): Promise<WrittenTile[]>;
}

/** The grid that lanes compute, and the archive's variable that they read: plain data. */
export interface LaneTask {
  readonly grid: GridPlan;
  readonly handle: VariableHandle;
  /** Of a grid with a file of normals: shape (12, lat, lon), NaN where missing. */
  readonly normals?: Float32Array | undefined;
}

/** Tiles that are being stored at once: over a network most of that time is waiting. */
const TILE_WRITES = 16;

/** A lane that works in this thread. */
export function gridLane(task: LaneTask, readSlab: ReadSlab, store: Pick<ObjectStore, "put">): GridLane {
  const { grid, handle } = task;
  const { shape, archive } = grid;
  const { file, variable } = handle;
  const calendarMonths = calendarMonthsOf(grid.seconds);
  const columns = tileCounts(shape)[1];
  const size = tileLength(shape);
  return {
    async readMonths(band, start, stop) {
      const lats = bandLats(shape, band);
      const slab: Slab = variable.shape.map((all, d) =>
        d === archive.timeAt ? [start, stop] : d === archive.latAt ? lats : [0, all],
      );
      const months = { values: readSlab(slab), count: stop - start, first: start - grid.firstIndex };
      transpose(months, shape, lats, valuesOf(archive.type, band.values));
      // Reading is synchronous: let progress be drawn, and time-outs be seen.
      await new Promise(setImmediate);
    },

    async writeTiles(band, from, to) {
      const written: WrittenTile[] = [];
      const tiles = valuesOf(archive.type, band.values);
      const indexes = Array.from({ length: to - from }, (_, i) => from + i);
      await eachLimited(indexes, TILE_WRITES, async (index) => {
        const [row, column] = [band.rowStart + Math.floor(index / columns), index % columns];
        // In place, where the values are stored as the floats that they become.
        const decoded = decode(variable, tiles.subarray(index * size, (index + 1) * size), file);
        const values = decoded instanceof Float32Array ? decoded : new Float32Array(decoded);
        blankBeyond(values, shape, row, column);
        const normals = normalsOf(task, values, calendarMonths, [row, column]);
        const { rebase, baseline } = grid;
        const others = rebase && climatology(values, calendarMonths, spanOf(grid.seconds, rebase));
        if (!takeOff(values, calendarMonths, normals)) return;
        const put = async (array: string | undefined, tile: Float32Array) => {
          const bytes = tileBytes(tile);
          await store.put(tileKey(grid.id, row, column, array), bytes);
          const name = tileName(row, column);
          written.push([array === undefined ? name : `${array}/${name}`, crc32(bytes)]);
        };
        await put(undefined, values);
        if (rebase === undefined || others === undefined) return;
        await put(climatologyArray(baseline), normals);
        await put(climatologyArray(rebase), others);
      });
      return written;
    },
  };
}

/** What is taken off a tile: shape (cells, 12). @param values - the observations of the tile */
function normalsOf(
  { grid: { normal, seconds, baseline, shape }, normals }: LaneTask,
  values: Float32Array,
  calendarMonths: Uint8Array,
  [row, column]: readonly [number, number],
): Float32Array {
  if (normal === undefined) return climatology(values, calendarMonths, spanOf(seconds, baseline));
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

/** The latitudes of a band, as positions on the axis. */
function bandLats({ cells, tile }: TileShape, { rowStart, rowStop }: Band): readonly [number, number] {
  return [rowStart * tile[0], Math.min(cells[0], rowStop * tile[0])];
}

/** Some months of a band's latitudes: stored values of shape (`count`, lats, lons). */
interface Months {
  readonly values: NumericArray;
  readonly count: number;
  /** Position in the grid of the first month. */
  readonly first: number;
}

/**
 * Copies months into the tiles of their band.
 *
 * @param tiles - all values of the band
 */
function transpose(
  { values, count, first: month }: Months,
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
      let to = (row + column) * size + (lat % tile[0]) * tile[1] * months + month;
      for (let lon = first; lon < last; lon++, to += months) {
        for (let t = 0, from = lat * lons + lon; t < count; t++, from += field) target[to + t] = source[from]!;
      }
    }
  }
}

/** Tiles at the far edges reach beyond the grid: what is there is missing. */
function blankBeyond(values: Float32Array, { cells, months, tile }: TileShape, row: number, column: number): void {
  const lats = Math.min(tile[0], cells[0] - row * tile[0]);
  const lons = Math.min(tile[1], cells[1] - column * tile[1]);
  const line = tile[1] * months;
  for (let lat = 0; lat < lats; lat++) values.fill(Number.NaN, lat * line + lons * months, (lat + 1) * line);
  values.fill(Number.NaN, lats * line);
}
