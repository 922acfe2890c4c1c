import * as z from "zod";
import { InputError, messageOf } from "../errors.ts";
import { LATEST, RESERVED_NAMES } from "../keys.ts";
import { BUILT_IN_PRODUCTS, type Product, type SeriesExpectation } from "./product.ts";
import { isInOrder, isReserved, PRODUCT_NAME } from "./product-rules.ts";

/** A check for every field of T, and for no other: with `satisfies`, a schema and its type cannot part. */
type Checks<T> = { readonly [Field in keyof T]: z.ZodType<T[Field]> };

const name = z.string().regex(PRODUCT_NAME, "a letter, then letters, digits, - and _, at most 32");
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month as YYYY-MM");
const year = z.int().min(1).max(9999);
const csvText = z.string().regex(/^[^",\r\n]*$/, "text without comma, quote or line break");

const baseline = z.tuple([year, year]).refine(isInOrder, "the first year of a baseline is not after its last");

const observations = z.strictObject({
  key: z.string().min(1),
  variable: z.string().min(1),
  firstMonth: month,
  baseline,
  units: z.string().min(1).optional(),
  kind: z.enum(["field", "anomaly"]).optional(),
  base: baseline.optional(),
  climatology: z.strictObject({ key: z.string().min(1), variable: z.string().min(1) }).optional(),
} satisfies Checks<Product["observations"]>);

const forecast = z.strictObject({
  pattern: z.string().min(1),
  variable: z.string().min(1),
  select: z.record(z.string(), z.union([z.int().min(0), z.enum(["last", "mean", "all"])])).default({}),
  units: z.string().min(1).optional(),
  baseline: baseline.optional(),
  rebase: z.boolean().optional(),
} satisfies Checks<Product["forecast"]>);

const expectation = z.strictObject({
  lastMonth: z
    .string()
    .regex(/^M-\d{1,2}$/, "the last month as M-1: one before the month of the row for now")
    .optional(),
  leads: z.int().min(1).optional(),
  rising: z.boolean().optional(),
  everyMonth: z.boolean().optional(),
  usable: z.number().min(0).max(1).optional(),
} satisfies Checks<SeriesExpectation>);

const series = z.strictObject({
  column: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a letter or _, then letters, digits and _"),
  key: z
    .string()
    .regex(
      /^[^{}]*(\{(product|forecast|station|suffix)\}[^{}]*)*$/,
      "words in {} are product, forecast, station, suffix",
    )
    .refine((key) => key.includes("{station}"), "the key holds {station}, or all stations would share one file")
    .refine((key) => key.includes("{forecast}"), "the key holds {forecast}, or the next forecast would overwrite it")
    .regex(/^[^\\\p{Cc}]*$/u, "the key has no backslash and no control character")
    // So products share no key, and a deployment can say which keys its workers may write.
    .refine((key) => key.startsWith("{product}/"), "the key begins with {product}/")
    .refine(
      (key) => key.split("/").every((part) => part !== "" && part !== LATEST && !part.startsWith(".")),
      `no part of the key is empty, ${LATEST}, or begins with a dot`,
    )
    .default("{product}/{forecast}/{station}.{suffix}.csv"),
  suffix: name,
  gapRow: csvText.nullable().default("0.0"),
  missing: csvText.default("0.0"),
  maxDistanceKm: z.number().positive().optional(),
  expect: expectation.optional(),
} satisfies Checks<Product["series"]>);

/** What a `products.json` says of one product; {@link Product} explains the fields. */
export const productSchema = z.strictObject({
  name: name.refine((text) => !isReserved(text), `${RESERVED_NAMES.join(" and ")} are folders of their own`),
  observations,
  forecast,
  series,
} satisfies Checks<Product>);
const productFile = z.strictObject({ products: z.array(productSchema).min(1) });

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
    throw new InputError("BadProduct", `is not JSON: ${messageOf(cause)}`, { file, cause });
  }
  const parsed = productFile.safeParse(json);
  if (!parsed.success) throw new InputError("BadProduct", z.prettifyError(parsed.error), { file });
  const own = parsed.data.products;
  // Names become folders, and some disks take prec and PREC for one.
  const names = own.map((p) => p.name.toLowerCase());
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) throw new InputError("BadProduct", `has two products named "${twice}"`, { file });
  return [...own, ...BUILT_IN_PRODUCTS.filter((p) => !names.includes(p.name.toLowerCase()))];
}
