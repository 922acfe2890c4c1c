import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { InputError } from "../lib/errors.ts";
import { SOURCE_NAME } from "../lib/fetch/source-file.ts";
import { EXTENTS } from "../lib/grid/choices.ts";
import { inputKeys, RESERVED_NAMES } from "../lib/keys.ts";
import {
  BASELINE_FORM,
  BASELINE_ORDER,
  BASELINE_TEXT,
  baselineOf,
  isInOrder,
  isReserved,
  PRODUCT_NAME,
} from "../lib/run/product-rules.ts";
import { ENCODINGS } from "../lib/stations/encoding.ts";

/** A number from cdk.json, or its text from `-c name=value`. */
const whole = (from: number, to: number) => {
  const form = `is a whole number from ${from} to ${to}`;
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], form)
    .pipe(z.int(form).min(from, { error: form, abort: true }).max(to, { error: form, abort: true }));
};
const someText = z.string("is text");
const bucketName = someText.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is the name of a bucket that exists");
const MAX_LOG_DAYS = 3653;
const LOG_DAYS = Object.values(RetentionDays)
  .map(Number)
  .filter((days) => days <= MAX_LOG_DAYS);
const PRODUCTS_FORM = "is a list of product names, as prec,temp";
const SOURCES_FORM = "is a list of names of sources, as cfsv2-prec,precl";
/** The permissions on more products would not fit into the policy of a role. */
const MAX_PRODUCTS = 20;

/** Memory that the coordinator needs beside the grid: for its readers, the station table and requests under way. */
const MEMORY_BESIDE_GRID_MB = 256;

/** A file in a folder of the input bucket, which the functions may read. */
const keyIn = (folder: string) => new RegExp(String.raw`^${folder}[^/\\\p{Cc}*?$]+$`, "u");

/** A key below a folder, whose last part may be a pattern of several. */
const archiveIn = (folder: string) => new RegExp(String.raw`^${folder}([^/\\\p{Cc}*?$]+/)*[^/\\\p{Cc}$]+$`, "u");

/** Where neither they nor seriesDays are set. */
const RUN_DAYS = 400;

/** Every setting of a deployment. docs/deploy.md#settings-of-a-deployment explains them. */
const fields = z.strictObject({
  stackName: someText.regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, "is letters, digits and -").default("S2sFanout"),
  inputBucket: bucketName.optional(),
  outputBucket: bucketName.optional(),
  keepBuckets: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], "is true or false")
    .default(true),
  trigger: someText
    .regex(
      /^(notification|eventbridge|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})$/,
      "is notification, eventbridge, or the ARN of an SNS topic",
    )
    .default("notification"),
  observationsKey: someText
    .regex(
      archiveIn(inputKeys.observations),
      `is a file in ${inputKeys.observations}, or a pattern of files, as ${inputKeys.observations}archive.nc or ${inputKeys.observations}era5/*.nc`,
    )
    .optional(),
  stationsKey: someText
    .regex(keyIn(inputKeys.stations), `is a file in ${inputKeys.stations}, as ${inputKeys.stationTable}`)
    .default(inputKeys.stationTable),
  stationsEncoding: z.enum(ENCODINGS, `is one of ${ENCODINGS.join(", ")}`).optional(),
  products: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(","))], PRODUCTS_FORM)
    .refine((names) => names.length <= MAX_PRODUCTS, `names more than ${MAX_PRODUCTS} products`)
    .refine((names) => names.length > 0 && names.every((name) => PRODUCT_NAME.test(name)), PRODUCTS_FORM)
    .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, "names a product twice")
    .refine(
      (names) => !names.some(isReserved),
      `names one of ${RESERVED_NAMES.join(", ")}, which are folders of their own`,
    )
    .default(["prec"]),
  baseline: someText
    .regex(BASELINE_TEXT, { error: BASELINE_FORM, abort: true })
    .refine((text) => isInOrder(baselineOf(text)), BASELINE_ORDER)
    .optional(),
  grid: z.enum(EXTENTS, `is one of ${EXTENTS.join(", ")}`).optional(),
  chunkSize: whole(1, 5000).optional(),
  concurrency: whole(1, 1000).default(8),
  coordinatorMemoryMb: whole(512, 10_240).default(1769),
  coordinatorTimeoutSeconds: whole(60, 900).default(300),
  coordinatorStorageMb: whole(512, 10_240).default(2048),
  executionTimeoutMinutes: whole(1, 527_040).default(15),
  gridMemoryMb: whole(16, 8192).default(256),
  workerMemoryMb: whole(256, 10_240).default(512),
  workerTimeoutSeconds: whole(15, 900).default(120),
  logDays: whole(1, MAX_LOG_DAYS)
    .refine((days) => LOG_DAYS.includes(days), `is one of ${LOG_DAYS.toSorted((a, b) => a - b).join(", ")}`)
    .default(90),
  runDays: whole(7, 3650).optional(),
  /** Longer than from one forecast to the next: latest.json expires as well where no run writes it anew. */
  seriesDays: whole(40, 3650).optional(),
  gridDays: whole(40, 3650).default(100),
  inputVersionDays: whole(1, 3650).default(90),
  fetch: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(","))], SOURCES_FORM)
    .refine((names) => names.length > 0 && names.every((name) => SOURCE_NAME.test(name)), SOURCES_FORM)
    .refine((names) => new Set(names).size === names.length, "names a source twice")
    .optional(),
  fetchHours: whole(1, 24).default(6),
  fetchLookBackDays: whole(1, 400).optional(),
  alarmEmail: someText.regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, "is an e-mail address").optional(),
  quietDays: whole(1, 7).default(2),
});

const schema = fields
  .refine(({ inputBucket, outputBucket }) => inputBucket === undefined || inputBucket !== outputBucket, {
    path: ["outputBucket"],
    message: "is another bucket than inputBucket, or a run could start runs",
  })
  .refine(
    ({ coordinatorTimeoutSeconds, executionTimeoutMinutes }) =>
      coordinatorTimeoutSeconds <= executionTimeoutMinutes * 60,
    {
      path: ["executionTimeoutMinutes"],
      message: "is at least coordinatorTimeoutSeconds, or a run could not survive its own time-out",
    },
  )
  .refine(({ runDays, seriesDays }) => runDays === undefined || seriesDays === undefined || runDays === seriesDays, {
    path: ["runDays"],
    message: "is left out, or the same as seriesDays: a manifest and a page go when their series do",
  })
  .refine(({ coordinatorMemoryMb, gridMemoryMb }) => gridMemoryMb + MEMORY_BESIDE_GRID_MB <= coordinatorMemoryMb, {
    path: ["gridMemoryMb"],
    message: `is at most coordinatorMemoryMb less ${MEMORY_BESIDE_GRID_MB}, which its other work takes`,
  })
  .transform((settings) => ({ ...settings, runDays: settings.runDays ?? settings.seriesDays ?? RUN_DAYS }));

export type Settings = z.output<typeof schema>;

/** Names in cdk's context that belong to the toolkit: its flags, and what it looked up. No setting has such a name. */
const NAME_OF_TOOLKIT = /^(@|aws:|cli-)|:account=/;

/**
 * The settings of a deployment from cdk's context: `-c name=value` on the command line, or `context` of cdk.json.
 *
 * @param context - all of it, with the toolkit's own values
 * @throws InputError `BadSetting` naming every wrong value, and every name that is no setting with those that are
 */
export function settingsFrom(context: Readonly<Record<string, unknown>>): Settings {
  // An empty value counts as not given, so that a script can pass on a variable that may be empty.
  const given = Object.fromEntries(
    Object.entries(context).filter(([name, value]) => !NAME_OF_TOOLKIT.test(name) && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") return `there is no setting ${issue.keys.join(", ")}`;
    const name = String(issue.path[0]);
    return `${name} ${issue.message}, not ${JSON.stringify(given[name])}`;
  });
  const unknown = parsed.error.issues.some(({ code }) => code === "unrecognized_keys");
  throw new InputError("BadSetting", problems.join("; "), {
    file: "cdk context",
    ...(unknown ? { choices: Object.keys(fields.shape) } : {}),
  });
}
