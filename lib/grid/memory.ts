import { InputError } from "../errors.ts";
import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { findVariable } from "../netcdf/slab.ts";
import type { GridDescription } from "./description.ts";
import { tileCounts, tileLength } from "./tiles.ts";

/** Of the grid that is held at once: a one-degree grid of forty years takes 140 MB, and is read in one pass. */
export const GRID_MEMORY_BYTES = 256 * 2 ** 20;

/** With 16 months, every write of the transposition fills a whole cache line. */
const BLOCK_MONTHS = 16;
/** Of a value that was just read: as it is stored, and unpacked. */
const READ_BYTES = Float64Array.BYTES_PER_ELEMENT * 2;

/**
 * Months of an archive that are read at once: whole chunks, where it has chunks of some months.
 *
 * @param chunk - months in a chunk
 */
export function monthsAtOnce(chunk = 1): number {
  return chunk * Math.max(1, Math.floor(BLOCK_MONTHS / chunk));
}

/** Bytes that a row of tiles takes while it is computed: its tiles, and its part of the months that are read at once. */
export function rowMemory(dataset: Dataset, { variable, shape }: GridDescription): number {
  const { name, dimensions, chunks } = findVariable(dataset, variable);
  const months = monthsAtOnce(chunks?.[dimensions.indexOf(findCoordinates(dataset, name).time)]);
  const [, columns] = tileCounts(shape);
  const tiles = columns * tileLength(shape) * Float32Array.BYTES_PER_ELEMENT;
  return tiles + shape.tile[0] * shape.cells[1] * months * READ_BYTES;
}

/**
 * Rows of tiles that can be computed at once.
 *
 * @throws InputError `TooLarge` where the memory does not suffice for one row
 */
export function rowsAtOnce(dataset: Dataset, about: GridDescription, memoryBytes: number): number {
  const { shape } = about;
  const one = rowMemory(dataset, about);
  if (memoryBytes >= one) return Math.min(tileCounts(shape)[0], Math.floor(memoryBytes / one));
  const need = Math.ceil(one / 2 ** 20);
  const size = `${shape.cells.join(" x ")} cells and ${shape.months} months`;
  throw new InputError("TooLarge", `a grid of ${size} takes ${need} MiB at once, not ${memoryBytes / 2 ** 20}`, {
    file: dataset.file,
    hint: `Allow ${need}: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line. Or choose a later first month, or a coarser archive`,
  });
}
