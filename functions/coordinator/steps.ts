import type { Logger } from "@aws-lambda-powertools/logger";
import type { S3Client } from "@aws-sdk/client-s3";
import { isInputError } from "../../lib/errors.ts";
import { inputKeys, keys } from "../../lib/keys.ts";
import { type Claim, type ClaimResult, claimRun } from "../../lib/run/claim.ts";
import { ordersOf, parseEvent, type RunOrder } from "../../lib/run/events.ts";
import { type GridState, makeGrid } from "../../lib/run/grid-step.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { closeRun, failRun, type Manifest, pendingChunks, type RunStatus } from "../../lib/run/manifest.ts";
import { planRun, type RunPlan } from "../../lib/run/plan.ts";
import { BUILT_IN_PRODUCTS, findProduct, type Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { s3File } from "../../lib/store/s3-file.ts";
import { requireJson, requireObject } from "../../lib/store/store.ts";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { timeText } from "../../lib/time.ts";
import type { CoordinatorSettings } from "../settings.ts";
import { type RunStory, report } from "./report.ts";

/** How a run ended, for the result of the execution. */
export interface Ended {
  readonly status: RunStatus;
  readonly manifest: string;
  readonly written: number;
  readonly missing: number;
  readonly warnings: number;
  readonly error?: string;
}

/**
 * The steps of the coordinator, bound to its buckets. Each returns little: results are stored with the execution, so
 * stations and chunks stay in the output bucket.
 */
export function coordinatorSteps(client: S3Client, settings: CoordinatorSettings, logger: Logger) {
  const input = s3Store(client, settings.INPUT_BUCKET);
  const output = s3Store(client, settings.OUTPUT_BUCKET);
  const memoryBytes = settings.GRID_MEMORY_MB * 2 ** 20;

  function inputsIn(folder: string, { product, forecastKey }: RunOrder): RunInputs {
    const file = (key: string) => s3File(client, settings.INPUT_BUCKET, key, folder);
    return {
      observations: file(settings.OBSERVATIONS_KEY ?? product.observations.key),
      forecast: file(forecastKey),
      stations: file(settings.STATIONS_KEY),
    };
  }

  /** The products of this deployment. @throws InputError `BadProduct` */
  async function loadProducts(): Promise<readonly Product[]> {
    const defined = await definedProducts();
    const products = settings.PRODUCTS?.map((name) => findProduct(defined, name)) ?? defined;
    const { BASELINE: baseline } = settings;
    if (baseline === undefined) return products;
    return products.map((product) => ({ ...product, observations: { ...product.observations, baseline } }));
  }

  async function definedProducts(): Promise<readonly Product[]> {
    const key = settings.PRODUCTS_KEY ?? inputKeys.products;
    // Only the default file may be absent: one that was set by name is missed.
    const found = settings.PRODUCTS_KEY === undefined ? await input.get(key) : await requireObject(input, key);
    return found === undefined ? BUILT_IN_PRODUCTS : parseProducts(new TextDecoder().decode(found.body), key);
  }

  return {
    /** The runs that an event asks for, and the forecasts of it that no product takes. */
    async request(event: unknown): Promise<{
      orders: RunOrder[];
      refused: { forecastKey: string; error: string }[];
    }> {
      const forecasts = parseEvent(event);
      const products = await loadProducts();
      // A notification may tell of an object twice: a run is asked for once.
      const orders = new Map<string, RunOrder>();
      const refused: { forecastKey: string; error: string }[] = [];
      for (const forecast of forecasts) {
        try {
          for (const order of ordersOf(forecast, products, settings.INPUT_BUCKET)) {
            orders.set(JSON.stringify([order.product.name, order.forecastKey]), order);
          }
        } catch (error) {
          if (!isInputError(error)) throw error;
          refused.push({ forecastKey: forecast.forecastKey, error: error.message });
          logger.error("forecast refused", { forecastKey: forecast.forecastKey, error: error.message });
        }
      }
      return { orders: [...orders.values()], refused };
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

    /** @param maxChunks - the run's share of the operations of its execution */
    async plan(order: RunOrder, claim: Claim, maxChunks: number): Promise<{ pending: string[] }> {
      const size = settings.CHUNK_SIZE === undefined ? {} : { chunkSize: settings.CHUNK_SIZE };
      const plan = await withTemporaryFolder((folder) =>
        planRun(output, inputsIn(folder, order), order.product, claim, { maxChunks, memoryBytes, ...size }),
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
      const plan = await requireJson<RunPlan>(output, keys.plan(claim.runId));
      const state = await withTemporaryFolder((folder) =>
        makeGrid(output, inputsIn(folder, order), order.product, claim, plan, {
          memoryBytes,
        }),
      );
      const seconds = secondsSince(started);
      logger.info("grid ready", { runId: claim.runId, product: claim.product, grid: plan.grid.id, state, seconds });
      return { state, seconds };
    },

    async close(order: RunOrder, claim: Claim, story: RunStory): Promise<Ended> {
      const plan = await requireJson<RunPlan>(output, keys.plan(claim.runId));
      const total = secondsSince(story.startedAt);
      const manifest = await closeRun(output, order.product, claim, plan, {
        errors: new Map(Object.entries(story.errors)),
        seconds: { grid: story.grid.seconds, total },
        finishedAt: secondsText(Date.now()),
      });
      report(logger, manifest, total, story);
      return endedOf(manifest);
    },

    async fail(order: RunOrder, claim: Claim, startedAt: number, error: string): Promise<Ended> {
      const total = secondsSince(startedAt);
      const finishedAt = secondsText(Date.now());
      const manifest = await failRun(output, order.product, claim, error, { seconds: { total }, finishedAt });
      report(logger, manifest, total);
      return endedOf(manifest);
    },
  };
}

function endedOf({ runId, status, counts, missing, error }: Manifest): Ended {
  return {
    status,
    manifest: keys.manifest(runId),
    written: counts.written,
    missing: missing.reduce((sum, { stations }) => sum + stations.length, 0),
    warnings: counts.warnings,
    ...(error === undefined ? {} : { error }),
  };
}

function secondsText(milliseconds: number): string {
  return timeText(Math.floor(milliseconds / 1000));
}

function secondsSince(milliseconds: number): number {
  return (Date.now() - milliseconds) / 1000;
}
