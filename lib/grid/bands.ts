import { InputError } from "../errors.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import { fieldShape, type GridPlan } from "./description.ts";
import { FLOAT_BYTES, floatType } from "./floats.ts";
import { type Passes, planPasses } from "./passes.ts";
import { firstCell } from "./region.ts";
import { type TileRows, tileCounts, tileLength } from "./tiles.ts";

/** What one invocation of a function may use, where a grid that takes more is made by several of them. */
export interface Invocation {
  /** Bytes of its temporary folder. */
  readonly storageBytes: number;
  readonly seconds: number;
  /** How much of a processor it has, at most 1: more are of little help. */
  readonly processors: number;
  /** As many bands as there may be. */
  readonly mostBands: number;
}

export interface BandLimits {
  /** Bytes of the grid that may be held at once. */
  readonly memoryBytes: number;
  readonly invocation?: Invocation | undefined;
  /** Bytes of the files that every invocation downloads: the archive, and a file of normals. */
  readonly inputBytes: number;
}

/** Of the storage and of the time that are counted on: estimates are not exact, and an invocation has other work, too. */
const STORAGE_PART = 0.9;
const TIME_PART = 0.7;

/**
 * Seconds of a processor for a byte of the archive that is inflated, and for a value of a tile: put in order, spooled, read
 * back, made an anomaly, checked, stored. Bands of 1, 4 and 9 of the 19 rows of tiles of a global archive of a quarter of a
 * degree and 504 months took 2.6, 6.7 and 10.5 of them: 2 ns a byte, and 32 ns a value. All of that grid takes half as much
 * again in a slower hour (docs/performance.md), and these are twice that.
 */
const READ_SECONDS = 6e-9;
const TILE_SECONDS = 1e-7;

/** Bytes a second that come from S3 or go there. Not measured: two thirds of what an invocation is said to have. */
const NETWORK_BYTES = 50e6;

/** What a band takes. */
interface Need {
  readonly storageBytes: number;
  readonly seconds: number;
}

/**
 * The bands of a grid, each of which one invocation can make: the fewest that fit, of as many rows of tiles each as can be.
 * Where there is nothing to keep to but the memory it is one band.
 *
 * Bands share the storage and the tiles, and not the reading where the archive's chunks are whole fields: every band then
 * reads all of it.
 *
 * @throws InputError `TooLarge` where not even the smallest bands fit, and as {@link planPasses}
 */
export function planBands(grid: GridPlan, limits: BandLimits): readonly TileRows[] {
  const passes = planPasses(grid, limits.memoryBytes);
  const rows = tileCounts(grid.shape)[0];
  const together = rowsTogether(grid);
  const { invocation } = limits;
  if (invocation === undefined) return [[0, rows]];
  const allowed: Need = {
    storageBytes: invocation.storageBytes * STORAGE_PART,
    seconds: invocation.seconds * TIME_PART,
  };
  const needOf = (band: TileRows) => bandNeed(grid, passes, band, { ...limits, invocation });
  const most = Math.min(Math.ceil(rows / together), invocation.mostBands);
  for (let count = 1; count <= most; count++) {
    const bands = cut(rows, count, together);
    const fits = ({ storageBytes, seconds }: Need) =>
      storageBytes <= allowed.storageBytes && seconds <= allowed.seconds;
    if (bands.every((band) => fits(needOf(band)))) return bands;
  }
  const needs = cut(rows, most, together).map(needOf);
  const need: Need = {
    storageBytes: Math.max(...needs.map(({ storageBytes }) => storageBytes)),
    seconds: Math.max(...needs.map(({ seconds }) => seconds)),
  };
  const severalPasses = Math.ceil(rows / most) > passes.bandRows;
  throw tooLarge(grid, { need, allowed, most, severalPasses, processors: invocation.processors });
}

/** Rows of tiles that cannot be made by different invocations, as a tile of a climatology is of them all. */
function rowsTogether({ climatologyTile, shape }: GridPlan): number {
  return climatologyTile === undefined ? 1 : Math.ceil(climatologyTile[0] / shape.tile[0]);
}

/** So many bands, of as many groups of rows each, or one more. */
function cut(rows: number, count: number, together: number): TileRows[] {
  const groups = Math.ceil(rows / together);
  const start = (band: number) => Math.min(rows, Math.floor((band * groups) / count) * together);
  return Array.from({ length: count }, (_, i) => [start(i), start(i + 1)]);
}

function bandNeed(
  grid: GridPlan,
  passes: Passes,
  [start, stop]: TileRows,
  { inputBytes, invocation }: BandLimits & { readonly invocation: Invocation },
): Need {
  const { archive } = grid;
  const shape = fieldShape(grid);
  const rowValues = tileCounts(shape)[1] * tileLength(shape);
  let read = 0;
  for (let from = start; from < stop; from += passes.bandRows) {
    read += valuesRead(grid, [from, Math.min(stop, from + passes.bandRows)]);
  }
  const made = (stop - start) * rowValues;
  const stored = ((made * grid.shape.months) / shape.months) * FLOAT_BYTES[floatType(grid)];
  const network = (inputBytes + stored) / NETWORK_BYTES;
  const work = read * ITEM_BYTES[archive.type] * READ_SECONDS + made * TILE_SECONDS;
  // A pass has the file to itself, with whole blocks of months.
  const kept = passes.spooled ? Math.min(passes.bandRows, stop - start) * rowValues * ITEM_BYTES[archive.type] : 0;
  const spool = kept * (whole([0, shape.months], passes.blockMonths) / shape.months);
  return { storageBytes: inputBytes + spool, seconds: network + work / invocation.processors };
}

/** How many values of the archive are inflated for some rows of tiles: chunks are whole, and a month may be made of days. */
function valuesRead(grid: GridPlan, [start, stop]: TileRows): number {
  const { archive, firstIndex } = grid;
  const shape = fieldShape(grid);
  const [lat, lon] = firstCell(grid);
  const [chunkLats, chunkLons] = archive.chunkCells ?? archive.cells;
  const end = Math.min(shape.cells[0], stop * shape.tile[0]);
  return (
    (archive.madeOf ?? 1) *
    whole([firstIndex, firstIndex + shape.months], archive.chunkMonths) *
    whole([lat + start * shape.tile[0], lat + end], chunkLats) *
    whole([lon, lon + shape.cells[1]], chunkLons)
  );
}

/** The length of a range that is widened to whole multiples of `unit`. */
function whole([start, stop]: readonly [number, number], unit: number): number {
  return (Math.ceil(stop / unit) - Math.floor(start / unit)) * unit;
}

interface Shortage {
  /** Of the largest of so many bands. */
  readonly need: Need;
  readonly allowed: Need;
  readonly most: number;
  readonly severalPasses: boolean;
  readonly processors: number;
}

function tooLarge(grid: GridPlan, { need, allowed, most, severalPasses, processors }: Shortage): InputError {
  const { shape, observations, region } = grid;
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  const size = `${shape.cells.join(" x ")} cells and ${shape.months} ${grid.weekly === undefined ? "months" : "weeks"}`;
  const takes = `${mebibytes(need.storageBytes)} MiB of storage and ${Math.ceil(need.seconds)} s`;
  const has = `${Math.floor(allowed.storageBytes / 2 ** 20)} MiB and ${Math.floor(allowed.seconds)} s`;
  const raise: string[] = [];
  if (need.storageBytes > allowed.storageBytes) {
    raise.push(`coordinatorStorageMb to ${mebibytes(need.storageBytes / STORAGE_PART)}`);
  }
  if (need.seconds > allowed.seconds) {
    raise.push(`coordinatorTimeoutSeconds to ${Math.ceil(need.seconds / TIME_PART)}`);
    // Both make the same work take less time.
    if (processors < 1) raise.push("coordinatorMemoryMb to 1769");
    if (severalPasses) raise.push("gridMemoryMb, so that the archive is read in fewer passes");
  }
  const other = region === undefined ? 'let the product say grid: "stations"' : "choose a coarser archive";
  const each = most === 1 ? "one invocation" : `each of ${most} invocations`;
  const problem = `a grid of ${size} does not fit: ${each} would take ${takes}, and can count on ${has}`;
  return new InputError("TooLarge", problem, {
    file: observations.key,
    hint: `Raise ${raise.join(", ")}; or ${other}, or a later first month`,
  });
}
