import { eachLimited } from "../each-limited.ts";
import type { Dataset, PlaceOf, Slab, UsePiece } from "../netcdf/dataset.ts";
import { TemporaryFolder } from "../store/temporary-folder.ts";
import { BandSeries, latsOf, type Months } from "./band-series.ts";
import { fileBlocks, memoryBlocks } from "./blocks.ts";
import { fieldShape, type GridPlan } from "./description.ts";
import { FLOAT_BYTES, type FloatArray, floats, floatType } from "./floats.ts";
import type { Address, Kernels } from "./kernels/kernels.ts";
import type { Passes } from "./passes.ts";
import { firstCell } from "./region.ts";
import { type TileRows, tileCounts, tileLength } from "./tiles.ts";

/** Tiles that are worked on at once, as storing one over a network is mostly waiting; fewer, where tiles are large. */
const MOST_TILES = 16;
const TILES_BYTES = 16 * 2 ** 20;

/** Of the work on a band, which reading the archive is; the rest is its tiles. */
const READING_PART = 0.7;

/** A tile of a grid as the archive stores it. */
export interface StoredTile {
  /**
   * Copies the values of a line of its cells, of shape (cells, months), or of as many fields as are read for weeks, row-major;
   * cells off the grid have any values. To be called before anything is waited for.
   */
  readonly copyLine: (line: number, into: Address) => void;
  /**
   * Memory for what the tile becomes, of shape (lat, lon, months): of the grid's type, and the receiver's until what it returned
   * has settled.
   */
  readonly room: FloatArray;
}

export type UseTile = (row: number, column: number, tile: StoredTile) => Promise<void>;

export interface ReadTilesOptions {
  readonly kernels: Kernels;
  readonly passes: Passes;
  /** Of the tiles to read; all by default. */
  readonly rows?: TileRows | undefined;
  /** Called with the part done, 0 to 1. What it throws ends the reading. */
  readonly onProgress: (part: number) => void;
}

/**
 * Reads the tiles of a grid from its archive, each with all its months. Memory is that of some blocks of months, whatever
 * the archive's length.
 */
export async function readTiles(
  dataset: Dataset,
  grid: GridPlan,
  { kernels, passes, rows, onProgress }: ReadTilesOptions,
  use: UseTile,
): Promise<void> {
  const { archive } = grid;
  const shape = fieldShape(grid);
  const [first, end] = rows ?? [0, tileCounts(shape)[0]];
  await using folder = new TemporaryFolder();
  for (let start = first; start < end; start += passes.bandRows) {
    const stop = Math.min(end, start + passes.bandRows);
    const band = { shape, rows: [start, stop] as const, type: archive.type, blockMonths: passes.blockMonths };
    const count = Math.ceil(shape.months / passes.blockMonths);
    const sizes = { ...BandSeries.sizes(band), count };
    using _ = kernels.scope();
    const blocks = passes.spooled ? fileBlocks(kernels, folder.path, sizes) : memoryBlocks(kernels, sizes.size);
    const progress = (part: number) => onProgress((start - first + (stop - start) * part) / (end - first));
    try {
      await readBand(dataset, grid, { series: new BandSeries(kernels, band, blocks), band, passes, progress }, use);
    } finally {
      blocks.close();
    }
  }
}

interface BandWork {
  readonly series: BandSeries;
  readonly band: { readonly rows: readonly [start: number, stop: number] };
  readonly passes: Passes;
  readonly progress: (part: number) => void;
}

async function readBand(dataset: Dataset, grid: GridPlan, work: BandWork, useTile: UseTile): Promise<void> {
  const { series, band, progress } = work;
  const shape = fieldShape(grid);
  const lats = latsOf(shape, band.rows);
  const all = (lats[1] - lats[0]) * shape.cells[1] * shape.months;
  let read = 0;
  const use: UsePiece = (piece, values) => {
    series.take(monthsOf(piece, grid), values);
    read += values.length;
    progress((READING_PART * read) / all);
  };
  const placeOf: PlaceOf = (piece) => series.placeOf(monthsOf(piece, grid));
  await dataset.readPieces(grid.variable, slabOf(dataset, grid, lats), use, placeOf);

  const size = tileLength(grid.shape);
  const type = floatType(grid);
  const lanes = Math.max(1, Math.min(MOST_TILES, Math.floor(TILES_BYTES / (size * FLOAT_BYTES[type]))));
  const free: FloatArray[] = [];
  const tiles = (band.rows[1] - band.rows[0]) * tileCounts(shape)[1];
  let done = 0;
  await eachLimited(tilesOf(series, grid, work), lanes, async ({ row, column, copyLine }) => {
    const room = free.pop() ?? floats(type, size);
    await useTile(row, column, { copyLine, room });
    free.push(room);
    progress(READING_PART + ((1 - READING_PART) * ++done) / tiles);
    // Storing in a folder never waits: let progress be drawn, and time-outs be seen.
    if (done % MOST_TILES === 0) await new Promise(setImmediate);
  });
}

/** The tiles of a band. The lines of each are to be copied before the next one is asked for. */
function* tilesOf(series: BandSeries, { shape }: GridPlan, { band, passes: { groupTiles } }: BandWork) {
  const columns = tileCounts(shape)[1];
  for (let row = band.rows[0]; row < band.rows[1]; row++) {
    for (let from = 0; from < columns; from += groupTiles) {
      const to = Math.min(columns, from + groupTiles);
      const copy = series.tiles(row, from, to);
      for (let column = from; column < to; column++) {
        yield { row, column, copyLine: (line: number, into: Address) => copy(column, line, into) };
      }
    }
  }
}

/** What is read of the archive for some latitudes of a grid: all its months and longitudes. */
function slabOf(dataset: Dataset, grid: GridPlan, lats: readonly [start: number, stop: number]): Slab {
  const { archive, firstIndex } = grid;
  const shape = fieldShape(grid);
  const [lat, lon] = firstCell(grid);
  return dataset.variables.get(grid.variable)!.shape.map((all, d) => {
    if (d === archive.timeAt) return [firstIndex, firstIndex + shape.months];
    if (d === archive.latAt) return [lat + lats[0], lat + lats[1]];
    return d === archive.lonAt ? [lon, lon + shape.cells[1]] : [0, all];
  });
}

/** Where a piece of the archive lies in a grid. */
function monthsOf(piece: Slab, grid: GridPlan): Months {
  const { timeAt, latAt, lonAt } = grid.archive;
  const [lat, lon] = firstCell(grid);
  const less = (d: number, first: number) => [piece[d]![0] - first, piece[d]![1] - first] as const;
  return { months: less(timeAt, grid.firstIndex), lats: less(latAt, lat), lons: less(lonAt, lon) };
}
