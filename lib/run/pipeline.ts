import { messageOf } from "../errors.ts";
import { keys } from "../keys.ts";
import { timeText } from "../time.ts";
import { type GridState, makeGrid } from "./grid-step.ts";
import { addWarning, closeRun, failRun } from "./manifest.ts";
import { planRun } from "./plan.ts";
import { pendingChunks } from "./receipts.ts";
import type { Claim, Manifest, RunStatus } from "./records.ts";
import type { Run } from "./run.ts";

/**
 * How the steps of a run are made to last: as steps of a durable execution, or as stages of one process. A step may be
 * done again, and what it returns is small: ids and counts, never stations.
 */
export interface Engine {
  /** @throws Error where the step failed for good */
  step<T>(name: StepName, work: (run: Run) => Promise<T>): Promise<T>;
  /** Has every chunk done that is left; one that fails is told, not thrown. */
  chunks(work: ChunkWork): Promise<ChunkEnd>;
  /** Told of the manifest in the step that wrote it. */
  ended(manifest: Manifest, course: RunCourse): void;
}

export type StepName = "plan" | "grid" | "fail" | "manifest" | "page" | "warn";

/** What a plan leaves to do. */
export interface ChunkWork {
  readonly runId: string;
  /** The chunks without a receipt, and all chunks. */
  readonly chunkIds: readonly string[];
  readonly chunks: number;
  /** Stations of all chunks, and of those that are left. */
  readonly stations: { readonly planned: number; readonly left: number };
}

/** How the chunks ended, as the engine saw it. */
export interface ChunkEnd {
  /** Errors of chunks by their id. */
  readonly errors: Readonly<Record<string, string>>;
  readonly retries: number;
}

/** What is known of a run beside its manifest. */
export interface RunCourse {
  readonly seconds: number;
  /** Of a run that got as far as its chunks. */
  readonly grid?: { readonly state: GridState; readonly seconds: number };
  readonly retries: number;
}

/** A run that was claimed, and when: milliseconds since 1970. */
export interface BegunRun {
  readonly claim: Claim;
  readonly startedAt: number;
  /** What claiming it took. */
  readonly seconds: number;
}

/** Writes the page of a run, and the table of its stations, from what the run left in its store. */
export type WritePage = (run: Run) => Promise<void>;

/** How a run ended. */
export interface RunOutcome {
  readonly runId: string;
  readonly status: RunStatus;
  /** Key of the manifest; none where the run could not be closed, and its series and receipts stand all the same. */
  readonly manifest?: string;
  /** Stations. */
  readonly written?: number;
  readonly missing?: number;
  readonly warnings?: number;
  /** Why it failed; of a complete run, why it has no page. */
  readonly error?: string;
  /** What was thrown: it made the run fail, or kept it from being closed. */
  readonly cause?: unknown;
}

/**
 * Sees a claimed run to its end: plan, grid, chunks, manifest, page. This is the one place that knows their order.
 *
 * Nothing is thrown: what fails before the chunks makes a failed run with a manifest that says why, what fails in a chunk
 * makes a partial one, and a page that fails is a warning.
 */
export async function carryOut(begun: BegunRun, engine: Engine, writePage: WritePage): Promise<RunOutcome> {
  const { runId } = begun.claim;
  let plan: Timed<ChunkWork>;
  let grid: Timed<{ readonly state: GridState }>;
  try {
    plan = await engine.step("plan", timed(planWork));
    grid = await engine.step("grid", timed(gridWork));
  } catch (cause) {
    const error = messageOf(cause);
    const failed = await close("fail", (run) => failRun(run, error, endNow({})), { retries: 0 });
    if (failed.manifest === undefined) return { ...failed, error: `${error}; and ${failed.error}`, cause };
    await engine.step("page", writePage).catch(() => {});
    return { ...failed, cause };
  }
  const { errors, retries } = await engine.chunks(plan);
  const course = { retries, grid: { state: grid.state, seconds: grid.seconds } };
  const outcome = await close(
    "manifest",
    (run) => {
      const series = (Date.now() - grid.endedAt) / 1000;
      return closeRun(run, {
        errors,
        ...endNow({ claim: begun.seconds, plan: plan.seconds, grid: grid.seconds, series }),
      });
    },
    course,
  );
  return outcome.manifest === undefined ? outcome : withPage(outcome);

  /** The step that writes the manifest. */
  async function close(
    name: "fail" | "manifest",
    write: (run: Run) => Promise<Manifest>,
    course: Omit<RunCourse, "seconds">,
  ): Promise<RunOutcome> {
    try {
      return await engine.step(name, async (run) => {
        const manifest = await write(run);
        engine.ended(manifest, { ...course, seconds: manifest.seconds["total"]! });
        return outcomeOf(manifest);
      });
    } catch (cause) {
      return { runId, status: "failed", error: `the run was not closed: ${messageOf(cause)}`, cause };
    }
  }

  /** Writes the page of a run that is closed: one that cannot be written is a warning in its manifest. */
  async function withPage(outcome: RunOutcome): Promise<RunOutcome> {
    try {
      await engine.step("page", writePage);
      return outcome;
    } catch (error) {
      const message = `the page was not written: ${messageOf(error)}`;
      const warnings = (outcome.warnings ?? 0) + 1;
      try {
        await engine.step("warn", (run) => addWarning(run, { kind: "pageMissing", message }));
        return { ...outcome, warnings };
      } catch (second) {
        return { ...outcome, error: `${message}; and the manifest does not say so: ${messageOf(second)}` };
      }
    }
  }

  function endNow(seconds: Readonly<Record<string, number>>) {
    const now = Date.now();
    const total = (now - begun.startedAt) / 1000;
    return { seconds: { ...seconds, total }, finishedAt: timeText(Math.floor(now / 1000)) };
  }
}

/** Plans the run, and tells which chunks have no receipt. */
async function planWork(run: Run): Promise<ChunkWork> {
  const plan = await planRun(run);
  const pending = await pendingChunks(run.store, plan);
  return {
    runId: plan.runId,
    chunkIds: pending.map(({ id }) => id),
    chunks: plan.chunks.length,
    stations: {
      planned: plan.stations.planned,
      left: pending.reduce((sum, chunk) => sum + chunk.stations, 0),
    },
  };
}

async function gridWork(run: Run): Promise<{ state: GridState }> {
  return { state: await makeGrid(run) };
}

/** What a step returned, what it took, and when it ended: milliseconds since 1970. */
type Timed<T> = T & { readonly seconds: number; readonly endedAt: number };

/** The work with its time. Clocks are read within a step alone: a replay gets what they said. */
function timed<T extends object>(work: (run: Run) => Promise<T>): (run: Run) => Promise<Timed<T>> {
  return async (run) => {
    const started = Date.now();
    const result = await work(run);
    const endedAt = Date.now();
    return { ...result, seconds: (endedAt - started) / 1000, endedAt };
  };
}

function outcomeOf({ runId, status, counts, missing, error }: Manifest): RunOutcome {
  return {
    runId,
    status,
    manifest: keys.manifest(runId),
    written: counts.written,
    missing: missing.reduce((sum, { stations }) => sum + stations.length, 0),
    warnings: counts.warnings,
    ...(error === undefined ? {} : { error }),
  };
}
