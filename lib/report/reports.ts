import { findManifest } from "../run/manifest.ts";
import type { Reports } from "../run/pipeline.ts";
import type { RunEntry } from "../run/records.ts";
import type { Run } from "../run/run.ts";
import { entryOf } from "./index/entry.ts";
import { renewIndex } from "./index/renew.ts";
import { writeReport } from "./write.ts";

/** The page of each run, and the index of all. */
export const reports: Reports = {
  page: writeReport,
  index: async (run, entry) => renewIndex(run.store, entry ?? (await entryWithoutPage(run))),
};

async function entryWithoutPage({ store, claim }: Run): Promise<RunEntry | undefined> {
  const manifest = await findManifest(store, claim.runId);
  return manifest && entryOf(manifest, { issue: claim.issue, hasPage: false });
}
