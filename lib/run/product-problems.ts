import { distance } from "fastest-levenshtein";
import type * as z from "zod";

/** A `products.json` that is right, as short as one can be. */
export const RIGHT_FORM = {
  products: [
    {
      name: "temp",
      observations: { key: "observations/air.nc", variable: "air", firstMonth: "1979-01", baseline: [1991, 2020] },
      forecast: { pattern: "CFSv2.T2m.*.nc", variable: "anom" },
      series: { column: "temp_ano", suffix: "temp" },
    },
  ],
};

const SHOWN_LENGTH = 60;

/** What is wrong at a place of the file, in the words of zod: `it must …`, or an issue of its own. */
type Issue = z.core.$ZodIssue;
type Path = Issue["path"];

const TYPES: Readonly<Record<string, string>> = {
  object: "must be an object",
  array: "must be a list",
  tuple: "must be a list",
  string: "must be a text",
  number: "must be a number",
  int: "must be a whole number",
  boolean: "must be true or false",
};

/**
 * What is wrong with the JSON of a `products.json`, a sentence for every mistake: its place, its value, and what is right.
 *
 * @param fields - the fields of a product and of its parts, by the part's name; those of the product itself by ""
 */
export function productProblems(
  json: unknown,
  issues: readonly Issue[],
  fields: Readonly<Record<string, readonly string[]>>,
): string {
  if (Array.isArray(json)) return `is a list. ${formOf()}`;
  if (isObject(json) && !("products" in json) && ("observations" in json || "series" in json)) {
    return `is a product, and not a list of products: put it into { "products": [ … ] }. ${formOf()}`;
  }
  const sentences = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownField([...issue.path, key], fields))
      : wrongValue(json, issue),
  );
  const whole = issues.some(({ path }) => path.length < 2);
  return [...sentences, ...(whole ? [formOf()] : [])].join(sentences.length > 1 ? "\n  " : ". ");
}

/** What a file is told that is no JSON, or no list of products. */
export function formOf(): string {
  return `The right form: ${JSON.stringify(RIGHT_FORM)}`;
}

function wrongValue(json: unknown, issue: Issue): string {
  const value = valueAt(json, issue.path);
  const name = issue.path.at(-1);
  const right = valueAt(
    RIGHT_FORM,
    issue.path.map((part) => (typeof part === "number" ? 0 : part)),
  );
  // A part of a product is too long to be shown in a sentence.
  const isShown = right !== undefined && issue.path.length > 2 && JSON.stringify(right).length <= SHOWN_LENGTH;
  const example = isShown ? `, such as "${String(name)}": ${JSON.stringify(right).replaceAll(",", ", ")}` : "";
  const place = issue.path.length === 0 ? "the file" : placeText(issue.path);
  const rule = ruleOf(issue);
  return value === undefined
    ? `${place} is missing: it ${rule}${example}`
    : `${place} is ${shown(value)}: it ${rule}${example}`;
}

function ruleOf(issue: Issue): string {
  if (issue.message.startsWith("must ")) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      if (issue.origin === "array") return `must hold ${issue.minimum} at least`;
      if (issue.origin === "string") return "must not be empty";
      return `must be ${issue.inclusive === false ? "more than " : ""}${issue.minimum}${issue.inclusive === false ? "" : " or more"}`;
    case "too_big":
      return issue.origin === "array" ? `must hold ${issue.maximum} at most` : `must be ${issue.maximum} or less`;
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
    case "unrecognized_keys":
    default:
      return `must be otherwise: ${issue.message}`;
  }
}

function unknownField(path: Path, fields: Readonly<Record<string, readonly string[]>>): string {
  const name = String(path.at(-1));
  const part = path.length === 1 ? undefined : path.length === 3 ? "" : String(path.at(-2));
  const known = part === undefined ? ["products"] : (fields[part] ?? []);
  const home = Object.keys(fields).filter((other) => other !== part && fields[other]!.includes(name));
  const near = known.find((field) => distance(field.toLowerCase(), name.toLowerCase()) <= 2);
  const place = `${placeText(path)} is no field`;
  if (near !== undefined) return `${place}: did you mean "${near}"?`;
  if (home.length > 0)
    return `${place} there: it is one of ${home.map((other) => (other === "" ? "the product itself" : other)).join(" and of ")}`;
  return `${place}. Valid choices: ${known.join(", ")}`;
}

function placeText(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`))
    .join("");
}

function valueAt(json: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (isObject(inner) ? inner[String(part)] : undefined), json);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
