import * as z from "zod";
import { InputError, messageOf } from "../errors.ts";
import { BUILT_IN_PRODUCTS } from "./product.ts";

const word = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/i, "a letter, then letters, digits, - and _, at most 32");
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month as YYYY-MM");
const year = z.int().min(1).max(9999);

const observations = z.strictObject({
  /** Key of the archive in the input bucket. The local command is given a file instead. */
  key: z.string().min(1),
  variable: z.string().min(1),
  /** The series begin with this month, as does all that the anomalies are made of. */
  firstMonth: month,
  /** First and last year of the climatology. */
  baseline: z
    .tuple([year, year])
    .refine(([first, last]) => first <= last, "the first year of a baseline is not after its last"),
});

const forecast = z.strictObject({
  /** Which new files start this product: a name with `*` for any text and `?` for any letter. */
  pattern: z.string().min(1),
  variable: z.string().min(1),
  /**
   * How each dimension before latitude and longitude becomes one value, by its name in any case: a position, the
   * `mean` of the values that are not missing, or, for the time dimension alone, `all`: a row of the CSV for each.
   * A dimension of length 1 needs no word here. The default for time is `all`.
   */
  select: z.record(z.string(), z.union([z.int().min(0), z.literal("mean"), z.literal("all")])).default({}),
});

const series = z.strictObject({
  /** Name of the value column. */
  column: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a letter or _, then letters, digits and _"),
  /** Key of a station's CSV in the output; the default is `{product}/{forecast}/{station}.{suffix}.csv`. */
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
      (key) => key.split("/").every((part) => !/^(\..*|latest\.json|)$/.test(part)),
      "no part of the key is empty, latest.json, or begins with a dot",
    )
    .default("{product}/{forecast}/{station}.{suffix}.csv"),
  suffix: word,
  /** The value of the row for now, between observations and forecast; null for no such row. */
  gapRow: z
    .string()
    .regex(/^[^",\r\n]*$/, "text without comma, quote or line break")
    .nullable()
    .default("0.0"),
  /** How a missing value is written. */
  missing: z
    .string()
    .regex(/^[^",\r\n]*$/, "text without comma, quote or line break")
    .default("0.0"),
});

export const productSchema = z.strictObject({
  name: word.refine((name) => !/^(runs|grids)$/i.test(name), "runs and grids are folders of their own"),
  observations,
  forecast,
  series,
});
const productFile = z.strictObject({ products: z.array(productSchema).min(1) });

/** One observation variable married to one forecast variable, and how their series are written. */
export type Product = z.infer<typeof productSchema>;

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
