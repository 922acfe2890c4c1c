import { resolve } from "node:path";
import { InputError } from "../../lib/errors.ts";
import { keys, runOfClaim } from "../../lib/keys.ts";
import { issueOf } from "../../lib/run/forecast-name.ts";
import type { Claim, Manifest } from "../../lib/run/records.ts";
import { folderPlace, within } from "../../lib/store/place.ts";
import { getJsonIfWhole, type ObjectStore } from "../../lib/store/store.ts";
import { openStore } from "./places.ts";

/** A run in a folder or a bucket. */
export interface KnownRun {
  readonly claim: Claim;
  /** None where the run has not ended. */
  readonly manifest: Manifest | undefined;
}

/**
 * The runs in a folder or a bucket, the newest last.
 *
 * @param out - what a run is given as `out`
 *
 * @throws InputError `FileNotFound` where there are none
 */
export async function findRuns(out: string): Promise<KnownRun[]> {
  const store = await openStore(out);
  const runs: KnownRun[] = [];
  for await (const { key } of store.list(keys.runs)) {
    const runId = runOfClaim(key);
    if (runId === undefined) continue;
    const claim = await getJsonIfWhole<Claim>(store, key);
    if (claim !== undefined)
      runs.push({ claim, manifest: await getJsonIfWhole<Manifest>(store, keys.manifest(runId)) });
  }
  if (runs.length === 0) {
    throw new InputError("FileNotFound", "has no runs", {
      file: out,
      hint: "Name the folder or the bucket that a run was given as --out",
    });
  }
  const end = ({ claim, manifest }: KnownRun) => manifest?.finishedAt ?? claim.now;
  return runs.sort((a, b) => (end(a) < end(b) ? -1 : 1));
}

/** A run that has ended. */
export type EndedRun = KnownRun & { readonly manifest: Manifest };

/**
 * The runs that a user means, the newest last: those whose id, or forecast's label, begins with a text; all where none is named.
 *
 * @param out - where they are
 * @throws InputError `FileNotFound` with the ids that there are
 */
export function runsNamed(runs: readonly KnownRun[], name: string | undefined, out: string): readonly KnownRun[] {
  if (name === undefined) return runs;
  const exact = runs.filter(({ claim }) => claim.runId === name);
  if (exact.length > 0) return exact;
  const found = runs.filter((run) => [run.claim.runId, labelOf(run)].some((text) => text.startsWith(name)));
  if (found.length > 0) return found;
  throw new InputError("FileNotFound", `has no run whose id, or forecast, begins with "${name}"`, {
    file: out,
    choices: runs.map(({ claim }) => claim.runId),
  });
}

/** The newest of some runs that has ended. @throws InputError `FileNotFound` where none has */
export function newestEnded(runs: readonly KnownRun[], out: string): EndedRun {
  const ended = runs.findLast((run): run is EndedRun => run.manifest !== undefined);
  if (ended !== undefined) return ended;
  throw new InputError("FileNotFound", "has no such run that has ended", {
    file: out,
    hint: "Give the command of the run again with --resume to end it",
  });
}

/**
 * Where the page of the newest run that has ended is: a path, or a URL for a bucket.
 *
 * @param name - of runs, as {@link runsNamed} takes it
 * @throws InputError `FileNotFound` where no run has
 */
export async function newestPage(out: string, name?: string): Promise<string> {
  const runs = runsNamed(await findRuns(out), name, out);
  const store = await openStore(out);
  for (const { claim, manifest } of runs.toReversed()) {
    if (manifest !== undefined && (await isThere(store, keys.page(claim.runId)))) return pageOf(out, claim.runId);
  }
  throw new InputError("FileNotFound", "has no run that has ended with a page", {
    file: out,
    hint: "Run the same command with --resume to end one",
  });
}

/** Where the page of a run is: a path, or a URL for a bucket. */
export function pageOf(out: string, runId: string): string {
  const page = keys.page(runId);
  return folderPlace(out).kind === "path" ? resolve(out, page) : within(out, page);
}

/** Whether there is an object of that very key. */
export async function isThere(store: ObjectStore, wanted: string): Promise<boolean> {
  for await (const { key } of store.list(wanted)) if (key === wanted) return true;
  return false;
}

/** How the forecast of a run is called. */
export function labelOf({ claim, manifest }: KnownRun): string {
  return manifest?.forecast?.label ?? issueOf(claim).label;
}
