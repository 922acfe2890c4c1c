import type { RunEntry } from "../../run/records.ts";

/** Sorts runs, the newest forecast first, and of one forecast the run that ended last; it needs nothing of Node. */
export function newestFirst(a: RunEntry, b: RunEntry): number {
  const [ours, theirs] = [sortKey(a), sortKey(b)];
  for (const [i, own] of ours.entries()) if (own !== theirs[i]) return own > theirs[i]! ? -1 : 1;
  return 0;
}

/** As forecasts age: by the day of issue where it is known, then by the first target. */
function sortKey({
  forecast: { issued, label },
  targets: [target = ""],
  product,
  finishedAt,
  runId,
}: RunEntry): string[] {
  const day = issued ?? (target === "" ? finishedAt : target).slice(0, "YYYY-MM-DD".length).replaceAll("-", "");
  return [day, target, product, label, finishedAt, runId];
}

/**
 * The forecast of the product before or after that of a run; of several runs of it the one that is shown. Undefined where there is
 * none, or no such run.
 *
 * @param runs - sorted by {@link newestFirst}
 */
export function neighbourOf(
  runs: readonly RunEntry[],
  runId: string,
  which: "next" | "previous",
): RunEntry | undefined {
  const run = runs.find((one) => one.runId === runId);
  if (run === undefined) return undefined;
  const forecasts = forecastsOf(runs.filter(({ product }) => product === run.product));
  const at = forecasts.findIndex(([one]) => isSameForecast(one!, run));
  const other = forecasts[which === "next" ? at - 1 : at + 1];
  return other && shownOf(other);
}

/** How the mean anomaly of a target compares with that of the forecast before. */
export interface Change {
  readonly difference: number;
  readonly since: RunEntry;
}

/**
 * For each lead of each run the change of the mean since the forecast before that has the same target, in the same units; undefined
 * where there is none.
 *
 * @param runs - sorted by {@link newestFirst}
 */
export function changesOf(runs: readonly RunEntry[]): ReadonlyMap<RunEntry, readonly (Change | undefined)[]> {
  const changes = new Map<RunEntry, (Change | undefined)[]>();
  const latest = new Map<string, readonly RunEntry[]>();
  // From the oldest on, forecast by forecast: runs of one forecast are compared with the one before, not with each other.
  for (const forecast of forecastsOf(runs).reverse()) {
    for (const run of forecast) {
      changes.set(
        run,
        run.targets.map((target, lead) => {
          const since = shownOf(
            (latest.get(keyOf(run, target)) ?? []).filter((one) => meanOf(one, target) !== undefined),
          );
          const [own, before] = [run.means?.[lead], since && meanOf(since, target)];
          if (own == null || since === undefined || before === undefined) return undefined;
          return { difference: own - before, since };
        }),
      );
    }
    for (const target of new Set(forecast.flatMap(({ targets }) => targets))) {
      const having = forecast.filter((one) => meanOf(one, target) !== undefined);
      if (having.length > 0) latest.set(keyOf(having[0]!, target), having);
    }
  }
  return changes;
}

function keyOf({ product, units = "" }: RunEntry, target: string): string {
  return JSON.stringify([product, units, target]);
}

function meanOf({ targets, means }: RunEntry, target: string): number | undefined {
  return means?.[targets.indexOf(target)] ?? undefined;
}

/** The runs of each forecast, in the order of the runs. */
function forecastsOf(runs: readonly RunEntry[]): (readonly RunEntry[])[] {
  return [...Map.groupBy(runs, ({ product, forecast }) => JSON.stringify([product, forecast.label])).values()];
}

function isSameForecast(a: RunEntry, b: RunEntry): boolean {
  return a.product === b.product && a.forecast.label === b.forecast.label;
}

/** Of the runs of a forecast, the last that is complete, or else the last with a page, or else the last. */
function shownOf(runs: readonly RunEntry[]): RunEntry | undefined {
  const withPage = runs.filter(({ hasPage }) => hasPage);
  return withPage.find(({ status }) => status === "complete") ?? withPage[0] ?? runs[0];
}
