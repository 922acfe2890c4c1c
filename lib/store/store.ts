import { brokenFile, InputError, isInputError } from "../errors.ts";
import { printable } from "../printable.ts";

/** A key with the size in bytes of its object. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

export interface StoredObject {
  readonly body: Uint8Array;
  /** Names the bytes: two objects with the same etag in one store have the same bytes. */
  readonly etag: string;
}

/**
 * How an object is read of which one answer that it is absent is enough: it is then made anew, or written on condition that
 * there is none.
 */
export interface DerivedRead {
  /** Memory that the body may be read into, if it fits: new memory costs more than reading does. */
  readonly room?: Uint8Array | undefined;
}

/**
 * A flat store of objects under `/`-separated keys: an S3 bucket, or a folder. A reader sees an object whole or not
 * at all.
 */
export interface ObjectStore {
  /** What messages call it: `s3://bucket`, or the folder. */
  readonly name: string;
  /** The whole object, or undefined where there is none. */
  get(key: string, derived?: DerivedRead): Promise<StoredObject | undefined>;
  /** Writes the object, over another one if there is one. */
  put(key: string, body: Uint8Array | string): Promise<void>;
  /** Writes the object unless there is one; of any number of callers at once, exactly one is told `true`. */
  putIfAbsent(key: string, body: Uint8Array | string): Promise<boolean>;
  /**
   * Writes the object over the one of that etag; `false`, and nothing done, where there is another by now, or none. Of
   * any number of callers with the same etag at once, at most one is told `true`.
   */
  putIfMatch(key: string, body: Uint8Array | string, etag: string): Promise<boolean>;
  /**
   * Returns when no loss of power takes what was written before, or of that the objects of these keys, if there are any.
   * Not there where that holds of every write, as in S3.
   */
  flush?(keys?: readonly string[]): Promise<void>;
  /** Every object whose key starts with `prefix`, in order of keys. */
  list(prefix: string): AsyncIterable<ListedObject>;
}

/** An object that must be there. @throws InputError `FileNotFound` */
export async function requireObject(store: ObjectStore, key: string): Promise<StoredObject> {
  const found = await store.get(key);
  if (found !== undefined) return found;
  throw noObject(store, key);
}

/** The error of an object that is not there. */
export function noObject({ name }: ObjectStore, key: string): InputError {
  return new InputError("FileNotFound", "there is no such object", { file: `${name}/${key}` });
}

/**
 * The object as JSON, or undefined where there is none. The caller names its type: these are objects that this project
 * wrote.
 *
 * @throws InputError `BrokenFile` where it is no JSON object
 */
export async function getJson<T extends object>(store: ObjectStore, key: string): Promise<T | undefined> {
  const found = await store.get(key);
  return found && parseJson<T>(key, found.body);
}

/** {@link getJson} of an object that must be there. @throws InputError `FileNotFound`, `BrokenFile` */
export async function requireJson<T extends object>(store: ObjectStore, key: string): Promise<T> {
  const { body } = await requireObject(store, key);
  return parseJson<T>(key, body);
}

/** {@link getJson}, or undefined where it is broken: for objects that are written anew when they are missing. */
export async function getJsonIfWhole<T extends object>(store: ObjectStore, key: string): Promise<T | undefined> {
  try {
    return await getJson<T>(store, key);
  } catch (error) {
    if (isInputError(error, "BrokenFile")) return undefined;
    throw error;
  }
}

/** What {@link getJson} makes of an object's bytes. @throws InputError `BrokenFile` where they are no JSON object */
export function parseJson<T extends object>(key: string, body: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw broken(key, cause);
  }
  if (typeof value !== "object" || value === null) throw broken(key);
  return value as T;
}

function broken(key: string, cause?: unknown): InputError {
  const hint = "It was changed since it was written. Remove it, and force the run";
  return brokenFile("is not the JSON that was written there", { file: key, hint, cause });
}

/** JSON for people: indented, with a last line end, and nothing in it that a terminal would act upon. */
export function jsonText(value: unknown): string {
  return printable(`${JSON.stringify(value, null, 2)}\n`);
}
