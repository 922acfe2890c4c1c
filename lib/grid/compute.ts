import { eachLimited } from "../each-limited.ts";
import { keys } from "../keys.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { ObjectStore } from "../store/store.ts";
import type { GridPlan, StoredGrid, TileChecksums } from "./description.ts";
import { type Band, type GridLane, gridLane, type LaneTask, type WrittenTile } from "./lane.ts";
import { type Passes, planPasses } from "./passes.ts";
import { tileCounts, tileLength } from "./tiles.ts";
import { writeZarrFrame } from "./zarr.ts";

/** Makes the lanes that compute a grid, at least one. */
export type MakeLanes = (task: LaneTask) => Promise<GridLane[]>;

export interface GridOptions {
  /** Bytes of the grid that may be held at once; a larger grid is read in several passes over the archive. */
  readonly memoryBytes: number;
  /** Who computes the grid, on other threads; by default this thread alone. */
  readonly makeLanes?: MakeLanes | undefined;
  /** As {@link LaneTask} has them. */
  readonly normals?: Float32Array | undefined;
  /** Asked when all is computed, before the grid counts as there: throws where the archive is another by now. */
  readonly checkInput?: () => Promise<unknown>;
  /** Called with the part done, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Many enough that a lane is seldom asked, few enough that all lanes end at about the same time. */
const TILES_AT_ONCE = 32;

/** Of the work on a band, which reading the archive is; the rest is computing and storing its tiles. */
const READING_PART = 0.7;

/**
 * Computes the anomaly grid of an archive and stores it, its marker last.
 *
 * @param dataset - the archive that `grid` describes
 * @throws InputError `TooLarge` where the memory does not suffice for one row of tiles
 */
export async function storeGrid(
  dataset: Dataset,
  grid: GridPlan,
  store: ObjectStore,
  { memoryBytes, makeLanes, normals, checkInput, onProgress = () => {} }: GridOptions,
): Promise<StoredGrid> {
  const passes = planPasses(grid, memoryBytes);
  const task: LaneTask = { grid, handle: dataset.handleOf(grid.variable), normals };
  const readSlab = dataset.readRaw.bind(dataset, grid.variable);
  const lanes = (await makeLanes?.(task)) ?? [gridLane(task, readSlab, store)];
  // One for all bands: memory that threads share is not given back before all of them have looked.
  const bytes = bandBytes(grid, passes.bandRows);
  const memory = makeLanes === undefined ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  const tiles = await computeTiles(grid, passes, { lanes, memory, onProgress });
  await writeZarrFrame(store, grid);
  await checkInput?.();
  const { archive: _, ...description } = grid;
  const stored: StoredGrid = { ...description, tiles };
  await store.put(keys.gridMarker(grid.id), JSON.stringify(stored));
  return stored;
}

/** Bytes that the tiles of a band take, as the values are stored. */
function bandBytes({ shape, archive }: GridPlan, bandRows: number): number {
  return bandRows * tileCounts(shape)[1] * tileLength(shape) * ITEM_BYTES[archive.type];
}

interface Means {
  readonly lanes: readonly GridLane[];
  /** For the tiles of one band. */
  readonly memory: ArrayBufferLike;
  readonly onProgress: (part: number) => void;
}

/**
 * The archive is read in blocks of months, each transposed into the tiles of a band of latitudes, so that memory is
 * proportional to the band. Then each tile is turned into anomalies and stored.
 *
 * @returns the tiles written: those with any value
 */
async function computeTiles(grid: GridPlan, passes: Passes, means: Means): Promise<TileChecksums> {
  const { lanes, memory, onProgress } = means;
  const { bandRows, blockMonths } = passes;
  const [rows, columns] = tileCounts(grid.shape);
  const end = grid.firstIndex + grid.shape.months;
  const written: WrittenTile[] = [];
  for (let rowStart = 0; rowStart < rows; rowStart += bandRows) {
    const band: Band = { rowStart, rowStop: Math.min(rows, rowStart + bandRows), values: memory };
    const height = band.rowStop - band.rowStart;
    const tiles = height * columns;
    const progress = (part: number) => onProgress((rowStart + height * part) / rows);
    let read = 0;
    const blocks = farApart(cut(grid.firstIndex, end, blockMonths), lanes.length);
    await share(lanes, blocks, async (lane, [start, stop]) => {
      await lane.readMonths(band, start, stop);
      read += stop - start;
      progress((READING_PART * read) / grid.shape.months);
    });
    let done = 0;
    await share(lanes, cut(0, tiles, TILES_AT_ONCE), async (lane, [from, to]) => {
      written.push(...(await lane.writeTiles(band, from, to)));
      done += to - from;
      progress(READING_PART + ((1 - READING_PART) * done) / tiles);
    });
  }
  return Object.fromEntries(written.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Has the lanes do the items, each lane the next one as soon as it is free, until one fails. */
async function share<T>(
  lanes: readonly GridLane[],
  items: Iterable<T>,
  work: (lane: GridLane, item: T) => Promise<void>,
): Promise<void> {
  const free = [...lanes];
  await eachLimited(items, lanes.length, async (item) => {
    const lane = free.pop()!;
    await work(lane, item);
    free.push(lane);
  });
}

/**
 * The blocks in an order in which those that are done at once are far from each other: neighbouring months of a cell
 * share lines of the processors' caches, and threads that write to one line at once wait for each other.
 */
function farApart<T>(all: Iterable<T>, lanes: number): T[] {
  const list = [...all];
  const step = Math.ceil(list.length / lanes);
  return Array.from({ length: step }, (_, i) => list.filter((_block, at) => at % step === i)).flat();
}

/** [`start`, `end`) cut where whole blocks of `size` from 0 on end. */
export function* cut(start: number, end: number, size: number): Generator<readonly [start: number, stop: number]> {
  for (let at = start; at < end; ) {
    const stop = Math.min(end, (Math.floor(at / size) + 1) * size);
    yield [at, stop];
    at = stop;
  }
}
