import type { DurableContext, StepConfig } from "@aws/durable-execution-sdk-js";
import type { Logger } from "@aws-lambda-powertools/logger";
import { isInputError } from "../../lib/errors.ts";
import { ATTEMPTS, MAX_CHUNKS } from "../../lib/run/chunk-plan.ts";
import type { Engine, StepName } from "../../lib/run/engine.ts";
import type { Run } from "../../lib/run/run.ts";
import type { BandEvent } from "../grid-band.ts";
import type { ChunkEvent } from "../station-chunk.ts";
import { invokeEach } from "./invoke-each.ts";
import { plainly } from "./plainly.ts";
import { report } from "./report.ts";

const STEP_ATTEMPTS = 3;
/**
 * How much of an execution's time may pass for workers that Lambda refuses, and as much for bands. The run then ends with a
 * manifest that names what is missing, and not by its time-out.
 */
const PART_FOR_REFUSALS = 0.4;
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
  /** That the execution may last. Runs that share it share them, as they do `most.chunks`. */
  readonly timeoutSeconds: number;
  /** Gives a step the run. */
  readonly withRun: <T>(work: (run: Run) => Promise<T>) => Promise<T>;
  /** Called before the execution waits for other functions, which ends the invocation. */
  readonly beforeWait: () => Promise<void>;
  /** What logs call the run. */
  readonly about: Readonly<Record<"product" | "runId", string>>;
}

/** The engine of a durable execution: its steps' results are kept, so that it goes on where it was after any stop. */
export function durableEngine(context: DurableContext, options: DurableOptions): Engine {
  const { logger, withRun, beforeWait, about, worker, bandMaker, concurrency, most, timeoutSeconds } = options;
  const seconds = (PART_FOR_REFUSALS * timeoutSeconds * most.chunks) / MAX_CHUNKS;
  return {
    async step(name, work) {
      const inStep = async () => {
        const result = await withRun(work);
        if (TOLD.has(name)) logger.info("step done", { ...about, step: name, result });
        return result;
      };
      return plainly(() => context.step(name, inStep, stepRetry(logger, about)));
    },
    async chunks({ runId, chunkIds, grid }) {
      await beforeWait();
      return invokeEach<ChunkEvent>(context, chunkIds, {
        kind: "chunk",
        functionArn: worker,
        concurrency,
        attempts: ATTEMPTS * most.chunks,
        seconds,
        eventOf: (chunkId) => ({ runId, chunkId, product: about.product, grid }),
      });
    },
    ...(bandMaker !== undefined && {
      async bands({ runId, bandIds }) {
        await beforeWait();
        return invokeEach<BandEvent>(context, bandIds, {
          kind: "band",
          functionArn: bandMaker,
          concurrency,
          attempts: ATTEMPTS * most.bands,
          seconds,
          eventOf: (bandId) => ({ runId, bandId, product: about.product }),
        });
      },
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
