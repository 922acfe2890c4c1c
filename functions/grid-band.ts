import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { InputError } from "../lib/errors.ts";
import { keys } from "../lib/keys.ts";
import { makeBand } from "../lib/run/bands.ts";
import type { Claim } from "../lib/run/records.ts";
import { s3Store } from "../lib/store/s3.ts";
import { s3Archive } from "../lib/store/s3-files.ts";
import { s3Input } from "../lib/store/s3-folder.ts";
import { slimClient } from "../lib/store/s3-slim/client.ts";
import { requireJson } from "../lib/store/store.ts";
import { sweepTemporaryFolders, withTemporaryFolder } from "../lib/store/temporary-folder.ts";
import { checkEvent, flag, required, timeKeeper } from "./worker/invocation.ts";

/** What the coordinator sends: everything else is in the run's claim and grid plan. */
export interface BandEvent {
  readonly runId: string;
  readonly bandId: string;
  readonly product: string;
}

/** What it is told; the record holds the rest. */
export interface BandResult {
  readonly bandId: string;
  /** Arrays of tiles that have any value. */
  readonly tiles: number;
  readonly seconds: number;
}

const logger = new Logger({ serviceName: "grid-band" });
// An instance that ran out of time starts anew with the /tmp that it left.
sweepTemporaryFolders();
const client = slimClient({ forcePathStyle: flag("S3_FORCE_PATH_STYLE") });
const inputBucket = required("INPUT_BUCKET");
const output = s3Store(client, required("OUTPUT_BUCKET"));
const memoryBytes = gridMemory();

/**
 * Makes one band of a run's anomaly grid: its tiles, then its record.
 *
 * @throws InputError as {@link makeBand} does; `OutOfTime` where the time of the invocation ends first
 */
export async function handler(event: BandEvent, context: Context): Promise<BandResult> {
  logger.addContext(context);
  const about = checkEvent(event, "band");
  const { runId, bandId } = about;
  const checkTime = timeKeeper(context, {
    file: `band ${bandId} of ${runId}`,
    hint: "Give the coordinator, whose settings this function has, more time or memory",
  });
  const started = Date.now();
  try {
    const claim = await requireJson<Claim>(output, keys.claim(runId));
    const { tiles } = await withTemporaryFolder((folder) =>
      makeBand({ store: output, inputs: inputsIn(folder, claim), claim, memoryBytes, checkTime }, bandId),
    );
    const result = { bandId, tiles: Object.keys(tiles).length, seconds: (Date.now() - started) / 1000 };
    logger.info("band stored", { ...about, ...result });
    return result;
  } catch (error) {
    logger.error("band failed", { ...about, error });
    throw error;
  }
}

/** What the run's grid is made of, downloaded to a folder when it is read. */
function inputsIn(folder: string, { observations, climatology }: Claim) {
  const file = (key: string) => s3Input(client, inputBucket, key, folder);
  return {
    observations: s3Archive({ client, bucket: inputBucket, pattern: observations.key }, folder),
    climatology: climatology && file(climatology.key),
  };
}

/** As functions/settings.ts reads it for the coordinator. */
function gridMemory(): number {
  const value = required("GRID_MEMORY_MB");
  if (/^[1-9]\d*$/.test(value)) return Number(value) * 2 ** 20;
  throw new InputError("BadSetting", `GRID_MEMORY_MB is a whole number of MiB from 1 on, not "${value}"`, {
    file: "environment",
  });
}
