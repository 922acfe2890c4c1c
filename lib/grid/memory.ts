import { InputError } from "../errors.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { ArchiveVariable } from "./archive.ts";
import type { GridDescription } from "./description.ts";
import { tileCounts, tileLength } from "./tiles.ts";

/** Of the grid that is held at once: a one-degree grid of forty years takes 140 MB, and is read in one pass. */
export const GRID_MEMORY_BYTES = 256 * 2 ** 20;

/** Of a cell's values that are written one after another when a block of months is transposed: a whole cache line. */
const LINE_BYTES = 64;

/** Months of an archive that are read at once: whole chunks, where it has chunks of some months. */
export function monthsAtOnce({ variable: { chunks }, type, timeAt }: ArchiveVariable): number {
  const chunk = chunks?.[timeAt] ?? 1;
  return chunk * Math.max(1, Math.floor(LINE_BYTES / ITEM_BYTES[type] / chunk));
}

/**
 * Bytes that a row of tiles takes while it is computed, as the values are stored: its tiles, and its part of the months
 * that are read at once, as they come out of the file and as they are laid out.
 */
export function rowMemory(archive: ArchiveVariable, { shape }: GridDescription): number {
  const [, columns] = tileCounts(shape);
  const tiles = columns * tileLength(shape);
  const block = shape.tile[0] * shape.cells[1] * monthsAtOnce(archive);
  return (tiles + 2 * block) * ITEM_BYTES[archive.type];
}

/**
 * Rows of tiles that can be computed at once.
 *
 * @throws InputError `TooLarge` where the memory does not suffice for one row
 */
export function rowsAtOnce(archive: ArchiveVariable, about: GridDescription, memoryBytes: number): number {
  const { shape } = about;
  const one = rowMemory(archive, about);
  if (memoryBytes >= one) return Math.min(tileCounts(shape)[0], Math.floor(memoryBytes / one));
  const need = Math.ceil(one / 2 ** 20);
  const size = `${shape.cells.join(" x ")} cells and ${shape.months} months`;
  throw new InputError("TooLarge", `a grid of ${size} takes ${need} MiB at once, not ${memoryBytes / 2 ** 20}`, {
    file: archive.file,
    hint: `Allow ${need}: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line. Or choose a later first month, or a coarser archive`,
  });
}
