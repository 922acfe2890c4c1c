import { type TileShape, tileCell } from "../grid/tiles.ts";

/** A station of a chunk, with all that its series needs but the observed anomalies. */
export interface PlannedStation {
  readonly id: string;
  /** Key of its CSV. */
  readonly key: string;
  /** Positions of its cell on the grid's axes. */
  readonly cell: readonly [lat: number, lon: number];
  /** Centre of its cell, degrees, and how far it is from the station. */
  readonly cellLat: number;
  readonly cellLon: number;
  readonly distanceKm: number;
  /** Forecast anomaly of every lead. */
  readonly forecast: readonly PlannedValue[];
}

/** A float in JSON: null is missing, and what JSON has no number for, or loses, is text: -0 and the infinities. */
export type PlannedValue = number | "-0" | "Infinity" | "-Infinity" | null;

/** The value as it stands in a chunk's JSON; NaN is missing. */
export function plannedValue(value: number): PlannedValue {
  if (Number.isNaN(value)) return null;
  if (Object.is(value, -0)) return "-0";
  if (value === Infinity) return "Infinity";
  return value === -Infinity ? "-Infinity" : value;
}

/** The value of a chunk's JSON; NaN is missing. */
export function valueOf(planned: PlannedValue): number {
  return planned === null ? Number.NaN : Number(planned);
}

/** `runs/<runId>/chunks/<chunkId>.json`: everything one worker needs, so that it opens no NetCDF. */
export interface ChunkPlan {
  readonly runId: string;
  readonly chunkId: string;
  readonly product: string;
  /** Of the claim: a forced run has another owner, so its chunks are others than those of the run before. */
  readonly owner: string;
  /** Key of the {@link SeriesHolder} that must name this run. */
  readonly holder: string;
  /** Id of the anomaly grid. */
  readonly grid: string;
  readonly column: string;
  readonly missing: string;
  /** Whether the receipt is to have the series, for the run's page. */
  readonly keepSeries: boolean;
  /** Value of the row for now; null for no such row. */
  readonly gapRow: string | null;
  /** `YYYY-MM-DD HH:MM:SS`, as are the times of the leads. */
  readonly now: string;
  readonly leads: readonly string[];
  readonly stations: readonly PlannedStation[];
}

/** More chunks than this and a run of three attempts each would not fit the 3000 operations of an execution. */
export const MAX_CHUNKS = 450;
const MIN_CHUNK_SIZE = 50;
/** Planning these takes some 550 MB and 5 s, and a chunk of 445 of them is still a small work. */
export const MAX_STATIONS = 200_000;

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
    return p.row - q.row || p.column - q.column || p.offset - q.offset || (a.id < b.id ? -1 : 1);
  });
  const chunks: PlannedStation[][] = [];
  for (let start = 0; start < ordered.length; start += size) chunks.push(ordered.slice(start, start + size));
  return chunks;
}

/** The name of the chunk at a position, from 0: `0001`, `0002` … */
export function chunkName(position: number): string {
  return String(position + 1).padStart(4, "0");
}
