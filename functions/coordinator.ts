import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { Logger } from "@aws-lambda-powertools/logger";
import { messageOf } from "../lib/errors.ts";
import { MAX_CHUNKS, mostBands } from "../lib/run/chunk-plan.ts";
import { type ClaimResult, claimRun } from "../lib/run/claim.ts";
import type { RunOrder } from "../lib/run/events.ts";
import type { RunInputs } from "../lib/run/inputs.ts";
import type { BegunRun } from "../lib/run/pipeline.ts";
import { isAboutPrefix } from "../lib/run/prefix-event.ts";
import type { RunLimits } from "../lib/run/run.ts";
import { s3Store } from "../lib/store/s3.ts";
import { s3Client } from "../lib/store/s3-sdk.ts";
import { sweepTemporaryFolders } from "../lib/store/temporary-folder.ts";
import { clockText } from "../lib/time.ts";
import { durableEngine, stepRetry } from "./coordinator/durable-engine.ts";
import { eachForecast } from "./coordinator/each-forecast.ts";
import type { EventResult } from "./coordinator/event-result.ts";
import { InvocationInputs } from "./coordinator/invocation-inputs.ts";
import { limitsOf } from "./coordinator/limits.ts";
import { plainly } from "./coordinator/plainly.ts";
import { deployedProducts } from "./coordinator/products.ts";
import { type Refusal, requestedRuns } from "./coordinator/request.ts";
import { coordinatorSettings } from "./settings.ts";

const settings = coordinatorSettings(process.env);
const logger = new Logger({ serviceName: "coordinator" });
// An instance that ran out of time starts anew with the /tmp that it left.
sweepTemporaryFolders();
const client = s3Client({ forcePathStyle: settings.S3_FORCE_PATH_STYLE === "true" });
const input = s3Store(client, settings.INPUT_BUCKET);
const output = s3Store(client, settings.OUTPUT_BUCKET);

/** This function at this version. */
const coordinator = `${settings.AWS_LAMBDA_FUNCTION_NAME}:${settings.AWS_LAMBDA_FUNCTION_VERSION}`;
const timeoutSeconds = settings.EXECUTION_TIMEOUT_MINUTES * 60;

/**
 * Starts the runs that an event asks for, and sees each to its end.
 *
 * A durable function: it may be suspended at any `await` of the context and replayed from its start, with the results
 * of finished steps, so everything that reads a clock, a bucket or a random number stands inside a step.
 *
 * @returns how every run ended
 * @throws Error where a run failed or could not begin, with all of these results: so that the execution counts as failed
 */
export const handler = withDurableExecution(async (event: unknown, context: DurableContext): Promise<EventResult[]> => {
  const products = () => deployedProducts(input, settings);
  if (isAboutPrefix(event))
    return eachForecast(context, event, { logger, input, products, coordinator, timeoutSeconds });
  const request = async () => requestedRuns(event, await products(), settings.INPUT_BUCKET, logger);
  const { orders, refused } = await context.step("request", request, stepRetry(logger));
  // The runs of an event share what one execution may do.
  const runs = Math.max(1, orders.length);
  const limits = limitsOf(settings, { maxChunks: Math.floor(MAX_CHUNKS / runs), mostBands: mostBands(runs) });
  const results: EventResult[] = refused.map((refusal: Refusal) => ({ product: null, status: "refused", ...refusal }));
  for (const [i, order] of orders.entries()) {
    const name = `${order.product.name}-${i + 1}`;
    results.push(await context.runInChildContext(name, (child) => claimAndCarryOut(child, order, limits)));
  }
  // Nobody else would say that what this event asks for was done in part.
  const undone = ({ status, of }: EventResult) => status === "failed" || status === "refused" || of === "partial";
  if (results.some(undone)) {
    throw new Error(`not every run could be done: ${JSON.stringify(results)}`);
  }
  return results;
});

async function claimAndCarryOut(context: DurableContext, order: RunOrder, limits: RunLimits): Promise<EventResult> {
  const { product, forecastKey } = order;
  const about = { product: product.name, forecastKey };
  const owner = context.executionContext.durableExecutionArn;
  const inputs = new InvocationInputs(order, client, settings);
  let begun: ClaimResult & BegunRun;
  try {
    const claimed = () => inputs.use((opened) => claim(order, opened, owner));
    begun = await plainly(() => context.step("claim", claimed, stepRetry(logger, about)));
  } catch (error) {
    return { ...about, status: "refused", error: messageOf(error) };
  }
  const { runId } = begun.claim;
  if (begun.status === "duplicate") {
    await inputs.letGo();
    const { of } = begun;
    const error = of === "partial" ? { error: "it is partial: resume it" } : {};
    return { ...about, runId, status: "duplicate", of, ...error };
  }
  const engine = durableEngine(context, {
    logger,
    worker: settings.STATION_CHUNK_FUNCTION,
    bandMaker: settings.GRID_BAND_FUNCTION,
    concurrency: settings.MAX_CONCURRENCY,
    timeoutSeconds,
    most: { chunks: limits.maxChunks ?? MAX_CHUNKS, bands: limits.invocation?.mostBands ?? 0 },
    withRun: (work) =>
      inputs.use((opened) => work({ store: output, inputs: opened, product, claim: begun.claim, limits })),
    beforeWait: () => inputs.letGo(),
    about: { runId, product: product.name },
  });
  // What reads inputs and makes the page is most of the code: an instance that has no run to do never loads it.
  const [{ carryOut }, { reports }] = await Promise.all([
    import("../lib/run/pipeline.ts"),
    import("../lib/report/reports.ts"),
  ]);
  const { cause: _, ...outcome } = await carryOut(begun, engine, reports);
  await inputs.letGo();
  return { ...about, ...outcome };
}

async function claim(order: RunOrder, inputs: RunInputs, owner: string): Promise<ClaimResult & BegunRun> {
  const startedAt = Date.now();
  const result = await claimRun(output, inputs, order, {
    owner,
    clock: clockText(startedAt),
    leaseUntil: clockText(startedAt + timeoutSeconds * 1000),
  });
  const { runId } = result.claim;
  logger.info("run", { runId, product: order.product.name, status: result.status, mode: order.mode });
  return { ...result, startedAt, seconds: (Date.now() - startedAt) / 1000 };
}
