import { InputError } from "../../lib/errors.ts";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import type { Encoding } from "../../lib/stations/encoding.ts";
import { clockText } from "../../lib/time.ts";
import type { Progress } from "../local/progress.ts";
import type { LocalResult } from "../local/result.ts";

/** A run on this machine: what `s2s run` is given. Files are paths, or `s3://bucket/key`. */
export interface LocalRun {
  /** Archive of observations, in NetCDF, GRIB or Zarr: a file, or a pattern of several, such as `era5/*.nc`. */
  readonly observations: string;
  /** Forecast, in NetCDF, GRIB or Zarr. */
  readonly forecast: string;
  /** Station table, .xls, .xlsx or CSV. */
  readonly stations: string;
  /** Of a station table that is CSV, in place of what is found out. */
  readonly encoding?: Encoding;
  /**
   * Folder that series, grids and records are kept in, laid out as the output bucket is; or such a bucket, `s3://bucket`, or
   * a prefix of one, `s3://bucket/prefix`.
   */
  readonly out: string;
  /** Climatology of a product that has one of its own. */
  readonly climatology?: string;
  /** Hindcasts of a product that takes their mean off its forecasts, or their climatology. */
  readonly forecastClimatology?: string;
  /** Which product to make; by default the only one of `products`, else `prec`. */
  readonly product?: string;
  /** A `products.json` with more or other products. */
  readonly products?: string;
  /**
   * Time of the row between observations and forecast, of which whole seconds count; by default midnight (UTC) of the
   * forecast's day of issue, else the time of the call.
   */
  readonly now?: Date;
  /** MiB of the anomaly grid that is held at once; 256 by default. */
  readonly gridMemory?: number;
  /**
   * `new` by default: a run that has begun and not ended is refused. `resume` does what is left of it, `force` all of it
   * again. One that has ended is done again in any case.
   */
  readonly mode?: "new" | "resume" | "force";
  /** Called as the run goes on, with the name of the stage and its part done, 0 to 1. */
  readonly onProgress?: (stage: string, part: number) => void;
}

/**
 * Writes the series of all stations for one forecast, as `s2s run` does. Stations that could not be written are in the manifest and no error.
 *
 * @throws InputError for wrong inputs and options, and then a run that was claimed has a manifest with status `failed`;
 *   `RunClaimed`, `Superseded`, `CannotWrite`, `NoAccess`
 */
export async function runLocally({
  gridMemory = GRID_MEMORY_BYTES / 2 ** 20,
  mode = "new",
  now,
  onProgress,
  ...files
}: LocalRun): Promise<LocalResult> {
  checkCount("gridMemory", gridMemory);
  const request = { ...files, gridMemory, mode, ...(now === undefined ? {} : { now: textOf(now) }) };
  // Loaded late, as a program may import this for something else.
  const local = await import("../local/run.ts");
  return await local.runLocally(request, progressTo(onProgress));
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new InputError("BadOption", `${name} ${count} is not a whole number from 1 on`);
}

function textOf(now: Date): string {
  if (Number.isNaN(now.getTime())) throw new InputError("BadOption", "now is an invalid date");
  return clockText(now.getTime());
}

function progressTo(onProgress: LocalRun["onProgress"]): Progress {
  let current = "";
  return {
    stage(name) {
      current = name;
      onProgress?.(name, 0);
    },
    part: (done) => onProgress?.(current, done),
    stop() {},
  };
}
