import { eachLimited } from "../each-limited.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, type ObjectStore } from "../store/store.ts";
import type { Receipt } from "./chunk-records.ts";
import type { ChunkRecord, RunPlan } from "./records.ts";

const READS_AT_ONCE = 16;

/** The receipts that count, by chunk: those whose digest is that of the plan's chunk. */
export async function readReceipts(store: ObjectStore, { runId, chunks }: RunPlan): Promise<Map<string, Receipt>> {
  const receipts = new Map<string, Receipt>();
  await eachLimited(chunks, READS_AT_ONCE, async ({ id, digest }) => {
    const receipt = await getJsonIfWhole<Receipt>(store, keys.receipt(runId, id));
    if (receipt?.digest === digest) receipts.set(id, receipt);
  });
  return receipts;
}

/** The chunks of a plan that have no receipt for their very content. */
export async function pendingChunks(store: ObjectStore, plan: RunPlan): Promise<ChunkRecord[]> {
  if (!(await hasAny(store, keys.receipts(plan.runId)))) return [...plan.chunks];
  const receipts = await readReceipts(store, plan);
  return plan.chunks.filter(({ id }) => !receipts.has(id));
}

/** Of a new run there is none: one request says so for all chunks. */
async function hasAny(store: ObjectStore, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true;
  return false;
}
