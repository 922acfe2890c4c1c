import { InputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, type ObjectStore, requireJson } from "../store/store.ts";
import type { Claim, RunPlan } from "./records.ts";

/**
 * Whether a run is still that of its claimant: a resumed or forced one was taken over by another execution or process, and
 * the first may be at work all the same. Its workers do no harm, as what they write is in keys of its own or equal; but the
 * documents of the run are for the one who has it.
 *
 * @throws InputError `Superseded` where another has taken the run over
 */
export async function requireClaim(store: ObjectStore, { runId, owner }: Claim): Promise<void> {
  const found = await getJsonIfWhole<Claim>(store, keys.claim(runId));
  if (found?.owner === owner) return;
  throw takenOver(runId, found?.owner ?? "nobody who can be read");
}

/** The error of who has lost a run. @param by - to whom */
export function takenOver(runId: string, by: string): InputError {
  return new InputError("Superseded", `run ${runId} was taken over by ${by}`, {
    file: keys.claim(runId),
    hint: "Nothing is to be done, if that one is at work or has ended; otherwise resume the run",
  });
}

/**
 * The plan of a claimed run.
 *
 * @throws InputError `FileNotFound` where it was not planned; `Superseded` where the plan is of another claim, which a late
 *   step has written over it
 */
export async function requirePlan(store: ObjectStore, { runId, begunBy }: Claim): Promise<RunPlan> {
  const key = keys.plan(runId);
  const plan = await requireJson<RunPlan>(store, key);
  if (plan.begunBy === begunBy) return plan;
  throw new InputError("Superseded", `the plan of run ${runId} is not that of its claim, but of ${plan.begunBy}`, {
    file: key,
    hint: "Resume the run: it is then planned again",
  });
}
