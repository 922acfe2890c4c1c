import { InputError, messageOf } from "../errors.ts";
import { keys } from "../keys.ts";
import { clockText } from "../time.ts";
import type { Warning } from "../warning.ts";
import { pendingBands } from "./bands.ts";
import type { ChunkWork, Engine, RunCourse, WorkEnd } from "./engine.ts";
import { notExpected } from "./expect.ts";
import { type GridState, makeGrid } from "./grid-step.ts";
import { addWarning, closeRun, failRun, type RunEnd } from "./manifest.ts";
import { planRun } from "./plan.ts";
import { pendingChunks } from "./receipts.ts";
import type { Claim, Manifest, RunEntry, RunStatus } from "./records.ts";
import type { Run } from "./run.ts";

/** A run that was claimed, and when: milliseconds since 1970. */
export interface BegunRun {
  readonly claim: Claim;
  readonly startedAt: number;
  /** What claiming it took. */
  readonly seconds: number;
}

/** What shows runs to people, made of what they left in their store. */
export interface Reports {
  /** Writes the page of a run, and the table of its stations. @returns what the index says of the run */
  page(run: Run): Promise<RunEntry>;
  /** Renews the index of all runs. @param entry - of this one, unless it has no page */
  index(run: Run, entry: RunEntry | undefined): Promise<void>;
}

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
  /** Why it failed, and why it has no page or is in no index where the manifest could not be told of that. */
  readonly error?: string;
  /** What was thrown: it made the run fail, or kept it from being closed. */
  readonly cause?: unknown;
}

/**
 * Sees a claimed run to its end: plan, grid, chunks, manifest, page, index. This is the one place that knows their order.
 *
 * Nothing is thrown: what fails before the chunks makes a failed run with a manifest that says why, what fails in a chunk
 * makes a partial one, and a page or an index that fails is a warning.
 */
export async function carryOut(begun: BegunRun, engine: Engine, reports: Reports): Promise<RunOutcome> {
  let plan: Timed<PlanWork> | undefined;
  let grid: Timed<{ readonly state: GridState }>;
  try {
    plan = await engine.step("plan", timed(planWork));
    if (plan.refusal !== undefined) throw new InputError("NotExpected", plan.refusal);
    grid = await engine.step("grid", timed(gridWork(await bandErrors(engine, plan))));
  } catch (cause) {
    return giveUp(begun, engine, reports, { cause, planned: plan !== undefined });
  }
  const { state, endedAt } = grid;
  const { errors, retries } = await engine.chunks({ ...plan, grid: state });
  // Its bands were made before its step.
  const seconds = plan.bandIds === undefined ? grid.seconds : (endedAt - plan.endedAt) / 1000;
  const course = { retries, grid: { state, seconds } };
  const closed = await close(engine, begun, { name: "manifest", course }, (run) => {
    const series = (Date.now() - endedAt) / 1000;
    const stages = { claim: begun.seconds, plan: plan.seconds, grid: seconds, series };
    return closeRun(run, { errors, ...endOf(begun, stages) });
  });
  return closed.manifest === undefined ? closed : show(engine, reports, closed);
}

/** Closes a run that failed before its chunks. Where not even that can be done, the first error still stands first. */
async function giveUp(
  begun: BegunRun,
  engine: Engine,
  reports: Reports,
  { cause, planned }: { readonly cause: unknown; readonly planned: boolean },
): Promise<RunOutcome> {
  const error = messageOf(cause);
  const failed = await close(engine, begun, { name: "fail", course: { retries: 0 } }, (run) =>
    failRun(run, { error, planned, ...endOf(begun, {}) }),
  );
  if (failed.manifest === undefined) return { ...failed, error: `${error}; and ${failed.error}`, cause };
  return { ...(await show(engine, reports, failed)), cause };
}

/** The step that writes the manifest. Without one, series and receipts still stand, and a resume goes on from them. */
async function close(
  engine: Engine,
  { claim: { runId } }: BegunRun,
  { name, course }: { readonly name: "fail" | "manifest"; readonly course: Omit<RunCourse, "seconds"> },
  write: (run: Run) => Promise<Manifest>,
): Promise<RunOutcome> {
  try {
    return await engine.step(name, async (run) => {
      const manifest = await write(run);
      engine.ended?.(manifest, { ...course, seconds: manifest.seconds["total"]! });
      return outcomeOf(manifest);
    });
  } catch (cause) {
    return { runId, status: "failed", error: `the run was not closed: ${messageOf(cause)}`, cause };
  }
}

/** Writes the page of a run that is closed, and renews the index: what cannot be written is a warning in its manifest. */
async function show(engine: Engine, reports: Reports, closed: RunOutcome): Promise<RunOutcome> {
  let entry: RunEntry | undefined;
  let shown = closed;
  try {
    entry = await engine.step("page", (run) => reports.page(run));
  } catch (cause) {
    shown = await warn(engine, shown, {
      kind: "pageMissing",
      message: `the page was not written: ${messageOf(cause)}`,
    });
  }
  try {
    await engine.step("index", (run) => reports.index(run, entry));
    return shown;
  } catch (cause) {
    const message = `the index of all runs was not renewed: ${messageOf(cause)}`;
    return warn(engine, shown, { kind: "indexMissing", message });
  }
}

/** Adds a warning to the manifest of a run that is closed; where that fails, its error says so. */
async function warn(engine: Engine, closed: RunOutcome, warning: Warning): Promise<RunOutcome> {
  try {
    await engine.step("warn", (run) => addWarning(run, warning));
    return { ...closed, warnings: (closed.warnings ?? 0) + 1 };
  } catch (cause) {
    const unsaid = `${warning.message}; and the manifest does not say so: ${messageOf(cause)}`;
    return { ...closed, error: closed.error === undefined ? unsaid : `${closed.error}; and ${unsaid}` };
  }
}

function endOf({ startedAt }: BegunRun, stages: Readonly<Record<string, number>>): RunEnd {
  const now = Date.now();
  return {
    seconds: { ...stages, total: (now - startedAt) / 1000 },
    finishedAt: clockText(now),
  };
}

/** What a plan leaves to do, or why nothing of it is to be done. */
interface PlanWork extends Omit<ChunkWork, "grid"> {
  readonly refusal?: string;
  /** Of a grid that is made in bands: those without a record. */
  readonly bandIds?: readonly string[];
}

/** Plans the run, and tells which chunks have no receipt. */
async function planWork(run: Run): Promise<PlanWork> {
  const plan = await planRun(run);
  const pending = await pendingChunks(run.store, plan);
  const bandIds = plan.bands === undefined ? undefined : await pendingBands(run.store, plan.runId);
  return {
    ...(bandIds === undefined ? {} : { bandIds }),
    ...(plan.unmet.length === 0 ? {} : { refusal: notExpected(run.product, plan.unmet).message }),
    runId: plan.runId,
    chunkIds: pending.map(({ id }) => id),
    chunks: plan.chunks.length,
    stations: {
      planned: plan.stations.planned,
      left: pending.reduce((sum, chunk) => sum + chunk.stations, 0),
    },
  };
}

/** Has the bands made that are left. Their records tell the step of the grid what is there, and these errors why not. */
async function bandErrors(engine: Engine, { runId, bandIds = [] }: PlanWork): Promise<WorkEnd["errors"]> {
  if (bandIds.length === 0) return {};
  const end = await engine.bands?.({ runId, bandIds });
  return end?.errors ?? {};
}

function gridWork(errors: WorkEnd["errors"]): (run: Run) => Promise<{ state: GridState }> {
  return async (run) => ({ state: await makeGrid(run, errors) });
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
