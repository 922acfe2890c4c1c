import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { giveUpOnSilence } from "./silence.ts";

/**
 * A client that does all that the project's does, but in no time: it waits a millisecond before a retry, and gives a silent
 * connection up at once, in place of after 30 s. For `vi.mock` to put it in the place of the SDK's.
 *
 * @param sdk - the module `@aws-sdk/client-s3`
 */
export function hurried<Sdk extends { S3Client: typeof S3Client }>(sdk: Sdk): Sdk {
  giveUpOnSilence();
  class HurriedClient extends sdk.S3Client {
    constructor(config: S3ClientConfig) {
      super({
        ...config,
        retryStrategy: new ConfiguredRetryStrategy(Number(config.maxAttempts), 1),
        requestHandler: { ...config.requestHandler, socketTimeout: 0 },
      });
    }
  }
  return { ...sdk, S3Client: HurriedClient };
}
