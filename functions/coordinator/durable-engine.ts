import {
  type DurableContext,
  DurableOperationError,
  NestingType,
  type StepConfig,
  withRetry,
} from "@aws/durable-execution-sdk-js";
import type { Logger } from "@aws-lambda-powertools/logger";
import { isInputError, messageOf } from "../../lib/errors.ts";
import type { ChunkEnd, ChunkWork, Engine, StepName } from "../../lib/run/engine.ts";
import type { Run } from "../../lib/run/run.ts";
import type { ChunkEvent, ChunkResult } from "../station-chunk.ts";
import { report } from "./report.ts";

/** Attempts at a chunk, the first included; more would break the limit of 3000 operations at 450 chunks. */
const CHUNK_ATTEMPTS = 3;
const STEP_ATTEMPTS = 3;
/** Steps whose result is logged; how a run ended is logged with its manifest. */
const TOLD: ReadonlySet<StepName> = new Set(["plan", "grid"]);

export interface DurableOptions {
  readonly logger: Logger;
  /** Qualified ARN, or name, of the worker. */
  readonly worker: string;
  /** Workers under way at once. */
  readonly concurrency: number;
  /** Gives a step the run, with inputs that last as long as the step does. */
  readonly withRun: <T>(work: (run: Run) => Promise<T>) => Promise<T>;
  /** What logs call the run. */
  readonly about: Readonly<Record<"product" | "runId", string>>;
}

/** The engine of a durable execution: its steps' results are kept, so that it goes on where it was after any stop. */
export function durableEngine(context: DurableContext, options: DurableOptions): Engine {
  const { logger, withRun, about } = options;
  return {
    async step(name, work) {
      const inStep = async () => {
        const result = await withRun(work);
        if (TOLD.has(name)) logger.info("step done", { ...about, step: name, result });
        return result;
      };
      return plainly(() => context.step(name, inStep, stepRetry(logger, about)));
    },
    chunks: (work) => plainly(() => invokeWorkers(context, work, options)),
    ended: (manifest, course) => report(logger, manifest, course),
  };
}

/**
 * An input that is wrong stays wrong; anything else may be a passing fault. It is asked once for every attempt that
 * failed, and never in a replay, so it is where they are logged.
 *
 * @param about - what the step is about, for the log
 */
export function stepRetry<T>(logger: Logger, about: Readonly<Record<string, string>> = {}): StepConfig<T> {
  return {
    retryStrategy: (error: Error, attempt: number) => {
      const shouldRetry = attempt < STEP_ATTEMPTS && !isInputError(error);
      logger[shouldRetry ? "warn" : "error"]("step failed", { ...about, attempt, error });
      return { shouldRetry, delay: { seconds: 2 ** attempt } };
    },
  };
}

/** The work's result, or its own error: what the SDK wraps it in says only which operation failed. */
export async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unwrapped(error);
  }
}

function unwrapped(error: unknown): unknown {
  let root = error;
  while (root instanceof DurableOperationError && root.cause !== undefined) root = root.cause;
  return root;
}

/** Invokes the worker for every chunk, some at once, each a few times if need be. */
async function invokeWorkers(
  context: DurableContext,
  { runId, chunkIds }: ChunkWork,
  { worker, concurrency, about: { product } }: DurableOptions,
): Promise<ChunkEnd> {
  const batch = await context.map(
    "chunks",
    [...chunkIds],
    (child, chunkId) => {
      let attempts = 0;
      return withRetry(
        child,
        chunkId,
        async (attemptContext, attempt) => {
          attempts = attempt;
          const payload: ChunkEvent = { runId, chunkId, product };
          await attemptContext.invoke<ChunkEvent, ChunkResult>(chunkId, worker, payload);
          return attempts;
        },
        {
          retryStrategy: (_, attempt) => ({ shouldRetry: attempt < CHUNK_ATTEMPTS, delay: { seconds: 5 ** attempt } }),
          // A child context for each attempt would cost operations, and tell nothing more.
          wrapWithRunInChildContext: false,
        },
      );
    },
    {
      maxConcurrency: concurrency,
      itemNamer: (chunkId) => `chunk ${chunkId}`,
      nesting: NestingType.NESTED,
      // Without this the first failure would stop the map: every chunk is to have its chance.
      completionConfig: { toleratedFailurePercentage: 100 },
    },
  );
  const failed = batch.failed();
  const retries = batch.getResults().reduce((sum, attempts) => sum + attempts - 1, 0);
  return {
    errors: Object.fromEntries(failed.map(({ index, error }) => [chunkIds[index]!, messageOf(unwrapped(error))])),
    retries: retries + failed.length * (CHUNK_ATTEMPTS - 1),
  };
}
