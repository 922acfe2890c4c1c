import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { InputError } from "../lib/errors.ts";
import { gridReader } from "../lib/grid/stored-grid.ts";
import { runChunk } from "../lib/run/run-chunk.ts";
import { s3Store } from "../lib/store/s3.ts";
import { slimClient } from "../lib/store/s3-slim/client.ts";

/** What the coordinator sends: everything else is in the chunk's JSON. */
export interface ChunkEvent {
  readonly runId: string;
  readonly chunkId: string;
  readonly product: string;
}

/** What it is told; the receipt holds the rest. */
export interface ChunkResult {
  readonly chunkId: string;
  readonly stations: number;
  readonly warnings: number;
  readonly seconds: number;
}

/** Puts and gets under way at once. */
const CONCURRENCY = 32;
/** Kept in hand when a chunk stops: time to end what is being written, and to say so. */
const RESERVE_MS = 5_000;

/** Ids become keys, so they are held to the letters that ids have. No schema library: this bundle starts fast. */
const RUN_ID = /^[A-Za-z][\w.-]*-[0-9a-f]{12}$/;
const CHUNK_ID = /^\d{4}$/;
const PRODUCT = /^[A-Za-z][\w-]*$/;

const logger = new Logger({ serviceName: "station-chunk" });
const bucket = required("OUTPUT_BUCKET");
const client = slimClient({ forcePathStyle: flag("S3_FORCE_PATH_STYLE") });
const store = s3Store(client, bucket);
const gridOf = gridReader(store);

/**
 * Writes the CSVs and the receipt of one chunk of stations.
 *
 * @throws InputError as {@link runChunk} does; `OutOfTime` where the time of the invocation ends first: what was
 *   written stays valid, and the coordinator tries again
 */
export async function handler(event: ChunkEvent, context: Context): Promise<ChunkResult> {
  logger.addContext(context);
  const about = checkEvent(event);
  const { runId, chunkId } = about;
  const checkTime = () => {
    const left = context.getRemainingTimeInMillis();
    if (left < RESERVE_MS) {
      throw new InputError("OutOfTime", `only ${left} ms are left of this invocation`, {
        file: `chunk ${chunkId} of ${runId}`,
        hint: "Give the worker more time or memory, or the run smaller chunks",
      });
    }
  };
  try {
    const { stations, warnings, seconds } = await runChunk(store, runId, chunkId, {
      concurrency: CONCURRENCY,
      checkTime,
      gridOf,
    });
    logger.info("chunk written", { ...about, stations, warnings: warnings.length, seconds });
    return { chunkId, stations, warnings: warnings.length, seconds };
  } catch (error) {
    logger.error("chunk failed", { ...about, error });
    throw error;
  }
}

function checkEvent(event: Partial<Record<keyof ChunkEvent, unknown>> | null): ChunkEvent {
  const { runId, chunkId, product } = event ?? {};
  if (fits(runId, RUN_ID) && fits(chunkId, CHUNK_ID) && fits(product, PRODUCT)) {
    return { runId, chunkId, product };
  }
  throw new InputError("BadEvent", `${JSON.stringify(event)} names no chunk`, {
    hint: 'Send {"runId": "prec-20200625.202008-0123456789ab", "chunkId": "0001", "product": "prec"}',
  });
}

function fits(value: unknown, form: RegExp): value is string {
  return typeof value === "string" && form.test(value);
}

function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new InputError("BadSetting", `${name} is not set`, { file: "environment" });
}

/** A mistaken word must not count as `false`: it would show as a bucket that is not there. */
function flag(name: string): boolean {
  const value = process.env[name] ?? "";
  if (["", "true", "false"].includes(value)) return value === "true";
  throw new InputError("BadSetting", `${name} is "true" or "false", not "${value}"`, { file: "environment" });
}
