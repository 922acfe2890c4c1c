import * as fs from "node:fs";
import { join } from "node:path";
import { InputError, messageOf } from "../errors.ts";
import { pathAlone } from "../store/place.ts";
import { FORECAST_NAME, forecastFile } from "./forecast.ts";
import { writeObservations } from "./observations.ts";
import { mulberry32 } from "./random.ts";
import { stationTable } from "./stations.ts";

export interface SampleOptions {
  /** Cell size of the observations in degrees, 0.5 to 30; 180 is a whole multiple of it. */
  readonly resolution: number;
  /** Months of observations, up to June 2020; at most 870, from January 1948 as in PREC/L. */
  readonly months: number;
  /** Rows of the station table, at most 50 000. */
  readonly stations: number;
  /** The same options and seed give the same bytes; a whole number from 0 to 2³² - 1. */
  readonly seed: number;
}

export const SAMPLE_DEFAULTS: SampleOptions = { resolution: 2.5, months: 500, stations: 200, seed: 7 };

/** Paths of the files that were written. */
export interface SampleFiles {
  readonly observations: string;
  readonly forecast: string;
  readonly stations: string;
}

/**
 * Makes the three inputs of a run, in the layouts of the real ones and where the input bucket has them: the archive of
 * observations below `observations/`, a forecast below `forecasts/`, the table below `stations/`. Files of these names
 * are replaced. The values are made up, and repeatable.
 *
 * @param dir - a folder, made where it is not there
 * @param chosen - what is not to be as in {@link SAMPLE_DEFAULTS}
 * @param onProgress - called as the months are written, which is what takes time
 * @throws InputError `BadOption` for an option out of its range, `BadName` where `dir` is a
 *   URL, `FileNotFound` where it cannot be written
 */
export async function makeSample(
  dir: string,
  chosen: Partial<SampleOptions> = {},
  onProgress?: (done: number, of: number) => void,
): Promise<SampleFiles> {
  const options = { ...SAMPLE_DEFAULTS, ...chosen };
  check(options);
  pathAlone(dir);
  const { months, stations, seed } = options;
  const files: SampleFiles = {
    observations: join(folder(dir, "observations"), "precip.mon.mean.1x1.nc"),
    forecast: join(folder(dir, "forecasts"), FORECAST_NAME),
    stations: join(folder(dir, "stations"), "stations.xls"),
  };
  // Each file has its own numbers, so that more months leave the stations where they were.
  const seeds = mulberry32(seed);
  const stream = () => mulberry32(seeds() * 2 ** 32);
  const [first, second, third] = [stream(), stream(), stream()];
  writing(files.stations, () => fs.writeFileSync(files.stations, stationTable(stations, first)));
  writing(files.forecast, () => fs.writeFileSync(files.forecast, forecastFile(second)));
  await writeObservations(files.observations, options, third, (done) => onProgress?.(done, months));
  return files;
}

function check({ resolution, months, stations, seed }: SampleOptions): void {
  const cells = 180 / resolution;
  if (!(resolution >= 0.5 && resolution <= 30) || Math.abs(cells - Math.round(cells)) > 1e-9) {
    throw new InputError("BadOption", `resolution ${resolution} is not a cell size in degrees that divides 180`, {
      choices: [0.5, 1, 1.5, 2, 2.5, 3, 5, 10, 15, 30],
    });
  }
  checkWhole("months", months, 1, 870);
  checkWhole("stations", stations, 1, 50_000);
  checkWhole("seed", seed, 0, 2 ** 32 - 1);
}

function checkWhole(option: keyof SampleOptions, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError("BadOption", `${option} ${value} is not a whole number from ${least} to ${most}`);
}

function folder(dir: string, name: string): string {
  const path = join(dir, name);
  writing(path, () => fs.mkdirSync(path, { recursive: true }));
  return path;
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new InputError("FileNotFound", `cannot be written: ${messageOf(error)}`, {
      file: path,
      hint: "Choose a folder that can be written",
      cause: error,
    });
  }
}
