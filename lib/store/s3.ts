import { extname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PutObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { refusal, statusOf } from "./s3-errors.ts";
import { PART_BYTES, readObject } from "./s3-read.ts";
import type { ObjectStore } from "./store.ts";

/** Connections at once, and so requests under way: further ones wait for a free connection. */
const CONNECTIONS = 64;
/** A connection that is silent for so long is given up, and its request sent again. */
const SILENCE_MS = 30_000;
/** Parts of one object that are sent at once. */
const PARTS_AT_ONCE = 4;
/** How often a write is tried that S3 refuses since another one of the key is under way. */
const CONFLICT_ATTEMPTS = 5;
const CONFLICT_WAIT_MS = 50;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".json": "application/json",
};

/** Where a bucket is, if not where the SDK's `AWS_*` say; and whether keys come after the host's name, not buckets before it. */
export type S3ClientSettings = Pick<S3ClientConfig, "region" | "endpoint" | "forcePathStyle">;

/** A client with checksums both ways and patient retries. Credentials are the SDK's `AWS_*`. */
export function s3Client(settings: S3ClientSettings = {}): S3Client {
  const pool = { maxSockets: CONNECTIONS };
  return new S3Client({
    ...settings,
    maxAttempts: 5,
    // Not "adaptive": one early 503 would slow all that follows to a trickle, for an instance that lives a few seconds.
    retryMode: "standard",
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    requestHandler: { httpAgent: pool, httpsAgent: pool, socketTimeout: SILENCE_MS },
  });
}

/**
 * A bucket as an object store. Etags are S3's, without quotes.
 *
 * `putIfAbsent` and `putIfMatch` can say `false` of an object that their own call wrote, where S3's answer was lost on
 * the way and the retry met the object: a caller that must know writes its name into the object.
 *
 * @throws InputError from every method: `NoAccess` for a bucket that does not exist or that the caller may not use
 */
export function s3Store(client: S3Client, bucket: string): ObjectStore {
  const paramsOf = (key: string, body: Uint8Array | string) => ({
    Bucket: bucket,
    Key: key,
    Body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    ContentType: CONTENT_TYPES[extname(key)] ?? "application/octet-stream",
  });

  /** Writes the object if the condition holds; another write of the key that is under way is waited for. */
  async function putIf(
    condition: { readonly IfNoneMatch: string } | { readonly IfMatch: string },
    key: string,
    body: Uint8Array | string,
  ): Promise<boolean> {
    const command = new PutObjectCommand({ ...paramsOf(key, body), ...condition });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.send(command);
        return true;
      } catch (error) {
        const status = statusOf(error);
        // S3 says 404 of an object that was to match, and is gone.
        if (status === 412 || (status === 404 && "IfMatch" in condition)) return false;
        if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw refusal(error, "s3:PutObject", bucket, key);
      }
      // At random, so that the callers in conflict do not come back together.
      await setTimeout(Math.random() * CONFLICT_WAIT_MS * 2 ** attempt);
    }
  }

  return {
    name: `s3://${bucket}`,

    get: (key) => readObject({ client, bucket, key }),

    async put(key, body) {
      const params = paramsOf(key, body);
      try {
        if (params.Body.length <= PART_BYTES) await client.send(new PutObjectCommand(params));
        else await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
      } catch (error) {
        throw refusal(error, "s3:PutObject", bucket, key);
      }
    },

    putIfAbsent: (key, body) => putIf({ IfNoneMatch: "*" }, key, body),

    putIfMatch: (key, body, etag) => putIf({ IfMatch: `"${etag}"` }, key, body),

    async *list(prefix) {
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key = "", Size = 0 } of page.Contents ?? []) yield { key: Key, size: Size };
        }
      } catch (error) {
        throw refusal(error, "s3:ListBucket", bucket, prefix);
      }
    },
  };
}
