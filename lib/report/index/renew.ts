import { eachLimited } from "../../each-limited.ts";
import { InputError } from "../../errors.ts";
import { keys, runOfEntry } from "../../keys.ts";
import type { RunEntry } from "../../run/records.ts";
import { getJsonIfWhole, jsonText, type ObjectStore, type StoredObject } from "../../store/store.ts";
import { swap } from "../../store/swap.ts";
import { indexPage, isIndexPage, runsIn } from "./index-page.ts";

/** Entries that are read at once where an index lacks many. */
const READS = 32;

/**
 * Renews the index of all runs: it then has every entry that there was when this began, and none that is gone.
 *
 * Of any number of runs that end at once none is lost: each leaves its entry first, and then lists the entries after it has read
 * the index that it is to replace. So whoever writes last has seen those of all that wrote before, and who is overtaken looks
 * again. What of an index is damaged, or was never written, is made anew of the entries.
 *
 * @param entry - of a run that has ended, if there is one
 * @throws InputError `CannotWrite` where another page has the index's place
 */
export async function renewIndex(store: ObjectStore, entry?: RunEntry): Promise<void> {
  if (entry !== undefined) await leaveEntry(store, entry);
  await swap(store, keys.index, async (found) => {
    requireOurs(store, found);
    const held = found === undefined ? [] : runsIn(found.body);
    const runs = await listedRuns(store, entry === undefined ? held : [entry, ...held.filter(isNot(entry))]);
    const page = await indexPage(runs);
    return found !== undefined && Buffer.from(page).equals(found.body) ? undefined : page;
  });
}

/** Leaves what the index says of a run, so that the next one that is renewed has it. */
export async function leaveEntry(store: ObjectStore, entry: RunEntry): Promise<void> {
  const key = entryKey(entry);
  await store.put(key, jsonText(entry));
  await store.flush?.([key]);
}

/**
 * Every run that has an entry, as that one says which was left last.
 *
 * @param known - runs whose entries need not be read
 */
export async function listedRuns(store: ObjectStore, known: readonly RunEntry[] = []): Promise<RunEntry[]> {
  const inHand = new Map(known.map((run) => [entryKey(run), run]));
  const runs: RunEntry[] = [];
  const missing: string[] = [];
  for (const key of await newestEntries(store)) {
    const run = inHand.get(key);
    if (run === undefined) missing.push(key);
    else runs.push(run);
  }
  await eachLimited(missing, READS, async (key) => {
    const run = await getJsonIfWhole<RunEntry>(store, key);
    // One that is gone since, or damaged, is no entry.
    if (run !== undefined && isEntry(run) && entryKey(run) === key) runs.push(run);
  });
  return runs;
}

/** Keys of the entries, of each run the one that was left last. */
async function newestEntries(store: ObjectStore): Promise<string[]> {
  const newest = new Map<string, { readonly key: string; readonly ended: string }>();
  for await (const { key } of store.list(keys.indexEntries)) {
    const of = runOfEntry(key);
    if (of !== undefined && (newest.get(of.runId)?.ended ?? "") < of.ended)
      newest.set(of.runId, { key, ended: of.ended });
  }
  return Array.from(newest.values(), ({ key }) => key);
}

function entryKey({ runId, finishedAt }: RunEntry): string {
  return keys.indexEntry(runId, finishedAt.replace(" ", "T").replaceAll(/[-:]/g, ""));
}

/** A run of the same second, too, is older than the one in hand. */
function isNot(entry: RunEntry): (run: RunEntry) => boolean {
  return (run) => entryKey(run) !== entryKey(entry);
}

/** Whether it has what the page cannot be drawn without. */
function isEntry({ runId, product, finishedAt, forecast, targets, counts }: Partial<RunEntry>): boolean {
  const texts = [runId, product, finishedAt, forecast?.label].every((text) => typeof text === "string");
  return texts && Array.isArray(targets) && typeof counts === "object" && counts !== null;
}

/** A page that somebody else put in the index's place is theirs. @throws InputError `CannotWrite` */
function requireOurs({ name }: ObjectStore, found: StoredObject | undefined): void {
  if (found === undefined || found.body.length === 0 || isIndexPage(found.body)) return;
  throw new InputError("CannotWrite", "is not an index of runs, and was left as it is", {
    file: `${name}/${keys.index}`,
    hint: "Move it away: the next run writes the index",
  });
}
