import { crc32 } from "node:zlib";
import { eachLimited } from "../each-limited.ts";
import type { Slab } from "../netcdf/dataset.ts";
import { decode } from "../netcdf/decode.ts";
import { valuesOf } from "../netcdf/numeric-types.ts";
import type { ObjectStore } from "../store/store.ts";
import { toAnomalies } from "./anomaly.ts";
import type { ArchiveVariable, ReadSlab } from "./archive.ts";
import { type Band, bandLats, transpose } from "./band.ts";
import { type GridDescription, monthFrame } from "./description.ts";
import { gridPrefix } from "./stored-grid.ts";
import { type TileShape, tileCounts, tileLength, tileName } from "./tiles.ts";
import { tileBytes, tileKey } from "./zarr.ts";

/** A tile that was written, and the CRC32 of its bytes. */
export type WrittenTile = readonly [name: string, checksum: number];

/** Does parts of the work on a band, beside other lanes that do other parts, maybe on other threads. */
export interface GridLane {
  /** Reads the archive's months [`start`, `stop`) into the band. */
  readMonths(band: Band, start: number, stop: number): Promise<void>;
  /** When all months are there: turns the tiles [`from`, `to`) of the band into anomalies and stores those with a value. */
  writeTiles(band: Band, from: number, to: number): Promise<WrittenTile[]>;
}

/** Tiles that are being stored at once: over a network most of that time is waiting. */
const TILE_WRITES = 16;

/** A lane that works in this thread. */
export function gridLane(
  { file, variable, timeAt, latAt }: ArchiveVariable,
  readSlab: ReadSlab,
  about: GridDescription,
  store: ObjectStore,
): GridLane {
  const { shape } = about;
  const frame = monthFrame(about);
  const prefix = gridPrefix(about.id);
  const columns = tileCounts(shape)[1];
  const size = tileLength(shape);
  return {
    async readMonths(band, start, stop) {
      const lats = bandLats(shape, band);
      const slab: Slab = variable.shape.map((all, d) => (d === timeAt ? [start, stop] : d === latAt ? lats : [0, all]));
      const tiles = valuesOf(band.type, band.values);
      transpose(readSlab(slab), stop - start, start - about.firstIndex, shape, lats, tiles);
      // Reading is synchronous: let progress be drawn, and time-outs be seen.
      await new Promise(setImmediate);
    },

    async writeTiles(band, from, to) {
      const written: WrittenTile[] = [];
      const tiles = valuesOf(band.type, band.values);
      const indexes = Array.from({ length: to - from }, (_, i) => from + i);
      await eachLimited(indexes, TILE_WRITES, async (index) => {
        const [row, column] = [band.rowStart + Math.floor(index / columns), index % columns];
        // In place, where the values are stored as the floats that they become.
        const decoded = decode(variable, tiles.subarray(index * size, (index + 1) * size), file);
        const values = decoded instanceof Float32Array ? decoded : new Float32Array(decoded);
        blankBeyond(values, shape, row, column);
        if (!toAnomalies(values, frame)) return;
        const bytes = tileBytes(values);
        await store.put(tileKey(prefix, row, column), bytes);
        written.push([tileName(row, column), crc32(bytes)]);
      });
      return written;
    },
  };
}

/** Tiles at the far edges reach beyond the grid: what is there is missing. */
function blankBeyond(values: Float32Array, { cells, months, tile }: TileShape, row: number, column: number): void {
  const lats = Math.min(tile[0], cells[0] - row * tile[0]);
  const lons = Math.min(tile[1], cells[1] - column * tile[1]);
  const line = tile[1] * months;
  for (let lat = 0; lat < lats; lat++) values.fill(Number.NaN, lat * line + lons * months, (lat + 1) * line);
  values.fill(Number.NaN, lats * line);
}
