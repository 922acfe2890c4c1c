import type { IncomingHttpHeaders } from "node:http";
import { devNull } from "node:os";
import { buildApp } from "fauxqs";
import type { S3Client } from "../../lib/store/s3-client.ts";
import { overSdk, sdkClient } from "../../lib/store/s3-sdk.ts";
import { slimClient } from "../../lib/store/s3-slim/client.ts";
// The package shows its app only; its stores are passed in to mend the S3 one.
import { S3Store } from "../../node_modules/fauxqs/dist/s3/s3Store.js";
import { SnsStore } from "../../node_modules/fauxqs/dist/sns/snsStore.js";
import { SqsStore } from "../../node_modules/fauxqs/dist/sqs/sqsStore.js";
import { errorBody, type Fault, injectFaults } from "./s3-faults.ts";

export type { Fault } from "./s3-faults.ts";

export interface RecordedRequest {
  readonly method: string;
  /** As the API calls it: `PutObject`, `UploadPart`, `ListObjectsV2` … */
  readonly operation: string;
  readonly bucket: string;
  /** Decoded; empty for requests about the bucket. */
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

export interface S3Server {
  readonly endpoint: string;
  /** The project's client over the SDK, with a path-style endpoint. */
  readonly client: S3Client;
  /** The project's client without the SDK. */
  readonly slim: S3Client;
  /** Every request so far, in order of arrival. */
  readonly requests: RecordedRequest[];
  /** The server's memory, to look into or to fill without requests. */
  readonly store: S3Store;
  /** Set it to see requests before they are served, to hold them up, or to have them fail. */
  intercept: ((request: RecordedRequest) => Fault | undefined | Promise<Fault | undefined>) | undefined;
  close(): Promise<void>;
}

/**
 * An S3 server on a free local port. Until it is closed, `AWS_*` in the environment make any client of this process
 * use it.
 */
export async function startS3(): Promise<S3Server> {
  const store = new OrderedStore();
  const app = buildApp({
    logger: false,
    stores: { s3Store: store, sqsStore: new SqsStore(), snsStore: new SnsStore() },
  });
  const requests: RecordedRequest[] = [];

  injectFaults(app, async (request) => {
    // Its routes expect a body even of an empty object.
    if (request.method === "PUT") request.body ??= Buffer.alloc(0);
    const recorded = recordOf(request);
    requests.push(recorded);
    return server.intercept?.(recorded);
  });

  // With a callback: the handler then follows in the same turn, so of many writers of a key exactly one wins.
  app.addHook("preHandler", (request, reply, done) => {
    const { method, headers, params } = request;
    const refused = method === "PUT" ? refusedCondition(headers, etagOf(store, placeOf(params))) : undefined;
    if (refused === undefined) done();
    else void reply.status(refused.status).type("application/xml").send(errorBody(refused.code, method));
  });

  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: undefined,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  });
  const sdk = sdkClient({ forcePathStyle: true });
  const server: S3Server = {
    endpoint,
    client: overSdk(sdk),
    slim: slimClient({ forcePathStyle: true }),
    requests,
    store,
    intercept: undefined,
    async close() {
      sdk.destroy();
      restore();
      await app.close();
    },
  };
  return server;
}

/** Creates a bucket, and returns its name. */
export function bucket(s3: S3Server, name: string): string {
  s3.store.createBucket(name);
  return name;
}

/** Every object of a bucket, in order of keys. */
export function objects(s3: S3Server, name: string): Map<string, Uint8Array> {
  const found = s3.store.listObjects(name, { maxKeys: Infinity }).objects;
  return new Map(found.map(({ key, body }) => [key, new Uint8Array(body)]));
}

/** Texts of the objects below a prefix, by their keys without it. */
export function textsIn(s3: S3Server, name: string, prefix = ""): Record<string, string> {
  const below = [...objects(s3, name)].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(below.map(([key, body]) => [key.slice(prefix.length), new TextDecoder().decode(body)]));
}

/** Lists in order of UTF-8 bytes, as S3 does; the original lists in the order of a language and pages in another one. */
class OrderedStore extends S3Store {
  override listObjects(name: string, options: Parameters<S3Store["listObjects"]>[1] = {}) {
    const { prefix = "", startAfter = "", maxKeys = 1000 } = options;
    const rest = super
      .listObjects(name, { prefix, maxKeys: Infinity })
      .objects.filter(({ key }) => compareBytes(key, startAfter) > 0)
      .sort((a, b) => compareBytes(a.key, b.key));
    return { objects: rest.slice(0, maxKeys), commonPrefixes: [], isTruncated: rest.length > maxKeys };
  }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function placeOf(params: unknown): { bucket: string; key: string } {
  const { bucket: name = "", "*": key = "" } = params as Record<string, string>;
  return { bucket: name, key };
}

/** The etag of an object, with its quotes; undefined where there is none. */
function etagOf(store: S3Store, place: { bucket: string; key: string }): string | undefined {
  try {
    return store.headObject(place.bucket, place.key).etag;
  } catch {
    return undefined;
  }
}

/** S3's refusal of a write whose condition the object, of this etag, does not meet. */
function refusedCondition(
  { "if-none-match": ifNoneMatch, "if-match": ifMatch }: IncomingHttpHeaders,
  etag: string | undefined,
): { status: number; code: string } | undefined {
  if (ifMatch !== undefined && etag === undefined) return { status: 404, code: "NoSuchKey" };
  const met = (ifMatch ?? etag) === etag && (ifNoneMatch !== "*" || etag === undefined);
  return met ? undefined : { status: 412, code: "PreconditionFailed" };
}

function recordOf(request: {
  method: string;
  params: unknown;
  query: unknown;
  headers: IncomingHttpHeaders;
}): RecordedRequest {
  const { method, headers } = request;
  const place = placeOf(request.params);
  const query = request.query as Record<string, string>;
  return { ...place, method, operation: operationOf(method, place.key, query), headers, at: Date.now() };
}

function operationOf(method: string, key: string, query: Readonly<Record<string, string>>): string {
  const upload = "uploadId" in query;
  switch (method) {
    case "GET":
      return key === "" ? "ListObjectsV2" : "GetObject";
    case "HEAD":
      return key === "" ? "HeadBucket" : "HeadObject";
    case "PUT":
      if (key === "") return "CreateBucket";
      return upload ? "UploadPart" : "PutObject";
    case "POST":
      if ("uploads" in query) return "CreateMultipartUpload";
      return upload ? "CompleteMultipartUpload" : "DeleteObjects";
    case "DELETE":
      return upload ? "AbortMultipartUpload" : "DeleteObject";
    default:
      return method;
  }
}

/** Sets variables of the environment; returns what puts them back. */
function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  for (const [name, value] of Object.entries(values)) setVariable(name, value);
  return () => {
    for (const [name, value] of before) setVariable(name, value);
  };
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
