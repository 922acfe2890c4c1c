import { InputError } from "../../lib/errors.ts";
import type { InputFile, InputFiles } from "../../lib/store/input-file.ts";
import { s3Store } from "../../lib/store/s3.ts";
import type { S3Client } from "../../lib/store/s3-client.ts";
import { s3Beside, s3Files } from "../../lib/store/s3-files.ts";
import { s3Input } from "../../lib/store/s3-folder.ts";
import { s3Client, sdkClient } from "../../lib/store/s3-sdk.ts";
import type { ObjectStore } from "../../lib/store/store.ts";

let client: Promise<S3Client> | undefined;

/** A bucket, with the credentials, region and endpoint that the AWS SDK finds. @throws InputError `BadSetting` */
export async function bucketStore(bucket: string): Promise<ObjectStore> {
  return s3Store(await theClient(), bucket);
}

/** An object of a bucket, or a store of Zarr, as an input, which is downloaded to a folder. @throws InputError `BadSetting` */
export async function bucketFile(bucket: string, key: string, folder: string): Promise<InputFile> {
  return s3Input(await theClient(), bucket, key, folder);
}

/** All objects of a pattern as an input, which are downloaded to a folder. @throws InputError `BadSetting`, `BadName` */
export async function bucketFiles(bucket: string, pattern: string, folder: string): Promise<InputFiles> {
  return s3Files({ client: await theClient(), bucket, pattern }, folder);
}

/** The keys in the folder of a key whose names begin with a text, in order. @throws InputError `BadSetting`, `NoAccess` */
export async function keysBeside(bucket: string, key: string, start: string): Promise<readonly string[]> {
  // Nothing is downloaded.
  return s3Beside({ client: await theClient(), bucket, key }, "").keys(start);
}

/** One for all buckets of this thread, so that credentials are looked for once. */
function theClient(): Promise<S3Client> {
  client ??= makeClient(process.env["S3_FORCE_PATH_STYLE"] ?? "");
  return client;
}

/**
 * Servers other than AWS's mostly have no host name for each bucket: where the SDK is told of one, by its environment or
 * its files, buckets come after the host name, unless `S3_FORCE_PATH_STYLE` says otherwise.
 */
async function makeClient(forced: string): Promise<S3Client> {
  switch (forced) {
    case "true":
    case "false":
      return s3Client({ forcePathStyle: forced === "true" });
    case "": {
      const endpoint = await sdkClient().config.serviceConfiguredEndpoint?.();
      return s3Client({ forcePathStyle: endpoint !== undefined });
    }
    default:
      throw new InputError("BadSetting", `S3_FORCE_PATH_STYLE is "true" or "false", not "${forced}"`, {
        file: "environment",
      });
  }
}
