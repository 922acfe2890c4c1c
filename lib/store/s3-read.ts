import { brokenFile, type InputError } from "../errors.ts";
import type { ObjectInfo, ObjectPlace, S3Client } from "./s3-client.ts";
import { refusal, saysAbsent, statusOf } from "./s3-errors.ts";
import type { StoredObject } from "./store.ts";

/** Large objects are moved in parts of this many bytes, in both directions. */
export const PART_BYTES = 8 * 2 ** 20;

/** How often S3 may contradict itself about an object. */
const READ_ATTEMPTS = 3;

/** `length` bytes, one at least, from `start` on. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Where an object is, and what asks for it. */
export interface ClientPlace extends ObjectPlace {
  readonly client: S3Client;
}

/**
 * The bytes of an object, or of a range of it; undefined where there is no object.
 *
 * @param only - a range of it; only if the object still has this etag; whether one answer that it is absent is believed
 * @throws InputError `BrokenFile` where the object ends before the range does; `InputChanged` where it has another etag;
 *   `NoAccess` for a bucket that cannot be read
 */
export async function readObject(
  place: ClientPlace,
  only: { readonly range?: ByteRange; readonly etag?: string; readonly believesAbsence?: boolean } = {},
): Promise<StoredObject | undefined> {
  const { client, bucket, key } = place;
  const { range, etag, believesAbsence = false } = only;
  const file = `s3://${bucket}/${key}`;
  const options = { range: range && `bytes=${range.start}-${range.start + range.length - 1}`, etag };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const found = await client.get(place, options);
      if (range === undefined || found.body.length >= range.length) return found;
      throw tooShort(file, range, `ends after ${range.start + found.body.length} bytes`);
    } catch (error) {
      // 416 is S3's word for a range that starts at the object's end or after it.
      if (range && statusOf(error) === 416) throw tooShort(file, range, `has no byte ${range.start}`);
      if (!saysAbsent(error)) throw refusal(error, "s3:GetObject", bucket, key);
      // That an object is absent can change what a run does: it is believed when two answers agree.
      if (believesAbsence || (await headObject(place)) === undefined) return undefined;
      if (attempt < READ_ATTEMPTS) continue;
      throw new Error(`${file}: is there, says S3, and then that it is not`, { cause: error });
    }
  }
}

/** What is known of an object, or undefined where there is none. @throws InputError `NoAccess` as {@link readObject} */
export async function headObject({ client, bucket, key }: ClientPlace): Promise<ObjectInfo | undefined> {
  try {
    return await client.head({ bucket, key });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal(error, "s3:GetObject", bucket, key);
  }
}

function tooShort(file: string, { start, length }: ByteRange, problem: string): InputError {
  return brokenFile(`${problem}, ${start + length} are needed`, { file, hint: "Upload it again" });
}
