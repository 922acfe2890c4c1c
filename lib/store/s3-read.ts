import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { InputError } from "../errors.ts";
import { refusal, statusOf } from "./s3-errors.ts";
import type { ObjectInfo, StoredObject } from "./store.ts";

/** Large objects are moved in parts of this many bytes, in both directions. */
export const PART_BYTES = 8 * 2 ** 20;

/** A body that breaks off is asked for again: the SDK retries up to the headers only. */
const READ_ATTEMPTS = 3;

/** `length` bytes, one at least, from `start` on. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * The bytes of an object, or of a range of it.
 *
 * @param etag - only if the object still has this etag
 * @throws InputError `FileNotFound`; `BrokenFile` where the object ends before the range does; `InputChanged` where it
 *   has another etag; `NoAccess` for a bucket that cannot be read
 */
export async function readObject(
  client: S3Client,
  bucket: string,
  key: string,
  range?: ByteRange,
  etag?: string,
): Promise<StoredObject> {
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
      if (range && statusOf(error) === 416) throw tooShort(bucket, key, range, `has no byte ${range.start}`);
      // That an object is absent can change what a run does: it is believed when two answers agree.
      if (statusOf(error) !== 404 || (await headObject(client, bucket, key)) === undefined) {
        throw refusal(error, "s3:GetObject", bucket, key);
      }
      if (attempt < READ_ATTEMPTS) continue;
      if (error instanceof Error) error.message = `s3://${bucket}/${key}: is there, says S3, and then that it is not`;
      throw error;
    }
    try {
      const { Body, ETag } = answer;
      const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
      if (range && body.length < range.length) {
        throw tooShort(bucket, key, range, `ends after ${range.start + body.length} bytes`);
      }
      return { body, etag: unquoted(ETag) };
    } catch (error) {
      if (attempt === READ_ATTEMPTS || error instanceof InputError) throw refusal(error, "s3:GetObject", bucket, key);
    }
  }
}

/** What is known of an object, or undefined where there is none. @throws InputError `NoAccess` as {@link readObject} */
export async function headObject(client: S3Client, bucket: string, key: string): Promise<ObjectInfo | undefined> {
  try {
    const { ContentLength, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { key, size: ContentLength ?? 0, etag: unquoted(ETag) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusal(error, "s3:GetObject", bucket, key);
  }
}

function tooShort(bucket: string, key: string, { start, length }: ByteRange, problem: string): InputError {
  return new InputError("BrokenFile", `${problem}, ${start + length} are needed`, { file: `s3://${bucket}/${key}` });
}

function unquoted(etag: string | undefined): string {
  if (etag === undefined) throw new Error("S3 gave no etag");
  return etag.replaceAll('"', "");
}
