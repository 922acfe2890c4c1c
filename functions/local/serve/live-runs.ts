import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../../lib/errors.ts";
import { keys, runOfClaim } from "../../../lib/keys.ts";
import { entryOf } from "../../../lib/report/index/entry.ts";
import type { UnfinishedRun } from "../../../lib/report/index/packed-runs.ts";
import { listedRuns } from "../../../lib/report/index/renew.ts";
import { issueOf } from "../../../lib/run/forecast-name.ts";
import type { Claim, Manifest, RunEntry, RunPlan } from "../../../lib/run/records.ts";
import { folderStore } from "../../../lib/store/folder.ts";
import { isPresent } from "../../../lib/store/presence.ts";
import { getJsonIfWhole } from "../../../lib/store/store.ts";

/** The runs of a folder at a moment. */
export interface LiveRuns {
  readonly ended: readonly RunEntry[];
  readonly unfinished: readonly UnfinishedRun[];
}

/** A run as it was found when its claim was last written. */
interface KnownRun {
  readonly claimedMs: number;
  readonly claim: Claim;
  /** Of one that has ended. */
  readonly manifest?: Manifest | undefined;
}

/**
 * Looks at the runs of a folder, at each call anew, and writes nothing: of those that have ended since the last look, or of which
 * anything is new, the documents are read; of all others a look costs a question for the age of the claim.
 */
export function liveRuns(root: string): () => Promise<LiveRuns> {
  const store = folderStore(root);
  const known = new Map<string, KnownRun>();
  let entries: readonly RunEntry[] = [];

  async function lookAt(runId: string): Promise<KnownRun | undefined> {
    const claimedMs = modifiedMs(join(root, keys.claim(runId)));
    if (claimedMs === undefined) return undefined;
    const before = known.get(runId);
    if (before?.manifest !== undefined && before.claimedMs === claimedMs) return before;
    const claim = await getJsonIfWhole<Claim>(store, keys.claim(runId));
    if (claim === undefined) return undefined;
    const manifest = await getJsonIfWhole<Manifest>(store, keys.manifest(runId));
    // A manifest of before the claim is that of an earlier attempt.
    const isOver = manifest !== undefined && manifest.finishedAt >= (claim.claimedAt ?? "");
    const found = { claimedMs, claim, manifest: isOver ? manifest : undefined };
    known.set(runId, found);
    return found;
  }

  async function chunksOf(runId: string): Promise<UnfinishedRun["chunks"]> {
    const plan = await getJsonIfWhole<RunPlan>(store, keys.plan(runId));
    if (plan === undefined) return undefined;
    return { done: namesIn(join(root, keys.receipts(runId))).length, all: plan.chunks.length };
  }

  return async () => {
    entries = await listedRuns(store, entries);
    const listed = new Set(entries.map(({ runId }) => runId));
    const ended = [...entries];
    const unfinished: UnfinishedRun[] = [];
    for (const name of namesIn(join(root, keys.runs))) {
      const found = runOfClaim(keys.claim(name)) === undefined ? undefined : await lookAt(name);
      if (found === undefined) continue;
      const { claim, manifest } = found;
      if (manifest === undefined) {
        const chunks = await chunksOf(name);
        unfinished.push({
          runId: name,
          product: claim.product,
          label: issueOf(claim).label,
          isAtWork: isPresent(root, claim.owner, Date.now),
          ...(chunks === undefined ? {} : { chunks }),
          claimedAt: claim.claimedAt ?? claim.now,
        });
      } else if (!listed.has(name)) {
        // Of an older version, or stopped before it was in the index.
        const hasPage = modifiedMs(join(root, keys.page(name))) !== undefined;
        ended.push(entryOf(manifest, { issue: issueOf(claim), hasPage }));
      }
    }
    return { ended, unfinished };
  };
}

/** None where there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return [];
    throw error;
  }
}

/** When a file was last written; undefined where there is none. */
function modifiedMs(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
