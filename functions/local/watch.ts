import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, isInputError } from "../../lib/errors.ts";
import type { Product } from "../../lib/run/product.ts";
import { placeOf } from "../../lib/store/place.ts";
import { endOf, type OnEnd } from "./batch.ts";
import { stampOf } from "./files.ts";
import { filesIn, isForecastName } from "./forecasts.ts";
import type { Progress } from "./progress.ts";
import { type LocalRuns, type OpenRuns, withRuns } from "./run.ts";
import { findRuns } from "./runs.ts";

export interface WatchOptions {
  /** From one look at the folder to the next. A file is whole that has not changed between two looks. */
  readonly everySeconds: number;
  readonly progress: Progress;
  readonly onEnd: OnEnd;
  /** Told what keeps runs from being done for now: it is tried again. */
  readonly onTrouble: (trouble: InputError) => void;
}

/**
 * Does the run of every forecast that lands in a folder, and of those that are there, for ever. What was done is known by the
 * runs in `out`: a forecast that has a complete run of the product is left, also where the archive is another by now. One
 * whose run fails is tried again when its file changes, or by the next watch.
 *
 * @throws InputError `BadName` for a folder that is in a bucket; as `withRuns`
 */
export async function watch(request: Omit<LocalRuns, "mode">, folder: string, options: WatchOptions): Promise<never> {
  if (placeOf(folder).kind === "s3") {
    throw new InputError("BadName", "is in a bucket, which is not watched", {
      file: folder,
      hint: "Watch a folder; in a bucket a deployment starts the runs",
    });
  }
  return withRuns({ ...request, mode: "resume" }, async (runs) => {
    const look = await watching(runs, { out: request.out, folder }, options);
    let last = "";
    for (;;) {
      try {
        await look();
        last = "";
      } catch (error) {
        if (!isInputError(error)) throw error;
        // Told once, as long as it is the same.
        if (error.message !== last) options.onTrouble(error);
        last = error.message;
      }
      await sleep(1000 * options.everySeconds);
    }
  });
}

interface Places {
  readonly out: string;
  readonly folder: string;
}

/** Does what there is to do at each call. */
async function watching(
  runs: OpenRuns,
  { out, folder }: Places,
  { progress, onEnd }: WatchOptions,
): Promise<() => Promise<void>> {
  const done = await completeForecasts(out, runs.product);
  const seen = new Map<string, string>();
  const tried = new Map<string, string>();
  return async () => {
    for (const name of filesIn(folder)) {
      const path = join(folder, name);
      if (!isForecastName(name, runs.product) || !isFile(path)) continue;
      const stamp = stampOf(path);
      const isWhole = seen.get(path) === stamp;
      seen.set(path, stamp);
      if (!isWhole || tried.get(path) === stamp) continue;
      const etag = await runs.etagOf(path);
      if (!done.has(etag)) await endOf(runs, path, { isResumed: true, progress }, onEnd);
      tried.set(path, stamp);
    }
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The etags of the forecasts that have a complete run. */
async function completeForecasts(out: string, { name }: Product): Promise<ReadonlySet<string>> {
  const known = await findRuns(out).catch((error: unknown) => {
    if (isInputError(error, "FileNotFound")) return [];
    throw error;
  });
  const complete = known.filter(({ claim, manifest }) => claim.product === name && manifest?.status === "complete");
  return new Set(complete.map(({ claim }) => claim.forecast.etag));
}
