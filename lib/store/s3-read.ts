import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { brokenFile, InputError } from "../errors.ts";
import { refusal, saysAbsent, statusOf } from "./s3-errors.ts";
import type { ListedObject, StoredObject } from "./store.ts";

/** Large objects are moved in parts of this many bytes, in both directions. */
export const PART_BYTES = 8 * 2 ** 20;

/** A body that breaks off is asked for again: the SDK retries up to the headers only. */
const READ_ATTEMPTS = 3;

/** `length` bytes, one at least, from `start` on. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Where an object is. */
export interface ObjectPlace {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
}

/** What is known of an object without its bytes. */
export interface ObjectInfo extends ListedObject {
  readonly etag: string;
}

/**
 * The bytes of an object, or of a range of it; undefined where there is no object.
 *
 * @param only - a range of it; only if the object still has this etag
 * @throws InputError `BrokenFile` where the object ends before the range does; `InputChanged` where it has another etag;
 *   `NoAccess` for a bucket that cannot be read
 */
export async function readObject(
  place: ObjectPlace,
  only: { readonly range?: ByteRange; readonly etag?: string } = {},
): Promise<StoredObject | undefined> {
  const { client, bucket, key } = place;
  const { range, etag } = only;
  const file = `s3://${bucket}/${key}`;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    Range: range && `bytes=${range.start}-${range.start + range.length - 1}`,
    IfMatch: etag && `"${etag}"`,
  });
  for (let attempt = 1; ; attempt += 1) {
    let answer: GetObjectCommandOutput;
    try {
      answer = await client.send(command);
    } catch (error) {
      // 416 is S3's word for a range that starts at the object's end or after it.
      if (range && statusOf(error) === 416) throw tooShort(file, range, `has no byte ${range.start}`);
      if (!saysAbsent(error)) throw refusal(error, "s3:GetObject", bucket, key);
      // That an object is absent can change what a run does: it is believed when two answers agree.
      if ((await headObject(place)) === undefined) return undefined;
      if (attempt < READ_ATTEMPTS) continue;
      throw new Error(`${file}: is there, says S3, and then that it is not`, { cause: error });
    }
    try {
      const { Body, ETag } = answer;
      const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
      if (range && body.length < range.length) {
        throw tooShort(file, range, `ends after ${range.start + body.length} bytes`);
      }
      return { body, etag: unquoted(ETag) };
    } catch (error) {
      if (attempt === READ_ATTEMPTS || error instanceof InputError) throw refusal(error, "s3:GetObject", bucket, key);
    }
  }
}

/** What is known of an object, or undefined where there is none. @throws InputError `NoAccess` as {@link readObject} */
export async function headObject({ client, bucket, key }: ObjectPlace): Promise<ObjectInfo | undefined> {
  try {
    const { ContentLength, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { key, size: ContentLength ?? 0, etag: unquoted(ETag) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal(error, "s3:GetObject", bucket, key);
  }
}

function tooShort(file: string, { start, length }: ByteRange, problem: string): InputError {
  return brokenFile(`${problem}, ${start + length} are needed`, { file, hint: "Upload it again" });
}

function unquoted(etag: string | undefined): string {
  if (etag === undefined) throw new Error("S3 gave no etag");
  return etag.replaceAll('"', "");
}
