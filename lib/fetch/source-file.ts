import * as z from "zod";
import { InputError, messageOf } from "../errors.ts";
import { FORECAST_SUFFIXES, inputKeys } from "../keys.ts";
import { keyTemplate } from "./due.ts";
import { BUILT_IN_SOURCES, type ForecastSource, type ObservationsSource, type Source } from "./source.ts";
import { hasTarget, tellsIssue, unknownWords } from "./template.ts";

/** A check for every field of T, and for no other, as in run/product-file.ts. */
type Checks<T> = { readonly [Field in keyof T]: z.ZodType<T[Field]> };

/** The form of a source's name: in a key, a setting and on the command line. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,31}$/;

const days = (most: number) => {
  const rule = `must be a whole number of days from 1 to ${most}`;
  return z.int(rule).min(1, rule).max(most, rule);
};
const address = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@{}]+\/[^\s?#]*[^\s?#/]$/i, "must be an http or https address of a file")
  .refine((text) => unknownWords(text).length === 0, "must have no words in {} but those for dates");
const key = (folder: string) =>
  z
    .string()
    .startsWith(folder, `must begin with ${folder}`)
    .regex(/^[^\\\p{Cc}*?]*$/u, "must have no *, ?, backslash or control character")
    .refine(
      (text) => text.split("/").every((part) => part !== "" && !part.startsWith(".")),
      "must have no part that is empty or begins with a dot",
    )
    .refine(
      (text) => unknownWords(text.replaceAll("{name}", "")).length === 0,
      "must have no words in {} but {name} and those for dates",
    );

const base = {
  name: z.string().regex(SOURCE_NAME, "must be a small letter, then small letters, digits and -, at most 32"),
  address,
  lateAfterDays: days(3650),
  maxMegabytes: z.number().positive().optional(),
  verified: z.iso.date("must be a day as YYYY-MM-DD").optional(),
};

const forecast = z
  .strictObject({
    ...base,
    kind: z.literal("forecast"),
    key: key(inputKeys.forecasts),
    issued: z.enum(["daily", "monthly"]),
    day: z.int().min(1).max(31).optional(),
    leads: z.array(z.int().min(0).max(24)).min(1).optional(),
    dated: z.enum(["name", "lastModified"]).optional(),
    listing: z.boolean().optional(),
    lookBackDays: days(400),
  } satisfies Checks<ForecastSource>)
  .superRefine((source, context) => {
    for (const [field, message] of problemsOf(source)) {
      context.addIssue({ code: "custom", path: [field], message, input: source[field] });
    }
  });

const observations = z.strictObject({
  ...base,
  kind: z.literal("observations"),
  address: address.refine((text) => !text.includes("{"), "must have no words for dates"),
  key: key(inputKeys.observations).refine((text) => !text.includes("{"), "must have no words for dates"),
} satisfies Checks<ObservationsSource>);

export const sourceSchema = z.discriminatedUnion("kind", [forecast, observations]);
const sourceFile = z.strictObject({ sources: z.array(sourceSchema).min(1) });

/** What of a forecast's fields does not fit together. */
function problemsOf(source: ForecastSource): [keyof ForecastSource, string][] {
  const { issued, day, leads, dated, listing } = source;
  const whole = keyTemplate(source);
  const isTargeted = hasTarget(source.address + whole);
  const rules: [boolean, keyof ForecastSource, string][] = [
    [
      tellsIssue(whole, issued),
      "key",
      "must have the day of issue in it, or of a monthly forecast the month: {YYYYMMDD}, {YYYYMM}, or {name} of an address that has them",
    ],
    [
      dated === "lastModified" || tellsIssue(source.address, issued),
      "address",
      'must have the day of issue in it, or of a monthly forecast the month; or "dated" be "lastModified"',
    ],
    [
      FORECAST_SUFFIXES.some((suffix) => whole.endsWith(suffix)),
      "key",
      `must end in ${FORECAST_SUFFIXES.join(", ")}, or no run would start`,
    ],
    [day === undefined || issued === "monthly", "day", 'must be left out, or "issued" be "monthly"'],
    [leads === undefined || isTargeted, "leads", "must be left out where neither address nor key have {target:YYYYMM}"],
    [leads !== undefined || !isTargeted || listing === true, "leads", 'must be given, or "listing" be true'],
    [
      leads === undefined || leads.length === 1 || hasTarget(whole),
      "key",
      "must have {target:YYYYMM} in it, or leads would share one key",
    ],
    [dated !== "lastModified" || listing !== true, "listing", 'must be left out where "dated" is "lastModified"'],
    [
      dated !== "lastModified" || !source.address.includes("{"),
      "address",
      'must have no words where "dated" is "lastModified"',
    ],
  ];
  return rules.flatMap(([holds, field, message]) => (holds ? [] : [[field, message]]));
}

/** A `sources.json` that is right. */
const RIGHT_FORM = {
  sources: [
    {
      name: "rain",
      kind: "forecast",
      issued: "daily",
      address: "https://example.org/data/rain.{YYYYMMDD}.{target:YYYYMM}.nc",
      key: "forecasts/{name}",
      leads: [1, 2],
      lookBackDays: 10,
      lateAfterDays: 3,
    },
  ],
};

/**
 * The sources of a `sources.json`, and the built-in ones that it does not name itself.
 *
 * @throws InputError `BadSource` naming every wrong value
 */
export function parseSources(text: string, file: string): Source[] {
  const hint = `The right form: ${JSON.stringify(RIGHT_FORM)}`;
  let json: unknown;
  try {
    // Editors on Windows begin a text with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new InputError("BadSource", `is not JSON: ${messageOf(cause)}`, { file, hint, cause });
  }
  const parsed = sourceFile.safeParse(json);
  if (!parsed.success) {
    throw new InputError("BadSource", parsed.error.issues.map((issue) => sentenceOf(json, issue)).join("; "), {
      file,
      hint,
    });
  }
  const own = parsed.data.sources;
  const names = own.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError("BadSource", `has two sources named "${twice}"`, { file });
  return [...own, ...BUILT_IN_SOURCES.filter(({ name }) => !names.includes(name))];
}

function sentenceOf(json: unknown, issue: z.core.$ZodIssue): string {
  const place = issue.path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`))
    .join("");
  if (issue.code === "unrecognized_keys")
    return `${place === "" ? "the file" : place} has no field ${issue.keys.join(", ")}`;
  const value = issue.path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    json,
  );
  const name = place === "" ? "the file" : place;
  if (value !== undefined) return `${name} is ${JSON.stringify(value)}: it ${ruleOf(issue)}`;
  return issue.message.startsWith("must ") ? `${name} is missing: it ${issue.message}` : `${name} is missing`;
}

function ruleOf(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith("must ") ? issue.message : `must be otherwise: ${issue.message}`;
}
