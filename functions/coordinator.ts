import { type DurableContext, NestingType, withDurableExecution, withRetry } from "@aws/durable-execution-sdk-js";
import { Logger } from "@aws-lambda-powertools/logger";
import { isInputError } from "../lib/errors.ts";
import { MAX_CHUNKS } from "../lib/run/chunk-plan.ts";
import type { RunOrder } from "../lib/run/events.ts";
import type { RunStatus } from "../lib/run/manifest.ts";
import { s3Client } from "../lib/store/s3.ts";
import { sweepTemporaryFolders } from "../lib/store/temporary-folder.ts";
import type { RunStory } from "./coordinator/report.ts";
import { coordinatorSteps, type Ended } from "./coordinator/steps.ts";
import { coordinatorSettings } from "./settings.ts";
import type { ChunkEvent, ChunkResult } from "./station-chunk.ts";

/** How one run of an event ended; `duplicate` where another execution has it, `refused` where it never began. */
export interface RunResult {
  readonly product: string | null;
  readonly forecastKey: string;
  readonly status: RunStatus | "duplicate" | "refused";
  readonly runId?: string;
  readonly error?: string;
  /** Key of the manifest. */
  readonly manifest?: string;
  readonly written?: number;
  readonly missing?: number;
  readonly warnings?: number;
}

/** Attempts at a chunk, the first included; more would break the limit of 3000 operations at 450 chunks. */
const CHUNK_ATTEMPTS = 3;
const STEP_ATTEMPTS = 3;

const settings = coordinatorSettings(process.env);
const logger = new Logger({ serviceName: "coordinator" });
// An instance that ran out of time starts anew with the /tmp that it left.
sweepTemporaryFolders();
const steps = coordinatorSteps(s3Client({ forcePathStyle: settings.S3_FORCE_PATH_STYLE === "true" }), settings, logger);

/**
 * An input that is wrong stays wrong; anything else may be a passing fault. It is asked once for every attempt that
 * failed, and never in a replay, so it is where they are logged.
 *
 * @param about - what the step is about, for the log
 */
function stepRetry(about: Readonly<Record<string, string>> = {}) {
  return {
    retryStrategy: (error: Error, attempt: number) => {
      const shouldRetry = attempt < STEP_ATTEMPTS && !isInputError(error);
      logger[shouldRetry ? "warn" : "error"]("step failed", { ...about, attempt, error });
      return { shouldRetry, delay: { seconds: 2 ** attempt } };
    },
  };
}

/**
 * Starts the runs that an event asks for, and sees each to its end: claim, plan, grid, chunks, manifest.
 *
 * A durable function: it may be suspended at any `await` of the context and replayed from its start, with the results
 * of finished steps, so everything that reads a clock, a bucket or a random number stands inside a step.
 *
 * @returns how every run ended
 * @throws Error where a run failed or could not begin, with all of these results: so that the execution counts as failed
 */
export const handler = withDurableExecution(async (event: unknown, context: DurableContext): Promise<RunResult[]> => {
  const { orders, refused } = await context.step("request", () => steps.request(event), stepRetry());
  // The runs of an event share what one execution may do.
  const maxChunks = Math.floor(MAX_CHUNKS / Math.max(1, orders.length));
  const results: RunResult[] = refused.map((refusal) => ({ product: null, status: "refused", ...refusal }));
  for (const [i, order] of orders.entries()) {
    const name = `${order.product.name}-${i + 1}`;
    results.push(await context.runInChildContext(name, (child) => drive(child, order, maxChunks)));
  }
  if (results.some(({ status }) => status === "failed" || status === "refused")) {
    throw new Error(`not every run could be done: ${JSON.stringify(results)}`);
  }
  return results;
});

async function drive(context: DurableContext, order: RunOrder, maxChunks: number): Promise<RunResult> {
  const owner = context.executionContext.durableExecutionArn;
  const { product, forecastKey } = order;
  const about = { product: product.name, forecastKey };
  let claimed: Awaited<ReturnType<typeof steps.claim>>;
  try {
    claimed = await context.step("claim", () => steps.claim(order, owner), stepRetry(about));
  } catch (error) {
    return { ...about, status: "refused", error: rootMessage(error) };
  }
  const { claim, startedAt } = claimed;
  const { runId } = claim;
  if (claimed.status === "duplicate") return { ...about, runId, status: "duplicate" };

  const retry = stepRetry({ ...about, runId });
  let prepared: { pending: string[]; grid: RunStory["grid"] };
  try {
    const { pending } = await context.step("plan", () => steps.plan(order, claim, maxChunks), retry);
    prepared = { pending, grid: await context.step("grid", () => steps.grid(order, claim), retry) };
  } catch (error) {
    const why = rootMessage(error);
    return conclude("fail", () => steps.fail(order, claim, startedAt, why), why);
  }
  const { errors, retries } = await fanOut(context, runId, product.name, prepared.pending);
  const story: RunStory = { startedAt, grid: prepared.grid, errors, retries };
  return conclude("manifest", () => steps.close(order, claim, story));

  /**
   * Runs the last step. Without a manifest, or with latest.json left behind, the series and their receipts still stand,
   * and so do the other runs of the event.
   */
  async function conclude(name: string, step: () => Promise<Ended>, failure?: string): Promise<RunResult> {
    try {
      return { ...about, runId, ...(await context.step(name, step, retry)) };
    } catch (error) {
      const why = `the run was not closed: ${rootMessage(error)}`;
      return { ...about, runId, status: "failed", error: failure === undefined ? why : `${failure}; and ${why}` };
    }
  }
}

/** Invokes the worker for every chunk, some at once, each a few times if need be. */
async function fanOut(
  context: DurableContext,
  runId: string,
  product: string,
  chunkIds: readonly string[],
): Promise<{ errors: Record<string, string>; retries: number }> {
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
          await attemptContext.invoke<ChunkEvent, ChunkResult>(chunkId, settings.STATION_CHUNK_FUNCTION, payload);
          return attempts;
        },
        {
          retryStrategy: (_, attempt) => ({
            shouldRetry: attempt < CHUNK_ATTEMPTS,
            delay: { seconds: 5 ** attempt },
          }),
          // A child context for each attempt would cost operations, and tell nothing more.
          wrapWithRunInChildContext: false,
        },
      );
    },
    {
      maxConcurrency: settings.MAX_CONCURRENCY,
      itemNamer: (chunkId) => `chunk ${chunkId}`,
      nesting: NestingType.NESTED,
      // Without this the first failure would stop the map: every chunk is to have its chance.
      completionConfig: { toleratedFailurePercentage: 100 },
    },
  );
  const failed = batch.failed();
  const retries = batch.getResults().reduce((sum, attempts) => sum + attempts - 1, 0);
  return {
    errors: Object.fromEntries(failed.map(({ index, error }) => [chunkIds[index]!, rootMessage(error)])),
    retries: retries + failed.length * (CHUNK_ATTEMPTS - 1),
  };
}

/** The message of the first cause: what the SDK wraps it in says only which operation failed. */
function rootMessage(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return root instanceof Error ? root.message : String(root);
}
