import { InputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, jsonText, type ObjectStore } from "../store/store.ts";
import type { Claim, SeriesHolder } from "./records.ts";

/** The key of the holder of a run's series. */
export function holderKey({ product, issue }: Pick<Claim, "product" | "issue">): string {
  return keys.holder(product, issue.label);
}

/**
 * Gives the series of a forecast to a run, away from the one that had them.
 *
 * Runs of other inputs for a forecast of the same name, and a forced run, write the same keys. So that no run is called
 * complete over files of another, every run takes the series when it is claimed, and looks whether it still has them
 * before it leaves a receipt or a manifest.
 *
 * @param key - {@link holderKey} of the run
 */
export async function takeSeries(store: ObjectStore, key: string, { runId, owner }: SeriesHolder): Promise<void> {
  await store.put(key, jsonText({ runId, owner } satisfies SeriesHolder));
}

/** Whether the series are those of this run. */
export async function hasSeries(store: ObjectStore, key: string, { runId, owner }: SeriesHolder): Promise<boolean> {
  const holder = await getJsonIfWhole<SeriesHolder>(store, key);
  return holder?.runId === runId && holder.owner === owner;
}

/** @throws InputError `Superseded` where another run has taken the series */
export async function requireSeries(store: ObjectStore, key: string, run: SeriesHolder): Promise<void> {
  if (await hasSeries(store, key, run)) return;
  throw new InputError("Superseded", `run ${run.runId} has lost these series to a later run, or to a forced one`, {
    file: key,
    hint: "Nothing is to be done, if that run is the right one; otherwise resume this one: it then takes them back",
  });
}
