/** Where in a grid a station takes its values. Those but `nearest` take them from any number of cells, or from none. */
export type StationMethod = "nearest" | CellsMethod;

/**
 * `bilinear`: the up to four cells around the station. `nearestValid`: the nearest cell, or where it has no values the next one
 * so near that has. `box`: all cells whose centre lies so near, or within so many degrees of latitude and of longitude.
 */
export type CellsMethod =
  | "bilinear"
  | { readonly nearestValid: { readonly km: number } }
  | { readonly box: { readonly km: number } | { readonly degrees: number } };

/** A cell that a station takes its values from. */
export interface WeightedCell {
  /** Positions on the grid's axes. */
  readonly cell: readonly [lat: number, lon: number];
  /** Its centre, degrees. */
  readonly lat: number;
  readonly lon: number;
  /** Relative to the other cells. */
  readonly weight: number;
}

/** Whether a station takes all of its values from one of its cells: the first that has any. */
export function isFirstValid(method: CellsMethod): boolean {
  return typeof method === "object" && "nearestValid" in method;
}
