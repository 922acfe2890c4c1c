import { type TileShape, tileCell } from "../grid/tiles.ts";
import type { PlannedStation } from "./chunk-records.ts";

/** More chunks than this and a run of three attempts each would not fit the 3000 operations of an execution. */
export const MAX_CHUNKS = 450;
/**
 * Attempts at each chunk or band, where there are as many as there may be. Each attempt is two operations: its invocation,
 * and before it the chunk's own context, or a wait.
 */
export const ATTEMPTS = 3;
/** Bands of grids cost as many operations as chunks do: so many, and MAX_CHUNKS, leave 60 of them for all steps. */
const MAX_BANDS = 40;
/** The steps of one more run cost as much as these. */
const BANDS_PER_RUN = 2;
const MIN_CHUNK_SIZE = 50;
/** Planning these takes some 550 MB and 5 s, and a chunk of 445 of them is still a small work. */
export const MAX_STATIONS = 200_000;
/** Forecasts of all stations and leads: so many take as much, and each is also in a chunk and in the page's data. */
export const MAX_FORECASTS = 4_000_000;
/** Cells of all stations, in both grids, where the product has a method: each is in a chunk, too. */
export const MAX_STATION_CELLS = 1_000_000;

/** Bands of the grid of each of so many runs that share an execution: at least 1, which is made in a step. */
export function mostBands(runs: number): number {
  return Math.max(1, Math.floor((MAX_BANDS - BANDS_PER_RUN * (runs - 1)) / runs));
}

/** Stations in a chunk where nothing else is set. */
export function defaultChunkSize(stations: number, maxChunks: number): number {
  return Math.max(MIN_CHUNK_SIZE, Math.ceil(stations / maxChunks));
}

/**
 * The stations in chunks of at most `size`, ordered along the tiles, then the cells of a tile: a worker reads few
 * tiles, each once. Equal cells are in order of id, so that the same table always gives the same chunks.
 */
export function cutChunks(stations: readonly PlannedStation[], shape: TileShape, size: number): PlannedStation[][] {
  const places = new Map(stations.map((s) => [s, tileCell(shape, ...s.cell)]));
  const ordered = stations.toSorted((a, b) => {
    const [p, q] = [places.get(a)!, places.get(b)!];
    return p.row - q.row || p.column - q.column || p.position - q.position || (a.id < b.id ? -1 : 1);
  });
  const chunks: PlannedStation[][] = [];
  for (let start = 0; start < ordered.length; start += size) chunks.push(ordered.slice(start, start + size));
  return chunks;
}

/** The name of the chunk at a position, from 0: `0001`, `0002` … */
export function chunkName(position: number): string {
  return String(position + 1).padStart(4, "0");
}
