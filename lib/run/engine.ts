import type { GridState } from "./grid-step.ts";
import type { Manifest } from "./records.ts";
import type { Run } from "./run.ts";

/**
 * How the steps of a run are made to last: as steps of a durable execution, or as stages of one process. A step may be
 * done again, and what it returns is small: ids and counts, never stations.
 */
export interface Engine {
  /** @throws Error where the step failed for good */
  step<T>(name: StepName, work: (run: Run) => Promise<T>): Promise<T>;
  /** Has every chunk done that is left; one that fails is told, not thrown. */
  chunks(work: ChunkWork): Promise<WorkEnd>;
  /**
   * Has every band of the grid made that is left, in the same way. Only an engine needs it that limits the invocation:
   * without such limits a grid has no bands.
   */
  bands?(work: BandsLeft): Promise<WorkEnd>;
  /** Told of the manifest in the step that wrote it, by an engine that logs or counts. */
  ended?(manifest: Manifest, course: RunCourse): void;
}

export type StepName = "plan" | "grid" | "fail" | "manifest" | "page" | "index" | "warn";

/** What a plan leaves to do. */
export interface ChunkWork {
  readonly runId: string;
  /** The chunks without a receipt, and all chunks. */
  readonly chunkIds: readonly string[];
  readonly chunks: number;
  /** A grid that this run computed has nothing beside it that workers could ask for. */
  readonly grid: GridState;
  /** Stations of all chunks, and of those that are left. */
  readonly stations: { readonly planned: number; readonly left: number };
}

/** The bands of a grid that have no record. */
export interface BandsLeft {
  readonly runId: string;
  readonly bandIds: readonly string[];
}

/** How chunks or bands ended, as the engine saw it. */
export interface WorkEnd {
  /** Errors of those that failed, by their id. */
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
