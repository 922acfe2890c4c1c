import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Publisher, startPublisher } from "./publisher.ts";
import { type S3Server, startS3 } from "./s3-server.ts";

/** What fetching is tested with, for all tests of a file; each begins with a publisher that has nothing and no faults. */
export interface FetchServers {
  publisher: Publisher;
  s3: S3Server;
}

/** They are there once the tests have begun. */
export function fetchServers(): FetchServers {
  const servers = {} as FetchServers;
  beforeAll(async () => {
    servers.publisher = await startPublisher();
    servers.s3 = await startS3();
  });
  afterAll(async () => {
    await servers.publisher.close();
    await servers.s3.close();
  });
  beforeEach(() => {
    servers.publisher.files.clear();
    servers.publisher.requests.length = 0;
    servers.publisher.fault = undefined;
    servers.s3.intercept = undefined;
  });
  return servers;
}
