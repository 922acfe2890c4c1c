import type { Warning } from "../warning.ts";

/** All that the page and the table of a run are made of. */
export interface Report {
  readonly runId: string;
  readonly product: string;
  readonly status: "complete" | "partial" | "failed";
  /** Why a failed run failed. */
  readonly error?: string;
  /** `YYYY-MM-DD HH:MM:SS` UTC, as are all times here. */
  readonly now: string;
  readonly finishedAt: string;
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Keys of the inputs. */
  readonly inputs: { readonly forecast: string; readonly observations: string; readonly stations: string };
  readonly forecast: { readonly label: string; readonly issued: string | null };
  /** Target times of the forecast. */
  readonly leads: readonly string[];
  /** Times of the observed months. */
  readonly history: readonly string[];
  readonly variable: {
    /** Name of the CSVs' column. */
    readonly column: string;
    /** What the archive calls it. */
    readonly name: string;
    readonly longName?: string;
    readonly units?: string;
  };
  /** First and last year. */
  readonly baseline: readonly [number, number];
  readonly counts: { readonly planned: number; readonly written: number };
  /** Stations that were not written, and why. */
  readonly missing: readonly {
    readonly chunkId: string;
    readonly error: string;
    readonly stations: readonly string[];
  }[];
  readonly warnings: readonly Warning[];
  readonly stations: readonly ReportStation[];
  /**
   * Observed anomalies, in the archive's units, as many as `history`, of every cell that has stations; NaN is missing.
   * None for more than {@link MAX_CELLS} cells: the CSVs alone then have them.
   */
  readonly series: readonly Float32Array[];
}

/** A page of more cells would be too large to be sent and opened. */
export const MAX_CELLS = 4000;

export interface ReportStation {
  readonly id: string;
  readonly name: string;
  readonly province: string;
  /** Degrees north and east. */
  readonly lat: number;
  readonly lon: number;
  /** Metres; NaN where it is not known. */
  readonly elevation: number;
  /** Centre of its cell, and how far it is. */
  readonly cellLat: number;
  readonly cellLon: number;
  readonly distanceKm: number;
  /** Of its CSV. */
  readonly key: string;
  /** Forecast anomaly of every lead; NaN is missing. */
  readonly forecast: readonly number[];
  /** Position in {@link Report.series}; none where it was not written, or there are no series. */
  readonly series?: number;
}
