import { join } from "node:path";
import { InputError } from "../errors.ts";

/** Where a user says that something is: a path of this machine, or in a bucket. */
export type Place =
  | { readonly kind: "path"; readonly path: string }
  /** The key is empty for the bucket itself. */
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string };

/** A scheme of two letters at least: one alone is a drive of Windows. */
const URL_LIKE = /^([a-z][a-z0-9+.-]+):\/\//i;
const BUCKET = /^[\w.-]{3,255}$/;

/**
 * The place that a text names: `s3://bucket/key`, or a path. Keys are taken as they stand, without any encoding.
 *
 * @throws InputError `BadName` for another URL, for a bucket that can be none, and for no name at all
 */
export function placeOf(text: string): Place {
  const refuse = (problem: string, hint: string) =>
    new InputError("BadName", problem, { file: text.trim() === "" ? "(no name)" : text, hint });
  if (text.trim() === "") throw refuse("names nothing", "Give a path, or s3://bucket/key");
  const scheme = URL_LIKE.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    // What a path that was put together of s3:// and a key looks like.
    if (/^s3:/i.test(text)) throw refuse("is neither a path nor a URL", "Write s3://bucket/key, with two slashes");
    return { kind: "path", path: text };
  }
  if (scheme === "file") throw refuse("is a URL of a file", "Give its path alone");
  if (scheme !== "s3") {
    throw refuse(`${scheme}:// is not read`, "Give a path, or s3://bucket/key; download what is elsewhere");
  }
  const rest = text.slice("s3://".length);
  const [bucket = ""] = rest.split("/", 1);
  if (!BUCKET.test(bucket)) throw refuse(`"${bucket}" is no bucket's name`, "Write s3://bucket/key");
  return { kind: "s3", bucket, key: rest.slice(bucket.length + 1) };
}

/**
 * {@link placeOf} of one file.
 *
 * @throws InputError `BadName` as that, and for a bucket without a key
 */
export function filePlace(text: string): Place {
  const place = placeOf(text);
  if (place.kind === "path" || (place.key !== "" && !place.key.endsWith("/"))) return place;
  throw new InputError("BadName", "names no object", { file: text, hint: "Write s3://bucket/key, the whole key" });
}

/**
 * {@link placeOf} of a folder, or of a prefix of a bucket, which is without a slash at its end.
 *
 * @throws InputError `BadName` as that, and for a prefix with an empty part, `.` or `..`
 */
export function folderPlace(text: string): Place {
  const place = placeOf(text);
  if (place.kind === "path") return place;
  const key = place.key.replace(/\/$/, "");
  if (place.key === "" || !key.split("/").some((part) => ["", ".", ".."].includes(part))) return { ...place, key };
  throw new InputError("BadName", `"${key}" is no prefix of keys`, {
    file: text,
    hint: "Write s3://bucket/prefix, without empty parts, . and ..",
  });
}

/**
 * A path of this machine, as it was given.
 *
 * @throws InputError `BadName` for any URL, which would be taken for a folder of that name
 */
export function pathAlone(text: string): string {
  const place = placeOf(text);
  if (place.kind === "path") return place.path;
  throw new InputError("BadName", "is not a folder of this machine", { file: text, hint: "Give a path" });
}

/** What users call an object of the folder or bucket that they call `out`. */
export function within(out: string, key: string): string {
  return URL_LIKE.test(out) ? `${out.replace(/\/$/, "")}/${key}` : join(out, key);
}
