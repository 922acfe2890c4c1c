import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { gridReader } from "../lib/grid/stored-grid.ts";
import type { GridState } from "../lib/run/grid-step.ts";
import { ChunkRooms, runChunk } from "../lib/run/run-chunk.ts";
import { s3Store } from "../lib/store/s3.ts";
import { slimClient } from "../lib/store/s3-slim/client.ts";
import { checkEvent, flag, required, timeKeeper } from "./worker/invocation.ts";

/** What the coordinator sends: everything else is in the chunk's JSON. */
export interface ChunkEvent {
  readonly runId: string;
  readonly chunkId: string;
  readonly product: string;
  /** Whether the run's grid was stored, by default, or was computed for it. */
  readonly grid?: GridState;
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

const logger = new Logger({ serviceName: "station-chunk" });
const bucket = required("OUTPUT_BUCKET");
const client = slimClient({ forcePathStyle: flag("S3_FORCE_PATH_STYLE") });
const store = s3Store(client, bucket);
const gridOf = gridReader(store);
const rooms = new ChunkRooms();

/**
 * Writes the CSVs and the receipt of one chunk of stations.
 *
 * @throws InputError as {@link runChunk} does; `OutOfTime` where the time of the invocation ends first: what was
 *   written stays valid, and the coordinator tries again
 */
export async function handler(event: ChunkEvent, context: Context): Promise<ChunkResult> {
  logger.addContext(context);
  const about = checkEvent(event, "chunk");
  const { runId, chunkId } = about;
  const checkTime = timeKeeper(context, {
    file: `chunk ${chunkId} of ${runId}`,
    hint: "Give the worker more time or memory, or the run smaller chunks",
  });
  try {
    const { stations, warnings, seconds } = await runChunk(store, runId, chunkId, {
      concurrency: CONCURRENCY,
      checkTime,
      gridOf,
      rooms,
      ...(event.grid === undefined ? {} : { grid: event.grid }),
    });
    logger.info("chunk written", { ...about, stations, warnings: warnings.length, seconds });
    return { chunkId, stations, warnings: warnings.length, seconds };
  } catch (error) {
    logger.error("chunk failed", { ...about, error });
    throw error;
  }
}
