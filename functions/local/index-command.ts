import { isInputError } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { entryOf } from "../../lib/report/index/entry.ts";
import { leaveEntry, listedRuns, renewIndex } from "../../lib/report/index/renew.ts";
import { toldStations } from "../../lib/report/write.ts";
import { issueOf } from "../../lib/run/forecast-name.ts";
import type { Claim, Manifest, StationsRecord } from "../../lib/run/records.ts";
import { within } from "../../lib/store/place.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { counted } from "../../lib/warning.ts";
import { openStore } from "./places.ts";
import { findRuns, isThere } from "./runs.ts";

/**
 * Makes the index of all runs anew, with those that have no entry, as versions before it left none.
 *
 * @returns what was done, a line
 * @throws InputError `FileNotFound` where there are no runs; `CannotWrite`, `NoAccess`
 */
export async function remakeIndex(out: string): Promise<string> {
  const store = await openStore(out);
  const listed = new Map((await listedRuns(store)).map((run) => [run.runId, run.finishedAt]));
  let added = 0;
  for (const { claim, manifest } of await findRuns(out)) {
    if (manifest === undefined || (listed.get(manifest.runId) ?? "") >= manifest.finishedAt) continue;
    const hasPage = await isThere(store, keys.page(manifest.runId));
    const about = hasPage ? await stationsIfTold(store, claim, manifest) : undefined;
    await leaveEntry(store, entryOf(manifest, { issue: issueOf(claim), about, hasPage }));
    added += 1;
  }
  await renewIndex(store);
  const found = added === 0 ? "" : `, ${counted(added, "run")} added to it`;
  return `${within(out, keys.index)} lists ${counted((await listedRuns(store)).length, "run")}${found}\n`;
}

/** The stations of a run; undefined where what they are told by is gone, or of an older version. */
async function stationsIfTold(
  store: ObjectStore,
  claim: Claim,
  manifest: Manifest,
): Promise<StationsRecord | undefined> {
  try {
    return await toldStations({ store, claim }, manifest);
  } catch (error) {
    if (isInputError(error, "FileNotFound", "BrokenFile", "Superseded")) return undefined;
    throw error;
  }
}
