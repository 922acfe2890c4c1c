import { type InputError, isInputError, messageOf } from "../../lib/errors.ts";
import type { Manifest, RunStatus } from "../../lib/run/records.ts";
import { forecastsOf } from "./forecasts.ts";
import { type Progress, silent } from "./progress.ts";
import { type LocalRuns, type OpenRuns, withRuns } from "./run.ts";

/** How the run of one forecast of several ended: less than its manifest, so that many of them take little memory. */
export interface BatchEnd {
  readonly forecast: string;
  readonly status: RunStatus;
  /** It was complete before, and was left. */
  readonly before: boolean;
  /** Absent where it was not begun. */
  readonly runId?: string;
  /** What it is to be known for, where it is not complete. */
  readonly why?: string;
  /** Of a run that was done. */
  readonly counts?: Manifest["counts"];
  readonly seconds?: number;
  /** Of each kind of warning. */
  readonly warnings: readonly WarningCount[];
}

export interface WarningCount {
  readonly kind: string;
  readonly count: number;
  /** The first one's message. */
  readonly example: string;
}

export interface Batch {
  readonly ends: readonly BatchEnd[];
  readonly seconds: number;
}

/** Told of each run that has ended, and its manifest, unless it was not begun. */
export type OnEnd = (end: BatchEnd, manifest?: Manifest) => void;

/**
 * Does the runs of several forecasts, one after another. What they share is read once: the archive, whose grid the first run
 * makes, and the station table. One that fails is told, and the others are done.
 *
 * @param named - files, folders and patterns, as `forecastsOf` takes them
 * @throws InputError where an input that all share cannot be used, as then all would fail; and as `forecastsOf`
 */
export async function runBatch(
  request: LocalRuns,
  named: readonly string[],
  progress: Progress,
  onEnd: OnEnd = () => {},
): Promise<Batch> {
  const startedAt = performance.now();
  const ends: BatchEnd[] = [];
  await withRuns(request, async (runs) => {
    const forecasts = await forecastsOf(named, runs.product);
    for (const forecast of forecasts) {
      // The stages of the first run, which makes the grid; then how many are done.
      const isFirst = ends.length === 0;
      const isResumed = request.mode === "resume";
      ends.push(await endOf(runs, forecast, { isResumed, progress: isFirst ? progress : silent }, onEnd));
      if (isFirst) progress.stage("runs");
      progress.part(ends.length / forecasts.length);
    }
  });
  progress.stop();
  return { ends, seconds: (performance.now() - startedAt) / 1000 };
}

/**
 * Does the run of one forecast, unless it is complete and only to be resumed.
 *
 * @throws InputError about an input that other runs have, too
 */
export async function endOf(
  runs: OpenRuns,
  forecast: string,
  { isResumed, progress }: { readonly isResumed: boolean; readonly progress: Progress },
  onEnd: OnEnd,
): Promise<BatchEnd> {
  try {
    const before = isResumed ? await runs.complete(forecast) : undefined;
    const manifest = before ?? (await runs.run(forecast, progress)).manifest;
    const end = briefly(forecast, manifest, before !== undefined);
    onEnd(end, manifest);
    return end;
  } catch (error) {
    if (!isInputError(error) || isShared(error, runs)) throw error;
    const end = { forecast, status: "failed", before: false, why: messageOf(error), warnings: [] } as const;
    onEnd(end);
    return end;
  }
}

function isShared({ details: { file } }: InputError, { shared }: OpenRuns): boolean {
  return file !== undefined && shared.has(file);
}

function briefly(forecast: string, manifest: Manifest, before: boolean): BatchEnd {
  const { runId, status, error, missing, counts, seconds, warnings } = manifest;
  const why = error ?? missing[0]?.error;
  const kinds = Map.groupBy(warnings, ({ kind }) => kind);
  return {
    forecast,
    status,
    before,
    runId,
    ...(why === undefined ? {} : { why }),
    ...(before ? {} : { counts, seconds: seconds["total"] ?? 0 }),
    warnings: before
      ? []
      : Array.from(kinds, ([kind, list]) => ({ kind, count: list.length, example: list[0]!.message })),
  };
}

/** The worst of all. */
export function statusOf(ends: readonly BatchEnd[]): RunStatus {
  const has = (status: RunStatus) => ends.some((end) => end.status === status);
  return has("failed") ? "failed" : has("partial") ? "partial" : "complete";
}
