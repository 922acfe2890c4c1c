import { setTimeout as sleep } from "node:timers/promises";
import { InputError, isInputError } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { type ClaimResult, claimRun, type RunMode, type RunRequest } from "../../lib/run/claim.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import type { Claim } from "../../lib/run/records.ts";
import { LEFT_MS } from "../../lib/store/growing.ts";
import { within } from "../../lib/store/place.ts";
import type { Presence } from "../../lib/store/presence.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { clockText } from "../../lib/time.ts";
import type { Progress } from "./progress.ts";

/** A run to be claimed, by whom. */
export interface LocalClaim extends RunRequest {
  readonly presence: Presence;
  readonly progress: Progress;
}

type Duplicate = Extract<ClaimResult, { readonly status: "duplicate" }>;

/**
 * Claims the run. An event may be delivered twice and must then do nothing, but a command is given on purpose: a run
 * that has ended is done again. One that has begun and not ended needs a word, and is nobody's but its owner's while that
 * is at work.
 *
 * @throws InputError `RunClaimed`, and those of `claimRun`
 */
export async function claimLocally(store: ObjectStore, inputs: RunInputs, asked: LocalClaim): Promise<Claim> {
  const { presence, progress, ...request } = asked;
  const ask = (as: Pick<RunRequest, "mode" | "now">, from?: string) =>
    claimRun(
      store,
      inputs,
      { ...request, ...as },
      { owner: presence.owner, clock: clockText(Date.now()), ...(from === undefined ? {} : { from }) },
    );
  let result: ClaimResult = await ask({ mode: "new" }).catch((error: unknown) => {
    // A claim that cannot be read is no reason not to do all again.
    if (request.mode === "force" && isInputError(error, "BrokenFile")) return ask({ mode: "force" });
    throw error;
  });
  while (result.status !== "claimed") {
    const { owner } = result.claim;
    if (request.mode !== "new") await untilItEnds(owner, presence, progress);
    const as = isLost(result, asked) ? anew(result.claim) : { mode: await modeFor(store, result.claim, asked) };
    // Of several commands that find it left, one takes it over; the others find that one.
    result = await ask(as, owner);
  }
  return result.claim;
}

/**
 * Whether of a run that is to be resumed some may be gone that has a receipt: it was not flushed by whoever began it, and the
 * machine has been started since, or is another one.
 */
function isLost({ claim, of }: Duplicate, { mode, now, presence }: LocalClaim): boolean {
  const isAsked = mode === "resume" && (now === undefined || now === claim.now);
  return isAsked && of === "unfinished" && !presence.isAtWork(claim.owner) && !presence.keeps(claim.owner);
}

/** As what such a run is claimed: all of it is done again, for the same time for now. */
function anew({ now, nowFrom }: Claim): Pick<RunRequest, "mode" | "now"> {
  return { mode: "force", ...(nowFrom === "request" || nowFrom === "clock" ? { now } : {}) };
}

/** As what any other run that was begun is claimed. @throws InputError `RunClaimed` where it is another's, or needs a word */
async function modeFor(store: ObjectStore, { runId, owner, now }: Claim, asked: LocalClaim): Promise<RunMode> {
  const { mode, presence } = asked;
  const refuse = (problem: string, hint: string) =>
    new InputError("RunClaimed", problem, { file: within(store.name, keys.run(runId)), hint });
  if (presence.isAtWork(owner)) {
    const hint = `Wait until it ends, or stop it; at most ${LEFT_MS / 1000} s later --resume does what is left of the run`;
    throw refuse(`this run is being done by ${owner}`, hint);
  }
  if (mode !== "new") return mode;
  const status = (await findManifest(store, runId))?.status;
  if (status === "complete" || status === "failed") return "force";
  const unseen = presence.sees(owner) ? "" : "From here it cannot be seen whether that still works; when it does not: ";
  throw refuse(`this run was begun by ${owner} for now ${now}, and is ${status ?? "unfinished"}`, `${unseen}${NEXT}`);
}

const NEXT = "Add --resume to do what is left of it, or --force to do all of it again";
/** Longer than a process is waited for that has died on another machine. */
const PATIENCE_MS = LEFT_MS + 15_000;
const LOOK_MS = 500;

/** Waits for another process to end its run, or to be taken for dead. */
async function untilItEnds(owner: string, presence: Presence, progress: Progress): Promise<void> {
  const started = performance.now();
  for (let isFirst = true; presence.isAtWork(owner); isFirst = false) {
    if (isFirst) progress.stage(`waiting for ${owner}`);
    if (performance.now() - started > PATIENCE_MS) return;
    await sleep(LOOK_MS);
  }
}
