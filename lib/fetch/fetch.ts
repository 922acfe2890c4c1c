import { setTimeout } from "node:timers/promises";
import type { Fetching, SourceOutcome } from "./fetching.ts";
import { fetchForecasts } from "./forecasts.ts";
import type { Patience } from "./http.ts";
import { fetchObservations } from "./observations.ts";
import type { Source } from "./source.ts";

/** How publishers are asked, where nothing else is said. */
export const PATIENCE: Patience = {
  silenceMs: 30_000,
  totalMs: 240_000,
  attempts: 4,
  longestWaitMs: 60_000,
  wait: (milliseconds) => setTimeout(milliseconds),
};

/**
 * Fetches what the sources have and the bucket has not, one file after another. Whatever comes of a file, the others are
 * fetched; whatever stops it, the next call does what is left.
 *
 * @throws InputError where the bucket or folder cannot be read or written
 */
export async function fetchSources(
  sources: readonly Source[],
  fetching: Fetching,
  onSource?: (outcome: SourceOutcome) => void,
): Promise<SourceOutcome[]> {
  const outcomes: SourceOutcome[] = [];
  // Observations first: a forecast that lands starts a run, which would fail of observations that are replaced meanwhile, or
  // that are not there. So forecasts wait for those that have never come.
  const order = sources.toSorted((a, b) => Number(a.kind === "forecast") - Number(b.kind === "forecast"));
  const withoutTime = { ...fetching, hasTime: () => false };
  for (const source of order) {
    fetching.onSource?.(source);
    const outcome =
      source.kind === "forecast"
        ? await fetchForecasts(source, outcomes.some(({ absent }) => absent === true) ? withoutTime : fetching)
        : await fetchObservations(source, fetching);
    outcomes.push(outcome);
    onSource?.(outcome);
  }
  return outcomes;
}
