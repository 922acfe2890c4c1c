import type { SampleFiles, SampleOptions } from "../../lib/sample/sample.ts";

/**
 * Makes the three inputs of a run, with values that are made up and repeatable, to try things with: below `folder` an
 * archive in `observations/`, a forecast in `forecasts/`, a station table in `stations/`. Files of these names are
 * replaced.
 *
 * @param folder - made where it is not there
 * @param options - by default 2.5 degrees, 500 months, 200 stations, seed 7
 * @throws InputError `BadOption` for an option out of its range, `BadName` where the folder is a URL, `FileNotFound` where
 *   it cannot be written
 */
export async function makeSample(folder: string, options: Partial<SampleOptions> = {}): Promise<SampleFiles> {
  // Loaded late: it needs what writes workbooks, which is large.
  const sample = await import("../../lib/sample/sample.ts");
  return sample.makeSample(folder, options);
}
