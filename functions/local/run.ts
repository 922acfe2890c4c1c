import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, isInputError, messageOf } from "../../lib/errors.ts";
import type { MakeLanes } from "../../lib/grid/compute.ts";
import { keys } from "../../lib/keys.ts";
import { withDataset } from "../../lib/netcdf/open.ts";
import { type Claim, claimRun, type RunMode } from "../../lib/run/claim.ts";
import { makeGrid } from "../../lib/run/grid-step.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { closeRun, failRun, findManifest, type Manifest, pendingChunks } from "../../lib/run/manifest.ts";
import { planRun, type RunPlan } from "../../lib/run/plan.ts";
import { findProduct, type Product } from "../../lib/run/product.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { isRunning, sweepFolder } from "../../lib/store/growing.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { secondsSince, timeText } from "../../lib/time.ts";
import { localFile } from "./files.ts";
import { loadProducts } from "./products.ts";
import type { Progress } from "./progress.ts";
import type { ThreadPool } from "./thread-pool.ts";

export interface LocalRun {
  readonly observations: string;
  readonly forecast: string;
  readonly stations: string;
  /** Folder with the layout of the output bucket. */
  readonly out: string;
  readonly product: string;
  /** A `products.json`. */
  readonly products?: string;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly now?: string;
  /** Worker threads. */
  readonly jobs: number;
  readonly mode: RunMode;
  /** MiB of the grid that is held at once. */
  readonly gridMemory: number;
}

export interface LocalResult {
  readonly manifest: Manifest;
  /** Chunks that had a receipt already. */
  readonly chunksKept: number;
}

/**
 * Does one run on this machine, over a folder: the same steps as the coordinator's, with threads for invocations.
 *
 * @throws InputError for wrong inputs, and then a run that was claimed has a manifest with status `failed`; `RunClaimed`,
 *   `Superseded`, `CannotWrite`
 */
export async function runLocally(request: LocalRun, threads: ThreadPool, progress: Progress): Promise<LocalResult> {
  const product = findProduct(await loadProducts(request.products), request.product);
  const store = folderStore(request.out);
  sweepFolder(request.out);
  const fileOf = (path: string) => localFile(path, (large) => threads.hash(large));
  const inputs: RunInputs = {
    observations: fileOf(request.observations),
    forecast: fileOf(request.forecast),
    stations: fileOf(request.stations),
  };
  const memoryBytes = request.gridMemory * 2 ** 20;
  const seconds: Record<string, number> = {};
  const started = performance.now();
  async function stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    progress.stage(name);
    try {
      return await work();
    } finally {
      seconds[name] = secondsSince(begun);
    }
  }
  const end = () => ({ seconds: { ...seconds, total: secondsSince(started) }, finishedAt: clock() });

  const makeLanes: MakeLanes = (task) => threads.gridLanes(task);

  loadEarly(request);
  try {
    const claim = await stage("claim", () => claimLocally(store, inputs, product, request, progress));
    let plan: RunPlan;
    try {
      plan = await stage("plan", () => planRun(store, inputs, product, claim, { memoryBytes }));
      const options = { memoryBytes, makeLanes, onProgress: (part: number) => progress.part(part) };
      await stage("grid", () => makeGrid(store, inputs, product, claim, plan, options));
    } catch (error) {
      // Where even that fails, as on a full disk, the first error tells more.
      await failRun(store, product, claim, messageOf(error), end()).catch(() => undefined);
      throw error;
    }
    const pending = await pendingChunks(store, plan);
    let written = plan.stations.planned - pending.reduce((sum, chunk) => sum + chunk.stations, 0);
    const errors = await stage("series", () =>
      threads.runChunks(
        plan.runId,
        pending.map((chunk) => chunk.id),
        (stations) => progress.part((written += stations) / plan.stations.planned),
      ),
    );
    progress.stage("page");
    const manifest = await closeRun(store, product, claim, plan, { errors, ...end() });
    return { manifest, chunksKept: plan.chunks.length - pending.length };
  } finally {
    progress.stop();
    sweepFolder(request.out);
  }
}

/**
 * Opens the archive while it is hashed, if there is no grid yet: what reads HDF5 takes a while to load. What is wrong with
 * the archive is told when it is used.
 */
function loadEarly({ out, observations }: LocalRun): void {
  if (existsSync(join(out, keys.grids))) return;
  withDataset(observations, observations, () => undefined).catch(() => undefined);
}

/**
 * Claims the run. An event may be delivered twice and must then do nothing, but a command is given on purpose: a run
 * that has ended is done again. One that has begun and not ended may still be at work, so it needs a word.
 */
async function claimLocally(
  store: ObjectStore,
  inputs: RunInputs,
  product: Product,
  request: LocalRun,
  progress: Progress,
): Promise<Claim> {
  const owner = `${hostname()}:${process.pid}:${randomUUID()}`;
  const { mode, now } = request;
  const ask = (as: RunMode) =>
    claimRun(store, inputs, { product, mode: as, ...(now === undefined ? {} : { now }) }, owner, clock());
  const first = await ask("new").catch((error: unknown) => {
    // A claim that cannot be read is no reason not to do all again.
    if (mode === "force" && isInputError(error, "BrokenFile")) return undefined;
    throw error;
  });
  if (first === undefined) return (await ask("force")).claim;
  if (first.status === "claimed") return first.claim;

  const { runId, owner: other, now: begun } = first.claim;
  const refuse = (problem: string, hint: string) =>
    new InputError("RunClaimed", problem, { file: join(request.out, keys.run(runId)), hint });
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
    "Add --resume to do what is left of it, or --force to do all of it again",
  );
}

const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

/** Waits for another process of this machine to end its run: what was killed may have left a child that is not. */
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

function clock(): string {
  return timeText(Math.floor(Date.now() / 1000));
}
