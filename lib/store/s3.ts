import { setTimeout } from "node:timers/promises";
import { contentTypeOf } from "./content-types.ts";
import type { PutOptions, S3Client } from "./s3-client.ts";
import { refusal, statusOf } from "./s3-errors.ts";
import { readObject } from "./s3-read.ts";
import type { ObjectStore } from "./store.ts";

/** How often a write is tried that S3 refuses since another one of the key is under way. */
const CONFLICT_ATTEMPTS = 5;
const CONFLICT_WAIT_MS = 50;

/**
 * A bucket as an object store. Etags are S3's, without quotes.
 *
 * `putIfAbsent` and `putIfMatch` can say `false` of an object that their own call wrote, where S3's answer was lost on
 * the way and the retry met the object: a caller that must know writes its name into the object.
 *
 * @throws InputError from every method: `NoAccess` for a bucket that does not exist or that the caller may not use
 */
export function s3Store(client: S3Client, bucket: string): ObjectStore {
  const write = (key: string, body: Uint8Array | string, only?: PutOptions["only"]) =>
    client.put({ bucket, key }, typeof body === "string" ? new TextEncoder().encode(body) : body, {
      contentType: contentTypeOf(key),
      ...(only === undefined ? {} : { only }),
    });

  /** Writes the object if the condition holds; another write of the key that is under way is waited for. */
  async function putIf(only: { readonly etag: string } | "absent", key: string, body: Uint8Array | string) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await write(key, body, only);
        return true;
      } catch (error) {
        const status = statusOf(error);
        // S3 says 404 of an object that was to match, and is gone.
        if (status === 412 || (status === 404 && only !== "absent")) return false;
        if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw refusal(error, "s3:PutObject", bucket, key);
      }
      // At random, so that the callers in conflict do not come back together.
      await setTimeout(Math.random() * CONFLICT_WAIT_MS * 2 ** attempt);
    }
  }

  return {
    name: `s3://${bucket}`,

    get: (key, derived) => readObject({ client, bucket, key }, { believesAbsence: derived !== undefined }),

    async put(key, body) {
      try {
        await write(key, body);
      } catch (error) {
        throw refusal(error, "s3:PutObject", bucket, key);
      }
    },

    putIfAbsent: (key, body) => putIf("absent", key, body),

    putIfMatch: (key, body, etag) => putIf({ etag }, key, body),

    async *list(prefix) {
      try {
        for await (const { key, size } of client.list(bucket, prefix)) yield { key, size };
      } catch (error) {
        throw refusal(error, "s3:ListBucket", bucket, prefix);
      }
    },
  };
}
