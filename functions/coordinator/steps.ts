import type { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { S3Client } from "@aws-sdk/client-s3";
import { isInputError } from "../../lib/errors.ts";
import { type Claim, type ClaimResult, claimRun } from "../../lib/run/claim.ts";
import { ordersOf, parseEvent, type RunOrder } from "../../lib/run/events.ts";
import { type GridState, makeGrid } from "../../lib/run/grid-step.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { keys } from "../../lib/run/keys.ts";
import { closeRun, failRun, type Manifest, pendingChunks, type RunStatus } from "../../lib/run/manifest.ts";
import { planRun, type RunPlan } from "../../lib/run/plan.ts";
import { BUILT_IN_PRODUCTS, type Product, parseProducts } from "../../lib/run/product.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { s3File } from "../../lib/store/s3-file.ts";
import { getJson } from "../../lib/store/store.ts";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { timeText } from "../../lib/time-text.ts";
import type { CoordinatorSettings } from "../settings.ts";

/** How a run ended, for the result of the execution. */
export interface Ended {
  readonly status: RunStatus;
  readonly manifest: string;
  readonly written: number;
  readonly missing: number;
  readonly warnings: number;
  readonly error?: string;
}

/** What the last step is told of those before it. */
interface RunStory {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly grid: { readonly state: GridState; readonly seconds: number };
  readonly errors: Readonly<Record<string, string>>;
  readonly retries: number;
}

/**
 * The steps of the coordinator, bound to its buckets. Each returns little: results are stored with the execution, so
 * stations and chunks stay in the output bucket.
 */
export function coordinatorSteps(client: S3Client, settings: CoordinatorSettings, logger: Logger) {
  const input = s3Store(client, settings.INPUT_BUCKET);
  const output = s3Store(client, settings.OUTPUT_BUCKET);

  function inputsIn(folder: string, { product, forecastKey }: RunOrder): RunInputs {
    const file = (key: string) => s3File(client, settings.INPUT_BUCKET, key, folder);
    return {
      observations: file(settings.OBSERVATIONS_KEY ?? product.observations.key),
      forecast: file(forecastKey),
      stations: file(settings.STATIONS_KEY),
    };
  }

  async function loadProducts(): Promise<readonly Product[]> {
    const key = settings.PRODUCTS_KEY ?? "products.json";
    try {
      const { body } = await input.get(key);
      return parseProducts(new TextDecoder().decode(body), key);
    } catch (error) {
      // Only the default file may be absent: one that was set by name is missed.
      if (settings.PRODUCTS_KEY === undefined && isInputError(error, "FileNotFound")) return BUILT_IN_PRODUCTS;
      throw error;
    }
  }

  return {
    /** The runs that an event asks for, and the forecasts of it that no product takes. */
    async request(event: unknown): Promise<{
      orders: RunOrder[];
      refused: { forecastKey: string; error: string }[];
    }> {
      const forecasts = parseEvent(event);
      const products = await loadProducts();
      const orders: RunOrder[] = [];
      const refused: { forecastKey: string; error: string }[] = [];
      for (const forecast of forecasts) {
        try {
          orders.push(...ordersOf(forecast, products, settings.INPUT_BUCKET));
        } catch (error) {
          if (!isInputError(error)) throw error;
          refused.push({ forecastKey: forecast.forecastKey, error: error.message });
          logger.error("forecast refused", { forecastKey: forecast.forecastKey, error: error.message });
        }
      }
      return { orders, refused };
    },

    async claim(order: RunOrder, owner: string): Promise<ClaimResult & { startedAt: number }> {
      const startedAt = Date.now();
      const result = await withTemporaryFolder((folder) =>
        claimRun(output, inputsIn(folder, order), order, owner, secondsText(startedAt)),
      );
      const { runId } = result.claim;
      logger.info("run", { runId, product: order.product.name, status: result.status, mode: order.mode });
      return { ...result, startedAt };
    },

    async plan(order: RunOrder, claim: Claim): Promise<{ pending: string[] }> {
      const plan = await withTemporaryFolder((folder) =>
        planRun(output, inputsIn(folder, order), order.product, claim, settings.CHUNK_SIZE),
      );
      const pending = await pendingChunks(output, plan);
      logger.info("planned", {
        runId: claim.runId,
        product: claim.product,
        stations: plan.stations.planned,
        chunks: plan.chunks.length,
        pending: pending.length,
      });
      return { pending: pending.map(({ id }) => id) };
    },

    async grid(order: RunOrder, claim: Claim): Promise<{ state: GridState; seconds: number }> {
      const started = Date.now();
      const plan = await getJson<RunPlan>(output, keys.plan(claim.runId));
      const state = await withTemporaryFolder((folder) =>
        makeGrid(output, inputsIn(folder, order), order.product, claim, plan, {
          bandBytes: settings.GRID_MEMORY_MB * 2 ** 20,
        }),
      );
      const seconds = secondsSince(started);
      logger.info("grid ready", { runId: claim.runId, product: claim.product, grid: plan.grid.id, state, seconds });
      return { state, seconds };
    },

    async close(order: RunOrder, claim: Claim, story: RunStory): Promise<Ended> {
      const plan = await getJson<RunPlan>(output, keys.plan(claim.runId));
      const total = secondsSince(story.startedAt);
      const manifest = await closeRun(output, order.product, claim, plan, {
        errors: new Map(Object.entries(story.errors)),
        seconds: { grid: story.grid.seconds, total },
        finishedAt: secondsText(Date.now()),
      });
      report(manifest, total, story);
      return endedOf(manifest);
    },

    async fail(claim: Claim, startedAt: number, error: string): Promise<Ended> {
      const total = secondsSince(startedAt);
      const finishedAt = secondsText(Date.now());
      const manifest = await failRun(output, claim, error, { seconds: { total }, finishedAt });
      report(manifest, total);
      return endedOf(manifest);
    },
  };

  /** Logs how a run ended, and counts it. */
  function report(manifest: Manifest, seconds: number, story?: RunStory): void {
    const { runId, product, status, counts, missing } = manifest;
    for (const { chunkId, error: why } of missing)
      logger.error("chunk missing", { runId, product, chunkId, error: why });
    const line = { runId, product, status, ...counts, seconds };
    if (status === "failed") logger.error("run failed", { ...line, error: failureOf(manifest) });
    else logger.info("run ended", line);

    const metrics = new Metrics({ namespace: "S2sFanout" });
    // The default is a dimension for the service, and an alarm that does not name it would never see a value.
    metrics.clearDefaultDimensions();
    metrics.addDimension("product", product);
    const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
    count("RunsCompleted", status === "complete" ? 1 : 0);
    count("RunsPartial", status === "partial" ? 1 : 0);
    count("RunsFailed", status === "failed" ? 1 : 0);
    count("StationsWritten", counts.written);
    count("StationWarnings", counts.warnings);
    count("ChunksFailed", missing.length);
    count("ChunkRetries", story?.retries ?? 0);
    metrics.addMetric("RunSeconds", MetricUnit.Seconds, seconds);
    if (story !== undefined) {
      count("GridCacheHit", story.grid.state === "stored" ? 1 : 0);
      metrics.addMetric("GridSeconds", MetricUnit.Seconds, story.grid.seconds);
    }
    metrics.publishStoredMetrics();
  }
}

function endedOf(manifest: Manifest): Ended {
  const { runId, status, counts, missing } = manifest;
  const error = failureOf(manifest);
  return {
    status,
    manifest: keys.manifest(runId),
    written: counts.written,
    missing: missing.reduce((sum, { stations }) => sum + stations.length, 0),
    warnings: counts.warnings,
    ...(error === undefined ? {} : { error }),
  };
}

/** Why a run failed: of chunks that all did, the first one's error stands for the others. */
function failureOf({ status, error, missing }: Manifest): string | undefined {
  return status === "failed" ? (error ?? missing[0]?.error) : undefined;
}

function secondsText(milliseconds: number): string {
  return timeText(Math.floor(milliseconds / 1000));
}

function secondsSince(milliseconds: number): number {
  return (Date.now() - milliseconds) / 1000;
}
