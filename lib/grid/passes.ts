import { InputError } from "../errors.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { GridPlan } from "./description.ts";
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

/** Of the grid that is held at once by default. */
export const GRID_MEMORY_BYTES = 256 * 2 ** 20;

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
  const rows = tileCounts(grid.shape)[0];
  const one = rowBytes(grid);
  const months = blockMonths(grid);
  const inMemory = one * rows <= Math.min(IN_MEMORY_BYTES, memoryBytes);
  // A block of all months is the whole series: there is nothing to keep.
  const spooled = !inMemory && 2 * months <= grid.shape.months;
  const perRow = spooled ? (one * OPEN_BLOCKS * months) / grid.shape.months : one;
  const tileBytes = one / tileCounts(grid.shape)[1];
  const groupTiles = Math.max(1, Math.floor(GROUP_BYTES / tileBytes));
  const beside = spooled ? Math.min(one, groupTiles * tileBytes) : 0;
  const bandRows = Math.min(rows, Math.floor((memoryBytes - beside) / perRow));
  if (bandRows >= 1) return { bandRows, blockMonths: months, spooled, groupTiles };
  const need = Math.ceil((perRow + beside) / 2 ** 20);
  const size = `${grid.shape.cells.join(" x ")} cells and ${grid.shape.months} months`;
  throw new InputError("TooLarge", `a grid of ${size} takes ${need} MiB at once, not ${memoryBytes / 2 ** 20}`, {
    file: grid.observations.key,
    hint: `Allow ${need}: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line. Or choose a later first month, or a coarser archive`,
  });
}

/** Bytes of a row of tiles with all its months, as the values are stored. */
function rowBytes({ shape, archive }: GridPlan): number {
  return tileCounts(shape)[1] * tileLength(shape) * ITEM_BYTES[archive.type];
}

function blockMonths({ shape, archive: { chunkMonths, type } }: GridPlan): number {
  const [rows, columns] = tileCounts(shape);
  const monthBytes = rows * columns * shape.tile[0] * shape.tile[1] * ITEM_BYTES[type];
  const line = LINE_BYTES / ITEM_BYTES[type];
  const months = Math.min(line, Math.max(FEWEST_MONTHS, Math.floor(BLOCK_BYTES / monthBytes)));
  return chunkMonths * Math.max(1, Math.floor(months / chunkMonths));
}
