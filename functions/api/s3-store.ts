import type { ObjectStore } from "../../lib/store/store.ts";

/** Where a bucket is. What is left out is as the AWS SDK has it: from `AWS_REGION` and the like, or its files. */
export interface S3Settings {
  readonly region?: string;
  /** URL of a server other than AWS. */
  readonly endpoint?: string;
  /** Keys after the host's name, not buckets before it: what most servers other than AWS need. */
  readonly forcePathStyle?: boolean;
}

/**
 * A bucket as an object store. Credentials are found as the AWS SDK finds them: `AWS_*`, profiles, roles. The bucket is
 * asked for nothing before the first call of the store.
 *
 * @throws InputError from every method: `NoAccess` for a bucket that does not exist or that the caller may not use
 */
export async function s3Store(bucket: string, settings: S3Settings = {}): Promise<ObjectStore> {
  // Loaded late: the SDK is large, and most programs use folders.
  const [{ s3Store: storeOf }, { s3Client }] = await Promise.all([
    import("../../lib/store/s3.ts"),
    import("../../lib/store/s3-sdk.ts"),
  ]);
  return storeOf(s3Client(settings), bucket);
}
