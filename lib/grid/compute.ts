import { eachLimited } from "../each-limited.ts";
import type { NumericType } from "../netcdf/dataset.ts";
import { type Band, bandBytes } from "./band.ts";
import type { GridDescription, TileChecksums } from "./description.ts";
import type { GridLane, WrittenTile } from "./lane.ts";
import { tileCounts } from "./tiles.ts";

/** How an archive is gone through. */
export interface Passes {
  /** As the values are stored. */
  readonly type: NumericType;
  /** Months that are read at once. */
  readonly months: number;
  /** Rows of tiles that are held at once: a pass over the archive for each such band. */
  readonly rows: number;
  /** Whether the lanes are on other threads. */
  readonly shared: boolean;
}

/** Many enough that a lane is seldom asked, few enough that all lanes end at about the same time. */
const TILES_AT_ONCE = 32;

/**
 * Computes the anomaly grid of an archive and stores its tiles.
 *
 * The archive is read in slabs of whole chunks and some months, each transposed into the tiles of a band of
 * latitudes, so that memory is proportional to the band. Then each tile is turned into anomalies and stored.
 *
 * @param lanes - who does it, at least one
 * @param onProgress - called with the part done, 0 to 1
 * @returns the tiles written: those with any value
 */
export async function computeTiles(
  about: GridDescription,
  { type, months, rows, shared }: Passes,
  lanes: readonly GridLane[],
  onProgress: (part: number) => void = () => {},
): Promise<TileChecksums> {
  const [allRows, columns] = tileCounts(about.shape);
  const end = about.firstIndex + about.shape.months;
  const written: WrittenTile[] = [];
  const bytes = bandBytes(about.shape, type, Math.min(rows, allRows));
  // One for all bands: memory that threads share is not given back before all of them have looked.
  const values = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  for (let rowStart = 0; rowStart < allRows; rowStart += rows) {
    const band: Band = { rowStart, rowStop: Math.min(allRows, rowStart + rows), type, values };
    const height = band.rowStop - band.rowStart;
    const part = (done: number) => onProgress((rowStart + height * done) / allRows);
    let read = 0;
    await share(lanes, apart(blocks(about.firstIndex, end, months), lanes.length), async (lane, [start, stop]) => {
      await lane.readMonths(band, start, stop);
      read += stop - start;
      part((0.7 * read) / about.shape.months);
    });
    let done = 0;
    await share(lanes, blocks(0, height * columns, TILES_AT_ONCE), async (lane, [from, to]) => {
      written.push(...(await lane.writeTiles(band, from, to)));
      done += to - from;
      part(0.7 + (0.3 * done) / (height * columns));
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
function apart<T>(all: Iterable<T>, lanes: number): T[] {
  const list = [...all];
  const step = Math.ceil(list.length / lanes);
  return Array.from({ length: step }, (_, i) => list.filter((_block, at) => at % step === i)).flat();
}

/** [`start`, `end`) cut where whole blocks of `size` from 0 on end. */
function* blocks(start: number, end: number, size: number): Generator<readonly [start: number, stop: number]> {
  for (let at = start; at < end; ) {
    const stop = Math.min(end, (Math.floor(at / size) + 1) * size);
    yield [at, stop];
    at = stop;
  }
}
