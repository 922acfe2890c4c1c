import { crc32 } from "node:zlib";
import { eachLimited } from "../each-limited.ts";
import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, Slab, Variable } from "../netcdf/dataset.ts";
import { read } from "../netcdf/decode.ts";
import { findVariable } from "../netcdf/slab.ts";
import type { ObjectStore } from "../store/store.ts";
import { toAnomalies } from "./anomaly.ts";
import { type GridDescription, monthFrame, type TileChecksums } from "./description.ts";
import { monthsAtOnce, rowsAtOnce } from "./memory.ts";
import { tileCounts, tileLength, tileName } from "./tiles.ts";
import { tileBytes, tileKey } from "./zarr.ts";

export interface ComputeOptions {
  /** Bytes of the grid that may be held at once; a larger grid is read in several passes over the archive. */
  readonly memoryBytes: number;
  /** Asked when all is computed, before the grid counts as there: throws where the archive is another by now. */
  readonly checkInput?: () => Promise<unknown>;
  /** Called with the part done, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

const TILE_WRITES = 16;

/**
 * Computes the anomaly grid of an archive and writes its tiles under `prefix`.
 *
 * The archive is read in slabs of whole chunks and some months, each transposed into the tiles of a band of
 * latitudes, so that memory is proportional to the band.
 *
 * @returns the tiles written: those with any value
 * @throws InputError `TooLarge` where the memory does not suffice for one row of tiles
 */
export async function computeTiles(
  dataset: Dataset,
  about: GridDescription,
  store: ObjectStore,
  prefix: string,
  { memoryBytes, onProgress }: ComputeOptions,
): Promise<TileChecksums> {
  const variable = findVariable(dataset, about.variable);
  const frame = monthFrame(about);
  const [rows, columns] = tileCounts(about.shape);
  const bandRows = rowsAtOnce(dataset, about, memoryBytes);
  const written: [name: string, checksum: number][] = [];
  for (let row = 0; row < rows; row += bandRows) {
    const stop = Math.min(rows, row + bandRows);
    const part = (done: number) => onProgress?.((row + (stop - row) * done) / rows);
    const tiles = await readBand(dataset, variable, about, row, stop, (done) => part(done * 0.7));
    let done = 0;
    await eachLimited(tiles, TILE_WRITES, async (values, index) => {
      const [tileRow, column] = [row + Math.floor(index / columns), index % columns];
      if (toAnomalies(values, frame)) {
        const bytes = tileBytes(values);
        await store.put(tileKey(prefix, tileRow, column), bytes);
        written.push([tileName(tileRow, column), crc32(bytes)]);
      }
      part(0.7 + (0.3 * ++done) / tiles.length);
    });
  }
  return Object.fromEntries(written.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The observations of the tiles in rows [`rowStart`, `rowStop`), one array of shape (cells, months) for each. */
async function readBand(
  dataset: Dataset,
  variable: Variable,
  about: GridDescription,
  rowStart: number,
  rowStop: number,
  onProgress: (part: number) => void,
): Promise<Float32Array[]> {
  const { cells, months, tile } = about.shape;
  const [, columns] = tileCounts(about.shape);
  const lats = [rowStart * tile[0], Math.min(cells[0], rowStop * tile[0])] as const;
  const tiles = Array.from({ length: (rowStop - rowStart) * columns }, () =>
    new Float32Array(tileLength(about.shape)).fill(Number.NaN),
  );
  const roles = findCoordinates(dataset, variable.name);
  const timeAt = variable.dimensions.indexOf(roles.time);
  const latAt = variable.dimensions.indexOf(roles.lat);
  const block = monthsAtOnce(variable.chunks?.[timeAt]);
  const end = about.firstIndex + months;
  for (let start = about.firstIndex; start < end; ) {
    const stop = Math.min(end, (Math.floor(start / block) + 1) * block);
    const slab: Slab = variable.shape.map((size, i) => (i === timeAt ? [start, stop] : i === latAt ? lats : [0, size]));
    const values = read(dataset, variable.name, slab);
    transpose(values, stop - start, start - about.firstIndex, lats, about, tiles, rowStart);
    start = stop;
    onProgress((start - about.firstIndex) / months);
    // Reading is synchronous: let progress be drawn, and time-outs be seen.
    await new Promise(setImmediate);
  }
  return tiles;
}

/** Copies values of shape (`count` months, lats, lon) into the tiles' shape (lat, lon, months) from month `at` on. */
function transpose(
  values: Float32Array | Float64Array,
  count: number,
  at: number,
  lats: readonly [number, number],
  { shape: { cells, months, tile } }: GridDescription,
  tiles: readonly Float32Array[],
  rowStart: number,
): void {
  const lons = cells[1];
  const columns = Math.ceil(lons / tile[1]);
  const field = (lats[1] - lats[0]) * lons;
  for (let lat = lats[0]; lat < lats[1]; lat++) {
    const row = Math.floor(lat / tile[0]) - rowStart;
    for (let column = 0; column < columns; column++) {
      const target = tiles[row * columns + column]!;
      const first = column * tile[1];
      const last = Math.min(lons, first + tile[1]);
      let to = (lat % tile[0]) * tile[1] * months + at;
      for (let lon = first; lon < last; lon++, to += months) {
        let from = (lat - lats[0]) * lons + lon;
        for (let t = 0; t < count; t++, from += field) target[to + t] = values[from]!;
      }
    }
  }
}
