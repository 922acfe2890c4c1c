import { InputError } from "../errors.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import { fieldShape, type GridPlan } from "./description.ts";
import { tileCounts, tileLength } from "./tiles.ts";

/**
 * How an archive is gone through. One pass over it fills one band of the grid: rows of tiles. Its months are transposed
 * into series block by block, and the blocks are kept until all are there, in memory or in a file.
 */
export interface Passes {
  /** Rows of tiles in a band. */
  readonly bandRows: number;
  /** Months in a block: whole chunks, where the archive has chunks of some months. */
  readonly blockMonths: number;
  /** Whether the blocks of a band are kept in a file. */
  readonly spooled: boolean;
  /** Tiles of a row that are read back at once. */
  readonly groupTiles: number;
}

/**
 * More is never held at once: the memory of the kernels ends at 4 GiB, and a band can be there twice, as fields and as
 * series.
 */
const MOST_BYTES = 3 * 2 ** 29;

/** A larger grid goes through a file, which takes less time than fresh memory does, beside less memory. */
const IN_MEMORY_BYTES = 32 * 2 ** 20;
/** A block of months: small enough to stay near the processor while it is filled. */
const BLOCK_BYTES = 8 * 2 ** 20;
/** Of a cell's values that are written one after another when months are transposed: a whole cache line, or half of one. */
const LINE_BYTES = 64;
const FEWEST_MONTHS = 4;
/** Blocks that are filled at once: pieces of the archive come in any order, but not far apart. */
const OPEN_BLOCKS = 2;
/** Of what is read back at once. */
const GROUP_BYTES = 4 * 2 ** 20;

/**
 * The passes that the memory allows.
 *
 * @throws InputError `TooLarge` where it does not suffice for one row of tiles
 */
export function planPasses(grid: GridPlan, memoryBytes: number): Passes {
  const shape = fieldShape(grid);
  const rows = tileCounts(shape)[0];
  const memory = Math.min(memoryBytes, MOST_BYTES);
  const one = rowBytes(grid);
  const months = blockMonths(grid);
  const inMemory = one * rows <= Math.min(IN_MEMORY_BYTES, memory);
  // A block of all months is the whole series: there is nothing to keep.
  const spooled = !inMemory && 2 * months <= shape.months;
  const perRow = spooled ? (one * OPEN_BLOCKS * months) / shape.months : one;
  const tileBytes = one / tileCounts(shape)[1];
  const groupTiles = Math.max(1, Math.floor(GROUP_BYTES / tileBytes));
  const beside = spooled ? Math.min(one, groupTiles * tileBytes) : 0;
  // Blocks of half of the months and more are filled and kept at once, in as much memory again.
  const room = inMemory || spooled ? memory : Math.min(memory, Math.max(perRow, memory / 2));
  const bandRows = Math.min(rows, Math.floor((room - beside) / perRow));
  if (bandRows >= 1) return { bandRows, blockMonths: months, spooled, groupTiles };
  const need = Math.ceil((perRow + beside) / 2 ** 20);
  const size = `${shape.cells.join(" x ")} cells and ${shape.months} ${grid.weekly === undefined ? "months" : "fields"}`;
  throw new InputError("TooLarge", `a grid of ${size} takes ${need} MiB at once, not ${memory / 2 ** 20}`, {
    file: grid.observations.key,
    hint: hintFor(need),
  });
}

function hintFor(mebibytes: number): string {
  if (mebibytes * 2 ** 20 > MOST_BYTES) {
    return "Choose a later first month, a coarser archive, or one whose chunks have fewer months: nccopy -c time/1 in.nc out.nc";
  }
  return `Allow ${mebibytes}: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line. Or choose a later first month, or a coarser archive`;
}

/** Bytes of a row of tiles with all its months, as the values are stored. */
function rowBytes(grid: GridPlan): number {
  const shape = fieldShape(grid);
  return tileCounts(shape)[1] * tileLength(shape) * ITEM_BYTES[grid.archive.type];
}

function blockMonths({ shape, archive: { chunkMonths, type } }: GridPlan): number {
  const [rows, columns] = tileCounts(shape);
  const monthBytes = rows * columns * shape.tile[0] * shape.tile[1] * ITEM_BYTES[type];
  const line = LINE_BYTES / ITEM_BYTES[type];
  const months = Math.min(line, Math.max(FEWEST_MONTHS, Math.floor(BLOCK_BYTES / monthBytes)));
  return chunkMonths * Math.max(1, Math.floor(months / chunkMonths));
}
