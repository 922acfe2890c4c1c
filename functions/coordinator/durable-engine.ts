import {
  type DurableContext,
  DurableOperationError,
  NestingType,
  type StepConfig,
  withRetry,
} from "@aws/durable-execution-sdk-js";
import type { Logger } from "@aws-lambda-powertools/logger";
import { isInputError, messageOf } from "../../lib/errors.ts";
import type { Engine, StepName, WorkEnd } from "../../lib/run/engine.ts";
import type { Run } from "../../lib/run/run.ts";
import type { BandEvent, BandResult } from "../grid-band.ts";
import type { ChunkEvent, ChunkResult } from "../station-chunk.ts";
import { attemptsMade, invocationRetry, mostRefusals } from "./invocation-retry.ts";
import { report } from "./report.ts";

const STEP_ATTEMPTS = 3;
/** Steps whose result is logged; how a run ended is logged with its manifest. */
const TOLD: ReadonlySet<StepName> = new Set(["plan", "grid"]);

export interface DurableOptions {
  readonly logger: Logger;
  /** Qualified ARN, or name, of the worker. */
  readonly worker: string;
  /** Of the function that makes bands of grids, where there is one. */
  readonly bandMaker: string | undefined;
  /** Workers under way at once. */
  readonly concurrency: number;
  /** The most chunks and bands that the run may have, which is what its attempts are reckoned by. */
  readonly most: { readonly chunks: number; readonly bands: number };
  /** Gives a step the run, with inputs that last as long as the step does. */
  readonly withRun: <T>(work: (run: Run) => Promise<T>) => Promise<T>;
  /** What logs call the run. */
  readonly about: Readonly<Record<"product" | "runId", string>>;
}

/** The engine of a durable execution: its steps' results are kept, so that it goes on where it was after any stop. */
export function durableEngine(context: DurableContext, options: DurableOptions): Engine {
  const { logger, withRun, about, worker, bandMaker, concurrency, most } = options;
  return {
    async step(name, work) {
      const inStep = async () => {
        const result = await withRun(work);
        if (TOLD.has(name)) logger.info("step done", { ...about, step: name, result });
        return result;
      };
      return plainly(() => context.step(name, inStep, stepRetry(logger, about)));
    },
    chunks: ({ runId, chunkIds, grid }) =>
      invokeEach<ChunkEvent, ChunkResult>(context, chunkIds, {
        kind: "chunk",
        functionArn: worker,
        concurrency,
        most: most.chunks,
        eventOf: (chunkId) => ({ runId, chunkId, product: about.product, grid }),
      }),
    ...(bandMaker !== undefined && {
      bands: ({ runId, bandIds }) =>
        invokeEach<BandEvent, BandResult>(context, bandIds, {
          kind: "band",
          functionArn: bandMaker,
          concurrency,
          most: most.bands,
          eventOf: (bandId) => ({ runId, bandId, product: about.product }),
        }),
    }),
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

interface Invocations<Event> {
  readonly kind: "chunk" | "band";
  readonly functionArn: string;
  /** Under way at once. */
  readonly concurrency: number;
  /** As many ids as a run may have. */
  readonly most: number;
  readonly eventOf: (id: string) => Event;
}

/** Invokes a function for each of these ids, some at once, each a few times if need be. */
async function invokeEach<Event, Result>(
  context: DurableContext,
  ids: readonly string[],
  { kind, functionArn, concurrency, most, eventOf }: Invocations<Event>,
): Promise<WorkEnd> {
  const refusals = mostRefusals(most, ids.length);
  const invoke = (child: DurableContext, id: string) => {
    let attempts = 0;
    const retryStrategy = invocationRetry(refusals);
    return withRetry(
      child,
      id,
      async (attemptContext, attempt) => {
        attempts = attempt;
        await attemptContext.invoke<Event, Result>(id, functionArn, eventOf(id));
        return attempts;
      },
      {
        retryStrategy,
        // A child context for each attempt would cost operations, and tell nothing more.
        wrapWithRunInChildContext: false,
      },
    );
  };
  const batch = await plainly(() =>
    context.map(`${kind}s`, [...ids], invoke, {
      maxConcurrency: concurrency,
      itemNamer: (id) => `${kind} ${id}`,
      nesting: NestingType.NESTED,
      // Without this the first failure would stop the map: each is to have its chance.
      completionConfig: { toleratedFailurePercentage: 100 },
    }),
  );
  const retries = batch.getResults().reduce((sum, attempts) => sum + attempts - 1, 0);
  const failed = batch.failed().map(({ index, error }) => [ids[index]!, messageOf(unwrapped(error))] as const);
  return {
    errors: Object.fromEntries(failed),
    retries: failed.reduce((sum, [, why]) => sum + attemptsMade(why, refusals) - 1, retries),
  };
}
