import * as z from "zod";
import { InputError, messageOf } from "../errors.ts";
import { EXTENTS } from "../grid/choices.ts";
import { LATEST, RESERVED_NAMES } from "../keys.ts";
import { BUILT_IN_PRODUCTS } from "./built-in-products.ts";
import { DEFAULT_SERIES_KEY, type Product, type SeriesExpectation } from "./product.ts";
import { formOf, productProblems } from "./product-problems.ts";
import { isInOrder, isReserved, PRODUCT_NAME } from "./product-rules.ts";

/** A check for every field of T, and for no other: with `satisfies`, a schema and its type cannot part. */
type Checks<T> = { readonly [Field in keyof T]: z.ZodType<T[Field]> };

const name = z.string().regex(PRODUCT_NAME, "must be a letter, then letters, digits, - and _, at most 32");
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month as YYYY-MM");
const year = z.int().min(1).max(9999);
const csvText = z.string().regex(/^[^",\r\n]*$/, "must be a text without comma, quote or line break");

const baseline = z
  .tuple([year, year], "must be a first and a last year")
  .refine(isInOrder, "must have its first year not after its last");

/** What is taken along dimensions: a position, or one of these words. */
function choices<const T extends readonly [string, ...string[]]>(named: T) {
  const rule = `must be a position counted from 0, ${named.map((word) => `"${word}"`).join(", ")}`.replace(
    /, (?=[^,]*$)/,
    " or ",
  );
  return z.record(z.string(), z.union([z.int().min(0, rule), z.enum(named)], rule));
}

const observations = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .regex(/^[^*?]*(\/[^/]*)?$|^[^/]*$/, "must have * and ? in its last part alone, as in observations/era5/*.nc"),
    variable: z.string().min(1),
    firstMonth: month,
    baseline,
    units: z.string().min(1).optional(),
    select: choices(["last", "mean", "merge"]).optional(),
    ignoreValidRange: z.boolean().optional(),
    minYears: z.int().min(1).optional(),
    frequency: z.enum(["monthly", "daily"]).optional(),
    monthly: z.enum(["mean", "sum"]).optional(),
    weekly: z.enum(["mean", "sum"]).optional(),
    windowDays: z.int().min(0).max(182).optional(),
    minDays: z.int().min(1).max(31).optional(),
    kind: z.enum(["field", "anomaly"]).optional(),
    base: baseline.optional(),
    climatology: z.strictObject({ key: z.string().min(1), variable: z.string().min(1) }).optional(),
  } satisfies Checks<Product["observations"]>)
  .refine(({ minYears, baseline: [first, last] }) => minYears === undefined || minYears <= last - first + 1, {
    path: ["minYears"],
    message: "must be at most the number of baseline years",
  })
  .refine(({ frequency, monthly }) => frequency === "daily" || monthly === undefined, {
    path: ["monthly"],
    message: 'must be left out, or observations.frequency be "daily"',
  })
  .refine(({ frequency, weekly }) => frequency === "daily" || weekly === undefined, {
    path: ["weekly"],
    message: 'must be left out, or observations.frequency be "daily"',
  })
  .refine(({ monthly, weekly }) => monthly === undefined || weekly === undefined, {
    path: ["monthly"],
    message: "must be left out beside observations.weekly",
  })
  .refine(({ weekly, windowDays }) => weekly !== undefined || windowDays === undefined, {
    path: ["windowDays"],
    message: "must be left out, or observations.weekly be there",
  })
  .refine(({ weekly, minDays = 0 }) => weekly === undefined || minDays <= 7, {
    path: ["minDays"],
    message: "must be 7 or less, as a week has no more",
  })
  .refine(({ weekly, climatology }) => weekly === undefined || climatology === undefined, {
    path: ["climatology"],
    message: "must be left out beside observations.weekly, as it is of calendar months",
  })
  .refine(({ frequency, minDays }) => frequency === "daily" || minDays === undefined, {
    path: ["minDays"],
    message: 'must be left out, or observations.frequency be "daily"',
  })
  .refine(({ kind, base }) => kind === "anomaly" || base === undefined, {
    path: ["base"],
    message: 'must be left out, or observations.kind be "anomaly"',
  })
  .refine(({ kind, climatology }) => kind !== "anomaly" || climatology === undefined, {
    path: ["climatology"],
    message: 'must be left out where observations.kind is "anomaly"',
  });

const initialisations = z.strictObject({
  last: z.int().min(2).max(100),
  within: z.string().regex(/^[1-9]\d{0,2} days?$/, 'must be a number of days, such as "15 days"'),
});

const forecast = z
  .strictObject({
    pattern: z.string().min(1),
    variable: z.string().min(1),
    select: choices(["last", "mean", "all"]).default({}),
    ignoreValidRange: z.boolean().optional(),
    units: z.string().min(1).optional(),
    baseline: baseline.optional(),
    climatology: z.strictObject({ key: z.string().min(1), variable: z.string().min(1).optional() }).optional(),
    initialisations: initialisations.optional(),
    rebase: z.boolean().optional(),
    daysIntoWeek: z.int().min(0).max(7).optional(),
  } satisfies Checks<Product["forecast"]>)
  .refine(({ climatology, initialisations: several }) => climatology === undefined || several === undefined, {
    path: ["initialisations"],
    message: "must be left out where forecast.climatology is set: of anomalies alone the mean of several starts is one",
  });

const expectation = z.strictObject({
  lastMonth: z
    .string()
    .regex(/^M-\d{1,2}$/, "must be the last month as M-1: one before the month of the row for now")
    .optional(),
  leads: z.int().min(1).optional(),
  rising: z.boolean().optional(),
  everyMonth: z.boolean().optional(),
  usable: z.number().min(0).max(1).optional(),
} satisfies Checks<SeriesExpectation>);

/** Within these, the cells of even a fine grid are few enough to be looked at for every station. */
const [MOST_KM, MOST_DEGREES] = [1000, 10];
const km = z.strictObject({ km: z.number().positive().max(MOST_KM) });
const degrees = z.strictObject({ degrees: z.number().positive().max(MOST_DEGREES) });
const method = z.union(
  [
    z.enum(["nearest", "bilinear"]),
    z.strictObject({ nearestValid: km }),
    z.strictObject({ box: z.union([km, degrees]) }),
  ],
  `must be "nearest", "bilinear", { "nearestValid": { "km": 100 } }, { "box": { "km": 100 } } or { "box": { "degrees": 1 } }, of at most ${MOST_KM} km or ${MOST_DEGREES} degrees`,
);

const series = z.strictObject({
  column: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a letter or _, then letters, digits and _"),
  key: z
    .string()
    .regex(
      /^[^{}]*(\{(product|forecast|run|station|suffix)\}[^{}]*)*$/,
      "must have no words in {} but product, forecast, run, station, suffix",
    )
    .refine((key) => key.includes("{station}"), "must hold {station}, or all stations would share one file")
    .refine(
      (key) => key.includes("{run}"),
      "must hold {run}, or the series of one run could be written over by another",
    )
    .regex(/^[^\\\p{Cc}]*$/u, "must have no backslash and no control character")
    // So products share no key, and a deployment can say which keys its workers may write.
    .refine((key) => key.startsWith("{product}/"), "must begin with {product}/")
    .refine(
      (key) => key.split("/").every((part) => part !== "" && part !== LATEST && !part.startsWith(".")),
      `must have no part that is empty, ${LATEST}, or begins with a dot`,
    )
    .default(DEFAULT_SERIES_KEY),
  suffix: name,
  gapRow: csvText.nullable().default("0.0"),
  missing: csvText.default("0.0"),
  times: z.enum(["second", "day"]).optional(),
  maxDistanceKm: z.number().positive().optional(),
  method: method.optional(),
  expect: expectation.optional(),
} satisfies Checks<Product["series"]>);

/** What a `products.json` says of one product; {@link Product} explains the fields. */
export const productSchema = z.strictObject({
  name: name.refine((text) => !isReserved(text), `must be another word than ${RESERVED_NAMES.join(", ")}`),
  grid: z.enum(EXTENTS).optional(),
  observations,
  forecast,
  series,
} satisfies Checks<Product>);

const ofWeeks = (whole: z.infer<typeof productSchema>) => whole.observations.weekly !== undefined;

/** What only a product of months, or of weeks, can have. */
const product = productSchema
  .refine((whole) => ofWeeks(whole) || whole.forecast.daysIntoWeek === undefined, {
    path: ["forecast", "daysIntoWeek"],
    message: "must be left out, or observations.weekly be there",
  })
  .refine((whole) => !ofWeeks(whole) || whole.series.expect?.lastMonth === undefined, {
    path: ["series", "expect", "lastMonth"],
    message: "must be left out beside observations.weekly",
  })
  .refine((whole) => !ofWeeks(whole) || whole.series.expect?.everyMonth === undefined, {
    path: ["series", "expect", "everyMonth"],
    message: "must be left out beside observations.weekly",
  });
const productFile = z.strictObject({ products: z.array(product).min(1) });

/** The names of the fields of a product, by "", and of each of its parts, by the part's name. */
function fieldsOfProduct(): Record<string, string[]> {
  const { shape } = productSchema;
  const parts = {
    observations,
    forecast,
    series,
    expect: expectation,
    climatology: observations.shape.climatology.unwrap(),
    initialisations,
  };
  const inner = Object.entries(parts).map(([part, schema]) => [part, Object.keys(schema.shape)] as const);
  return { "": Object.keys(shape), ...Object.fromEntries(inner) };
}

/**
 * The products of a `products.json`, and the built-in ones that it does not name itself.
 *
 * @throws InputError `BadProduct` naming every wrong value
 */
export function parseProducts(text: string, file: string): Product[] {
  let json: unknown;
  try {
    // Editors on Windows begin a text with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const problem = text.trim() === "" ? "is empty" : `is not JSON: ${messageOf(cause)}`;
    throw new InputError("BadProduct", problem, { file, hint: formOf(), cause });
  }
  const parsed = productFile.safeParse(json);
  if (!parsed.success)
    throw new InputError("BadProduct", productProblems(json, parsed.error.issues, fieldsOfProduct()), { file });
  const own = parsed.data.products;
  // Names become folders, and some disks take prec and PREC for one.
  const names = own.map((p) => p.name.toLowerCase());
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) throw new InputError("BadProduct", `has two products named "${twice}"`, { file });
  return [...own, ...BUILT_IN_PRODUCTS.filter((p) => !names.includes(p.name.toLowerCase()))];
}
