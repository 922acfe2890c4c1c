import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { InputError } from "../lib/errors.ts";
import { fetchSources, PATIENCE } from "../lib/fetch/fetch.ts";
import type { SourceOutcome } from "../lib/fetch/fetching.ts";
import { BUILT_IN_SOURCES, chooseSources, type Source } from "../lib/fetch/source.ts";
import { inputKeys } from "../lib/keys.ts";
import { s3Store } from "../lib/store/s3.ts";
import { slimClient } from "../lib/store/s3-slim/client.ts";
import { sweepTemporaryFolders, withTemporaryFolder } from "../lib/store/temporary-folder.ts";
import { report } from "./fetcher/report.ts";
import { flag, required } from "./worker/invocation.ts";

/** Kept in hand beside the time for one file. */
const RESERVE_MS = 30_000;

const logger = new Logger({ serviceName: "fetcher" });
// An instance that ran out of time starts anew with the /tmp that it left.
sweepTemporaryFolders();
const input = s3Store(slimClient({ forcePathStyle: flag("S3_FORCE_PATH_STYLE") }), required("INPUT_BUCKET"));
const names = required("FETCH_SOURCES").split(",");
const lookBackDays = lookBack();

/**
 * Fetches what the sources have and the input bucket has not. On a schedule: what one round leaves, the next one does.
 *
 * @returns what came of each source
 * @throws InputError `BadSource`, `NoAccess`; what becomes of single files is told by logs and metrics
 */
export async function handler(_: unknown, context: Context): Promise<SourceOutcome[]> {
  logger.addContext(context);
  try {
    const sources = chooseSources(await definedSources(), names);
    const outcomes = await withTemporaryFolder((folder) =>
      fetchSources(sources, {
        store: input,
        now: Date.now(),
        patience: PATIENCE,
        folder,
        lookBackDays,
        hasTime: () => context.getRemainingTimeInMillis() > PATIENCE.totalMs + RESERVE_MS,
      }),
    );
    report(logger, outcomes);
    return outcomes;
  } catch (error) {
    logger.error("fetching failed", { error });
    throw error;
  }
}

/** The sources of the bucket's `sources.json`, if there is one, and those that are built in. */
async function definedSources(): Promise<readonly Source[]> {
  const file = await input.get(inputKeys.sources);
  if (file === undefined) return BUILT_IN_SOURCES;
  // Loaded late: it is large, and most deployments have no such file.
  const { parseSources } = await import("../lib/fetch/source-file.ts");
  return parseSources(new TextDecoder().decode(file.body), `${input.name}/${inputKeys.sources}`);
}

function lookBack(): number | undefined {
  const value = process.env["FETCH_LOOK_BACK_DAYS"] ?? "";
  if (value === "") return undefined;
  if (/^[1-9]\d{0,2}$/.test(value)) return Number(value);
  throw new InputError("BadSetting", `FETCH_LOOK_BACK_DAYS is a whole number of days from 1 on, not "${value}"`, {
    file: "environment",
  });
}
