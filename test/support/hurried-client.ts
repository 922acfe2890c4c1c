import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";

/** A silent connection is given up after so long, in place of the 30 s that it is allowed. */
const SILENCE_MS = 100;

/**
 * A client that does all that the project's does, but in no time: it waits a millisecond before a retry, and not long
 * for an answer. For `vi.mock` to put it in the place of the SDK's.
 *
 * @param sdk - the module `@aws-sdk/client-s3`
 */
export function hurried<Sdk extends { S3Client: typeof S3Client }>(sdk: Sdk): Sdk {
  class HurriedClient extends sdk.S3Client {
    constructor(config: S3ClientConfig) {
      super({
        ...config,
        retryStrategy: new ConfiguredRetryStrategy(Number(config.maxAttempts), 1),
        requestHandler: { ...config.requestHandler, socketTimeout: SILENCE_MS },
      });
    }
  }
  return { ...sdk, S3Client: HurriedClient };
}
