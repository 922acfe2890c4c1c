import * as z from "zod";
import { InputError } from "../lib/errors.ts";
import { EXTENTS } from "../lib/grid/choices.ts";
import { inputKeys } from "../lib/keys.ts";
import { BASELINE_FORM, BASELINE_ORDER, BASELINE_TEXT, baselineOf, isInOrder } from "../lib/run/product-rules.ts";
import { ENCODINGS } from "../lib/stations/encoding.ts";

const count = (what: string) => z.coerce.number(what).pipe(z.int(what).min(1, what));
const amount = (what: string) => z.coerce.number(what).positive(what);
const bucket = z.string("is not set").regex(/^[\w.-]{3,}$/, "is the name of a bucket");

/** The variables of the coordinator's environment. docs/deploy.md#environment-of-the-functions explains them to users. */
const environment = z.object({
  INPUT_BUCKET: bucket,
  OUTPUT_BUCKET: bucket,
  /** Qualified ARN, or name, of the worker. */
  STATION_CHUNK_FUNCTION: z.string("is not set"),
  /** How many workers run at once. */
  MAX_CONCURRENCY: count("is a whole number from 1 on").default(8),
  /** Stations in a chunk. By default 50, or more where a run would have too many chunks. */
  CHUNK_SIZE: count("is a whole number from 1 on").optional(),
  /** Key of the archive, in place of the one that the product names. */
  OBSERVATIONS_KEY: z.string().optional(),
  STATIONS_KEY: z.string().default(inputKeys.stationTable),
  /** Encoding of a station table that is text. By default it is found out. */
  STATIONS_ENCODING: z.enum(ENCODINGS, `is one of ${ENCODINGS.join(", ")}`).optional(),
  /** Key of a file of products. By default `products.json`, if there is one. */
  PRODUCTS_KEY: z.string().optional(),
  /** Names of the products to run, separated by commas. By default all that are defined. */
  PRODUCTS: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .optional(),
  /** First and last year of the climatology, in place of every product's own. */
  BASELINE: z
    .string()
    .regex(BASELINE_TEXT, BASELINE_FORM)
    .transform(baselineOf)
    .refine(isInOrder, BASELINE_ORDER)
    .optional(),
  /** Which cells the anomaly grid has, in place of what every product says. */
  GRID: z.enum(EXTENTS, `is one of ${EXTENTS.join(", ")}`).optional(),
  /** How much of the grid is in memory at once, MiB. */
  GRID_MEMORY_MB: count("is a whole number of MiB from 1 on").default(256),
  /** How long one execution may last: after that, what it left undone may be taken over. */
  EXECUTION_TIMEOUT_MINUTES: count("is a whole number of minutes from 1 on").default(15),
  /** Qualified ARN, or name, of the function that makes bands of grids. Without it the coordinator makes every grid. */
  GRID_BAND_FUNCTION: z.string().optional(),
  /** Of an invocation of coordinator and of that function: /tmp in MiB, and seconds. */
  INVOCATION_STORAGE_MB: amount("is a number of MiB").default(2048),
  INVOCATION_SECONDS: amount("is a number of seconds").default(300),
  /** MB, as Lambda sets it. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: amount("is a number of MB").default(1769),
  /** What Lambda calls this function, and the version of it that runs. */
  AWS_LAMBDA_FUNCTION_NAME: z.string().default("coordinator"),
  AWS_LAMBDA_FUNCTION_VERSION: z.string().default("$LATEST"),
  S3_FORCE_PATH_STYLE: z.enum(["true", "false"], 'is "true" or "false"').default("false"),
});

export type CoordinatorSettings = z.output<typeof environment>;

/**
 * The coordinator's settings from its environment. An empty variable counts as not set, as a deployment passes one for
 * every setting that is left open.
 *
 * @throws InputError `BadSetting` naming every wrong variable
 */
export function coordinatorSettings(env: NodeJS.ProcessEnv): CoordinatorSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (parsed.success) {
    const { INPUT_BUCKET, OUTPUT_BUCKET } = parsed.data;
    if (INPUT_BUCKET !== OUTPUT_BUCKET) return parsed.data;
    throw new InputError("BadSetting", "INPUT_BUCKET and OUTPUT_BUCKET are the same, so a run could start runs", {
      file: "environment",
    });
  }
  const problems = parsed.error.issues.map(({ path: [name], message }) => {
    const value = given[String(name)];
    return `${String(name)} ${message}${value === undefined ? "" : `, not "${value}"`}`;
  });
  throw new InputError("BadSetting", problems.join("; "), { file: "environment" });
}
