import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, isInputError } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { claimRun, type RunMode, type RunRequest } from "../../lib/run/claim.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import type { Claim } from "../../lib/run/records.ts";
import { isRunning } from "../../lib/store/growing.ts";
import { within } from "../../lib/store/place.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { clockText } from "../../lib/time.ts";
import type { Progress } from "./progress.ts";

/**
 * Claims the run. An event may be delivered twice and must then do nothing, but a command is given on purpose: a run
 * that has ended is done again. One that has begun and not ended may still be at work, so it needs a word.
 */
export async function claimLocally(
  store: ObjectStore,
  inputs: RunInputs,
  request: RunRequest,
  progress: Progress,
): Promise<Claim> {
  const owner = `${hostname()}:${process.pid}:${randomUUID()}`;
  const { mode } = request;
  const ask = (as: RunMode) =>
    claimRun(store, inputs, { ...request, mode: as }, { owner, clock: clockText(Date.now()) });
  const first = await ask("new").catch((error: unknown) => {
    // A claim that cannot be read is no reason not to do all again.
    if (mode === "force" && isInputError(error, "BrokenFile")) return undefined;
    throw error;
  });
  if (first === undefined) return (await ask("force")).claim;
  if (first.status === "claimed") return first.claim;

  const { runId, owner: other, now: begun } = first.claim;
  const refuse = (problem: string, hint: string) =>
    new InputError("RunClaimed", problem, { file: within(store.name, keys.run(runId)), hint });
  const atWork = isAtWork(other);
  if (atWork && mode !== "new") await untilItEnds(other, progress);
  if (atWork && (mode === "new" || isAtWork(other))) {
    throw refuse(`this run is being done by ${other}`, "Wait until it ends, or stop that process first");
  }
  if (mode !== "new") return (await ask(mode)).claim;
  const status = (await findManifest(store, runId))?.status;
  if (status === "complete" || status === "failed") return (await ask("force")).claim;
  throw refuse(
    `this run was begun by ${other} for now ${begun}, and is ${status ?? "unfinished"}`,
    `${other.startsWith(`${hostname()}:`) ? "" : "From here it cannot be seen whether that still works; when it does not: "}${NEXT}`,
  );
}

const NEXT = "Add --resume to do what is left of it, or --force to do all of it again";
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

/** Waits for another process of this machine to end its run: one that was killed may have a child that lives on a while. */
async function untilItEnds(owner: string, progress: Progress): Promise<void> {
  progress.stage(`waiting for ${owner}`);
  const started = performance.now();
  while (isAtWork(owner) && performance.now() - started < PATIENCE_MS) await sleep(LOOK_MS);
}

/** Whether the owner of a claim is another process of this machine that still runs. */
function isAtWork(owner: string): boolean {
  const [host, pid] = owner.split(":");
  return host === hostname() && Number(pid) !== process.pid && isRunning(Number(pid));
}
