import {
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3ClientConfig,
  S3Client as SdkClient,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { CONNECTIONS, MAX_ATTEMPTS, type PutOptions, type S3Client, SILENCE_MS, unquoted } from "./s3-client.ts";
import { PART_BYTES } from "./s3-read.ts";
import type { StoredObject } from "./store.ts";

/** A body that breaks off is asked for again: the SDK retries up to the headers only. */
const READ_ATTEMPTS = 3;
/** Parts of one object that are sent at once. */
const PARTS_AT_ONCE = 4;

/** Where a bucket is, if not where the SDK's `AWS_*` say; and whether keys come after the host's name, not buckets before it. */
export type S3ClientSettings = Pick<S3ClientConfig, "region" | "endpoint" | "forcePathStyle">;

/** The SDK's client, as {@link overSdk} needs it. Credentials are the SDK's `AWS_*`. */
export function sdkClient(settings: S3ClientSettings = {}): SdkClient {
  const pool = { maxSockets: CONNECTIONS };
  return new SdkClient({
    ...settings,
    maxAttempts: MAX_ATTEMPTS,
    // Not "adaptive": one early 503 would slow all that follows to a trickle, for an instance that lives a few seconds.
    retryMode: "standard",
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    requestHandler: { httpAgent: pool, httpsAgent: pool, socketTimeout: SILENCE_MS },
  });
}

/** S3 as the SDK asks it: with credentials wherever they are kept, and large objects in parts of {@link PART_BYTES}. */
export function s3Client(settings: S3ClientSettings = {}): S3Client {
  return overSdk(sdkClient(settings));
}

export function overSdk(sdk: SdkClient): S3Client {
  return {
    get: ({ bucket, key }, { range, etag } = {}) =>
      getObject(sdk, { Bucket: bucket, Key: key, Range: range, IfMatch: etag && `"${etag}"` }),

    async head({ bucket, key }) {
      const { ContentLength, ETag } = await sdk.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { key, size: ContentLength ?? 0, etag: unquoted(ETag) };
    },

    async put({ bucket, key }, body, { contentType, only }) {
      const params = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
      if (only !== undefined || body.length <= PART_BYTES) {
        await sdk.send(new PutObjectCommand({ ...params, ...condition(only) }));
      } else {
        await new Upload({ client: sdk, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
      }
    },

    async *list(bucket, prefix) {
      for await (const page of paginateListObjectsV2({ client: sdk }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = "", Size = 0, ETag } of page.Contents ?? []) {
          yield { key: Key, size: Size, etag: unquoted(ETag) };
        }
      }
    },
  };
}

async function getObject(sdk: SdkClient, input: GetObjectCommandInput): Promise<StoredObject> {
  for (let attempt = 1; ; attempt += 1) {
    const { Body, ETag } = await sdk.send(new GetObjectCommand(input));
    try {
      return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: unquoted(ETag) };
    } catch (error) {
      if (attempt === READ_ATTEMPTS) throw error;
    }
  }
}

function condition(only: PutOptions["only"]): Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch"> {
  if (only === undefined) return {};
  return only === "absent" ? { IfNoneMatch: "*" } : { IfMatch: `"${only.etag}"` };
}
