/** What users choose of a grid, apart from what makes it: the command's help needs no more. */

/** Which cells of an archive a grid has: those of the box of tiles that holds all stations, or all. */
export const EXTENTS = ["stations", "global"] as const;
export type Extent = (typeof EXTENTS)[number];

/** Of the grid that is held at once by default. */
export const GRID_MEMORY_BYTES = 256 * 2 ** 20;
