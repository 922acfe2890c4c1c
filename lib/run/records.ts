import type { GridPlan, TileChecksums } from "../grid/description.ts";
import type { Years } from "../grid/months.ts";
import type { CellsMethod } from "../grid/station-method.ts";
import type { TileRows } from "../grid/tiles.ts";
import type { Encoding } from "../stations/encoding.ts";
import type { Warning } from "../warning.ts";
import type { PlannedStation, PlannedValue, StationUse } from "./chunk-records.ts";

/**
 * Every JSON document of the output bucket, with its key beside it; lib/keys.ts spells the keys. Those of a chunk are in
 * chunk-records.ts. That of a grid that is whole, `keys.gridMarker`, is lib/grid's.
 */
export type { StoredGrid } from "../grid/description.ts";

/** `keys.gridPlan`: a grid that a run is to compute. */
export interface PlannedGrid extends GridPlan {
  /** Where it is made in more than one. */
  readonly bands?: PlannedBands;
}

export interface PlannedBands {
  /** Of each band. */
  readonly rows: readonly TileRows[];
  /** Random: a grid that is made anew, as one of its tiles was damaged, takes no record of the time before. */
  readonly token: string;
  /** Whether the grid was made of them. */
  readonly made?: true;
}

/** `keys.band`: left by who made a band of a grid, when all of its tiles are stored. */
export interface BandRecord {
  readonly runId: string;
  readonly bandId: string;
  /** SHA-256 of what it was made of. A record counts only for the very band that it was left for. */
  readonly digest: string;
  readonly tiles: TileChecksums;
  /** Cells with too few baseline years in a calendar month. */
  readonly sparseCells?: number;
}

/** An input as the documents name it: its etag says which bytes were read. */
export interface InputRecord {
  readonly key: string;
  readonly etag: string;
}

/** The station table; if it is text, in a claim with the encoding that was asked for, in a manifest with the one found. */
export interface TableRecord extends InputRecord {
  readonly encoding?: Encoding;
}

/** The inputs of a run. */
export interface InputRecords {
  readonly forecast: InputRecord;
  readonly observations: InputRecord;
  readonly stations: TableRecord;
  /** Of a product with a climatology of its own. */
  readonly climatology?: InputRecord;
  /** Hindcasts, or their climatology, of a product that takes it off its forecasts. */
  readonly hindcasts?: InputRecord;
  /** Of a product that makes the mean of several: the forecasts issued before, newest first. */
  readonly initialisations?: readonly InputRecord[];
}

/** `keys.claim`: who does the run, of what. */
export interface Claim extends InputRecords {
  readonly runId: string;
  readonly product: string;
  /** Time of the row for now, `YYYY-MM-DD HH:MM:SS` UTC. A resumed run keeps it, so that its files agree. */
  readonly now: string;
  readonly nowFrom: NowSource;
  readonly issue: Issue;
  /** The execution or process that does it. */
  readonly owner: string;
  /** Who planned its chunks: the first owner, and who has forced the run. What is resumed goes on with them. */
  readonly begunBy: string;
  /** When, `YYYY-MM-DD HH:MM:SS` UTC, or when it was last resumed. Older versions do not tell. */
  readonly claimedAt?: string | undefined;
  /** Until when the owner can be at work, where that is limited: that of an execution is. */
  readonly leaseUntil?: string | undefined;
}

/** How a forecast is called in keys, and when it was issued. */
export interface Issue {
  readonly label: string;
  /** Day of issue, `YYYYMMDD`; null where neither the file's name nor its content tells it. */
  readonly issued: string | null;
}

/** Where the time of the row for now is from: what was asked, the day of issue in the forecast's name or file, the clock. */
export type NowSource = "request" | "name" | "file" | "clock";

/** A forecast as the documents name it. */
export interface ForecastRecord extends Issue {
  /** Times of the leads, `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly targets: readonly string[];
  /** What its anomalies are relative to; null where nobody tells. */
  readonly base: BaseRecord | null;
  /** Days of issue, `YYYYMMDD`, of the forecasts that it is the mean of, newest first; absent where it is of one file. */
  readonly initialisations?: readonly string[];
  /** Absent where its values are in the units of the series as they stand in the file. */
  readonly converted?: UnitConversion;
}

/** The years that the anomalies of a forecast are relative to. */
export interface BaseRecord {
  readonly years: Years;
  /** Who says so. */
  readonly from: string;
  /** Whether the series have it relative to the baseline of the observations instead. */
  readonly rebased: boolean;
}

/** How the values of a forecast came into the units of the series. */
export interface UnitConversion {
  /** The forecast's own units. */
  readonly from: string;
  /** What its values were multiplied by, one for each of the targets: a month has 28 to 31 days. */
  readonly factors: readonly number[];
}

/** The anomaly grid that a run uses. */
export interface GridRecord {
  readonly id: string;
  /** Whether it was there before the run. */
  readonly stored: boolean;
  /** Whether its rows are weeks, which `months` counts then. */
  readonly weekly?: true;
  readonly months: number;
  readonly firstMonth: string;
  readonly lastMonth: string;
}

/** `keys.plan`: what the run will do, and what it was warned of before it began. */
export interface RunPlan {
  readonly runId: string;
  /** Of the claim that it was made for. */
  readonly begunBy: string;
  readonly forecast: ForecastRecord;
  readonly grid: GridRecord;
  /** Of the values of the series; null where nobody tells them. */
  readonly units: string | null;
  readonly stations: {
    /** Those of all chunks. */
    readonly planned: number;
    /** Those that lie too far from any cell to be written. */
    readonly tooFar: number;
    /** Rows of the table that cannot be used, and those with an empty cell. */
    readonly rejected: number;
    readonly emptyRows: number;
    readonly encoding?: Encoding;
  };
  readonly chunks: readonly ChunkRecord[];
  /** How many bands the grid is made in, where it is made in several: their rows are in the {@link PlannedGrid}. */
  readonly bands?: number;
  readonly warnings: readonly Warning[];
  /** What of the product's `series.expect` the rows do not meet, in sentences: the run fails if there are any. */
  readonly unmet: readonly string[];
}

/** A chunk of a plan. */
export interface ChunkRecord {
  readonly id: string;
  /** SHA-256 of the chunk's JSON. */
  readonly digest: string;
  readonly stations: number;
}

/** `keys.stations`: what the page and the table of a run say of stations and grid. */
export interface StationsRecord {
  readonly variable: { readonly name: string; readonly longName?: string };
  readonly baseline: Years;
  /** Whether its rows are weeks. */
  readonly weekly?: true;
  /** UTC seconds since 1970 of every observed month, or week. */
  readonly seconds: readonly number[];
  /** Where stations take their values from other cells than the nearest. */
  readonly method?: CellsMethod;
  /** The forecast's own cells around the stations. */
  readonly field?: ForecastField;
  /** In the order of the table. */
  readonly stations: readonly TableStation[];
}

/** The forecast's own cells around the stations, for a map. */
export interface ForecastField {
  /** Centres of rows: degrees north, in the order of the file. */
  readonly lat: readonly number[];
  /** Centres of columns: degrees east, rising, also across the antimeridian. */
  readonly lon: readonly number[];
  /** What values are rounded to, in their unit. */
  readonly step: number;
  /** Of each lead, a packed number of every cell, row by row: 0 is missing, then come 0, 1, 2 … steps, and -1, -2 … */
  readonly leads: readonly string[];
}

/** A planned station with what its table says of it. */
export interface TableStation extends PlannedStation {
  /** Where the forecast is the mean of several: the lowest and the highest of every lead. */
  readonly spread?: Readonly<Record<"low" | "high", readonly PlannedValue[]>>;
  readonly name: string;
  readonly province: string;
  /** Degrees north and east. */
  readonly lat: number;
  readonly lon: number;
  /** Metres; null where it is not known. */
  readonly elevation: number | null;
}

/**
 * `complete`: all planned stations are written. `partial`: those of some chunks. `failed`: none, or the series are not what
 * the product's reader needs.
 */
export type RunStatus = "complete" | "partial" | "failed";

/** Stations that were not written, and why. */
export interface MissingChunk {
  readonly chunkId: string;
  readonly error: string;
  readonly stations: readonly string[];
}

/** `keys.manifest`, which closes a run. */
export interface Manifest {
  readonly runId: string;
  readonly product: string;
  readonly status: RunStatus;
  /** Why a failed run failed. */
  readonly error?: string;
  readonly now: string;
  readonly nowFrom: NowSource;
  readonly inputs: InputRecords;
  /** These four are absent, and all counts are 0, where the run failed before it was planned. */
  readonly forecast?: ForecastRecord;
  readonly grid?: GridRecord;
  /** Of the values of the series; null where nobody tells them. */
  readonly units?: string | null;
  /** Key of the CSV of a station, with {station} for its id. */
  readonly series?: string;
  readonly counts: StationUse & {
    /** Stations in chunks. */
    readonly planned: number;
    readonly written: number;
    /** Stations that are not planned, as they lie too far from any cell. */
    readonly tooFar: number;
    /** Rows of the table that cannot be used, and those with an empty cell. */
    readonly rejectedRows: number;
    readonly emptyRows: number;
    readonly chunks: number;
    readonly chunksDone: number;
    readonly warnings: number;
  };
  readonly missing: readonly MissingChunk[];
  readonly warnings: readonly Warning[];
  /** Seconds by stage, of the last attempt. */
  readonly seconds: Readonly<Record<string, number>>;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly finishedAt: string;
}

/** `keys.indexEntry`: what the index of all runs says of one that has ended. */
export interface RunEntry extends Pick<Manifest, "runId" | "product" | "status" | "finishedAt"> {
  readonly forecast: Issue;
  /** Times of the leads; none where the run failed before it was planned. */
  readonly targets: readonly string[];
  /** Whether they are of weeks. */
  readonly weekly?: true;
  /** Of all values, for people; absent where nobody tells them. */
  readonly units?: string;
  /** Mean of the forecast anomalies of the stations that were written, by lead; null where none has one. Absent with no page. */
  readonly means?: readonly (number | null)[];
  readonly counts: Pick<Manifest["counts"], "planned" | "written" | "usable" | "tooFar" | "warnings">;
  readonly hasPage: boolean;
}

/** `keys.latest`: the newest forecast with a complete run. */
export interface Latest {
  readonly runId: string;
  /** Of the claim. Those of older versions do not tell. */
  readonly claimedAt?: string | undefined;
  readonly forecast: ForecastRecord;
  /** Key of the manifest. */
  readonly manifest: string;
  /** Key of the CSV of a station, with {station} for its id. */
  readonly series: string;
}
