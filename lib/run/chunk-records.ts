import type { Years } from "../grid/months.ts";
import type { CellsMethod, WeightedCell } from "../grid/station-method.ts";
import type { Times } from "../series/series-csv.ts";
import type { Warning } from "../warning.ts";

/**
 * The documents of a chunk of stations: what a worker is given, and what it leaves. Like those of lib/run/records.ts, types
 * only, so that a worker and those who read its receipts share no code by them.
 */

/** What a worker is told of a forecast that is relative to other years than the observations. */
export interface BaseWork {
  readonly years: Years;
  /** Whether it is to be brought to the baseline of the observations. */
  readonly rebase: boolean;
  /** Calendar month of every lead, 0 (January) to 11. */
  readonly months: readonly number[];
  /** Whether the values of forecast and grid are float32, so that what is rebased is, too. */
  readonly single: boolean;
}

/** A float in JSON: null where it is missing, and text where JSON has no such number: -0 and the infinities. */
export type PlannedValue = number | "-0" | "Infinity" | "-Infinity" | null;

/** A station of a run, with all that its series needs but the observed anomalies. */
export interface PlannedStation {
  readonly id: string;
  /** Key of its CSV. */
  readonly key: string;
  /** Positions of its nearest cell on the grid's axes. */
  readonly cell: readonly [lat: number, lon: number];
  /** Centre of its cell, degrees, and how far it is from the station. */
  readonly cellLat: number;
  readonly cellLon: number;
  readonly distanceKm: number;
  /** Where the product has a method, all that it may take observations from, instead of its nearest cell. */
  readonly cells?: readonly WeightedCell[];
  /** And the cells of the forecast, on its own axes, that its values are taken from. */
  readonly forecastCells?: readonly WeightedCell[];
  /** Forecast anomaly of every lead. */
  readonly forecast: readonly PlannedValue[];
}

/** `keys.chunk`: everything one worker needs, so that it opens no NetCDF. */
export interface ChunkPlan {
  readonly runId: string;
  readonly chunkId: string;
  readonly product: string;
  /** Of the claim: a forced run was begun by another, so its chunks are others than those of the run before. */
  readonly begunBy: string;
  /** Id of the anomaly grid. */
  readonly grid: string;
  readonly column: string;
  readonly missing: string;
  /** Where stations take their values from other cells than the nearest. */
  readonly method?: CellsMethod | undefined;
  /** How far the CSVs have their times. */
  readonly times?: Times | undefined;
  readonly base?: BaseWork | undefined;
  /** Value of the row for now; null for no such row. */
  readonly gapRow: string | null;
  /** `YYYY-MM-DD HH:MM:SS`, as are the times of the leads. */
  readonly now: string;
  readonly leads: readonly string[];
  readonly stations: readonly PlannedStation[];
}

/** `keys.receipt`: left by a worker when all of its chunk is written. */
export interface Receipt {
  readonly runId: string;
  readonly chunkId: string;
  /** SHA-256 of the chunk's JSON. A receipt counts only for the very chunk that it was left for. */
  readonly digest: string;
  /** CSVs written. */
  readonly stations: number;
  readonly use: StationUse;
  readonly warnings: readonly Warning[];
  readonly seconds: number;
  /** Of forecasts relative to other years: how much the climatologies of both differ, over stations and leads. */
  readonly baseShift?: BaseShift;
  /** Of forecasts that were rebased: what was written, of every lead, by the id of the station. */
  readonly rebased?: Readonly<Record<string, readonly PlannedValue[]>>;
  /** Where the chunk has a method: the cells whose observations were taken, by the id of the station. */
  readonly cells?: Readonly<Record<string, readonly WeightedCell[]>>;
}

/** Sizes of differences, added up: where one is missing it does not count. */
export interface BaseShift {
  readonly sum: number;
  readonly count: number;
}

/** Of stations that are written, how many have what a reader needs. */
export interface StationUse {
  /** At least one observed anomaly, and at least one value of the forecast. */
  readonly usable: number;
  /** No observed anomaly: their cells have no observations. */
  readonly withoutObservations: number;
  /** No value of the forecast. */
  readonly withoutForecast: number;
}
