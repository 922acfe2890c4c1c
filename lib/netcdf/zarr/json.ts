import { brokenFile } from "../../errors.ts";

/** The properties of a JSON object, whatever they are. */
export type Json = Readonly<Record<string, unknown>>;

/** Marks a number that JSON has no word for, and Python writes all the same. */
const BARE = "\u0000";

/** What a file of metadata says. @throws InputError `BrokenFile` where it is no JSON object */
export function parseObject(bytes: Uint8Array, file: string): Json {
  const text = new TextDecoder().decode(bytes);
  const valid = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(BARE + token),
  );
  let value: unknown;
  try {
    value = JSON.parse(valid);
  } catch (cause) {
    throw brokenFile("is no JSON", { file, cause });
  }
  if (!isObject(value)) throw brokenFile("is no JSON object", { file });
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number, also one that Python writes as a word; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.startsWith(BARE)) return Number(value.slice(BARE.length));
  return undefined;
}

/** Whole numbers from `least` on; undefined for anything else. */
export function countsIn(value: unknown, least: number): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) >= least;
  return value.every(isCount) ? value : undefined;
}
