import { InputError } from "../errors.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { GridPlan } from "./description.ts";
import { tileCounts, tileLength } from "./tiles.ts";

/**
 * How an archive is gone through. One pass over it fills one band of the grid: as many rows of tiles as memory holds
 * with all their months. The archive is read in blocks of some months.
 */
export interface Passes {
  /** Rows of tiles in a band. */
  readonly bandRows: number;
  /** Months in a block: whole chunks, where the archive has chunks of some months. */
  readonly blockMonths: number;
}

/** Of the grid that is held at once: a one-degree grid of forty years takes 140 MB, and is read in one pass. */
export const GRID_MEMORY_BYTES = 256 * 2 ** 20;

/** Of a cell's values that are written one after another when a block of months is transposed: a whole cache line. */
const LINE_BYTES = 64;

/**
 * The passes that the memory allows.
 *
 * @throws InputError `TooLarge` where it does not suffice for one row of tiles
 */
export function planPasses(grid: GridPlan, memoryBytes: number): Passes {
  const { shape, observations } = grid;
  const one = rowMemory(grid);
  if (memoryBytes >= one) {
    const bandRows = Math.min(tileCounts(shape)[0], Math.floor(memoryBytes / one));
    return { bandRows, blockMonths: blockMonths(grid) };
  }
  const need = Math.ceil(one / 2 ** 20);
  const size = `${shape.cells.join(" x ")} cells and ${shape.months} months`;
  throw new InputError("TooLarge", `a grid of ${size} takes ${need} MiB at once, not ${memoryBytes / 2 ** 20}`, {
    file: observations.key,
    hint: `Allow ${need}: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line. Or choose a later first month, or a coarser archive`,
  });
}

/**
 * Bytes that a row of tiles takes while it is computed, as the values are stored: its tiles, and its part of a block of
 * months, as it comes out of the file and as it is laid out.
 */
export function rowMemory(grid: GridPlan): number {
  const { shape, archive } = grid;
  const tiles = tileCounts(shape)[1] * tileLength(shape);
  const block = shape.tile[0] * shape.cells[1] * blockMonths(grid);
  return (tiles + 2 * block) * ITEM_BYTES[archive.type];
}

function blockMonths({ archive: { chunkMonths, type } }: GridPlan): number {
  return chunkMonths * Math.max(1, Math.floor(LINE_BYTES / ITEM_BYTES[type] / chunkMonths));
}
