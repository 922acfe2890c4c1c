import type { Progress } from "../../functions/local/progress.ts";
import { InputError } from "../../lib/errors.ts";
import { keys, runOfClaim } from "../../lib/keys.ts";
import { readForecastName } from "../../lib/run/forecast-name.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import type { Claim, Manifest, RunPlan } from "../../lib/run/records.ts";
import { getJson, type ObjectStore } from "../../lib/store/store.ts";
import { counted } from "../../lib/warning.ts";

/** The time of whoever waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** A run that an upload is to start. */
export interface AwaitedRun {
  readonly output: ObjectStore;
  readonly product: string;
  readonly forecastKey: string;
  readonly minutes: number;
}

const POLL_MS = 2000;
const STAGES = { nothing: "claim", claimed: "plan", planned: "series" } as const;

type Seen =
  | { readonly what: "nothing" }
  | { readonly what: "claimed"; readonly runId: string }
  | { readonly what: "planned"; readonly runId: string; readonly done: number; readonly of: number }
  | { readonly what: "ended"; readonly manifest: Manifest };

/** The manifest of the run when it has ended. @throws InputError `OutOfTime`, with how far it came and where to look */
export async function waitForRun(run: AwaitedRun, progress: Progress, clock: Clock): Promise<Manifest> {
  const end = clock.now() + run.minutes * 60_000;
  let stage = "";
  for (;;) {
    const seen = await look(run);
    if (seen.what === "ended") return seen.manifest;
    if (clock.now() >= end) throw outOfTime(run, seen);
    if (STAGES[seen.what] !== stage) progress.stage((stage = STAGES[seen.what]));
    if (seen.what === "planned") progress.part(seen.done / seen.of);
    await clock.wait(POLL_MS);
  }
}

async function look({ output, product, forecastKey }: AwaitedRun): Promise<Seen> {
  const runId = await findRun(output, `${keys.runs}${product}-${readForecastName(forecastKey).label}-`, forecastKey);
  if (runId === undefined) return { what: "nothing" };
  const manifest = await findManifest(output, runId);
  if (manifest !== undefined) return { what: "ended", manifest };
  const plan = await getJson<RunPlan>(output, keys.plan(runId));
  if (plan === undefined) return { what: "claimed", runId };
  const receipts = await Array.fromAsync(output.list(keys.receipts(runId)));
  return { what: "planned", runId, done: receipts.length, of: plan.chunks.length };
}

/** The run of this forecast among all that have its name. */
async function findRun(store: ObjectStore, prefix: string, forecastKey: string): Promise<string | undefined> {
  for await (const { key } of store.list(prefix)) {
    const runId = runOfClaim(key);
    if (runId !== undefined && (await getJson<Claim>(store, key))?.forecast.key === forecastKey) return runId;
  }
}

function outOfTime({ output, forecastKey, minutes }: AwaitedRun, seen: Exclude<Seen, { what: "ended" }>): InputError {
  const within = `within ${counted(minutes, "minute")} of the upload of ${forecastKey}`;
  const steps = "the page of the output TestInConsole shows its steps, and its errors, in the tab Durable executions";
  switch (seen.what) {
    case "nothing":
      return new InputError("OutOfTime", `no run was claimed ${within}`, {
        file: `${output.name}/${keys.runs}`,
        hint: "Either S3 told nobody: see the trigger of the coordinator, and the queue of the output DeadLetters. Or the execution fails: follow the output TestInConsole to the tab Durable executions",
      });
    case "claimed":
      return new InputError("OutOfTime", `is claimed, but was not planned ${within}`, {
        file: `${output.name}/${keys.run(seen.runId)}`,
        hint: `Follow the coordinator: ${steps}`,
      });
    case "planned":
      return new InputError("OutOfTime", `has ${seen.done} of ${seen.of} chunks, and has not ended ${within}`, {
        file: `${output.name}/${keys.run(seen.runId)}`,
        hint: `Follow the coordinator: ${steps}. With more --minutes this test waits longer`,
      });
  }
}
