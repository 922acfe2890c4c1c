import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import * as https from "node:https";
import { setTimeout } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { CONNECTIONS, MAX_ATTEMPTS, type ObjectPlace, SILENCE_MS } from "../s3-client.ts";
import { backoff } from "./backoff.ts";
import { ChecksumError, isThrottled, mayPass, S3Error } from "./failures.ts";
import { type HostSettings, hostOf } from "./host.ts";
import { encoded, queryText, type Signatory, signed } from "./sign.ts";

/** What is asked of an object; of its bucket where the key is empty. */
export interface S3Request extends ObjectPlace {
  readonly method: "GET" | "HEAD" | "PUT";
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface S3Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** What requests are sent with, and to where. */
export interface Transport {
  readonly host: HostSettings;
  readonly by: Signatory;
  readonly request: typeof https.request;
  readonly agent: https.Agent;
}

const NOTHING = new Uint8Array();
const SILENT = `the connection was silent for ${SILENCE_MS / 1000} s`;

/** A transport of what Lambda's environment says. @throws Error as the SDK's where it lacks region or keys */
export async function transportOf(env: NodeJS.ProcessEnv, forcePathStyle: boolean): Promise<Transport> {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!region) throw new Error("Region is missing");
  if (!accessKeyId || !secretAccessKey) {
    throw Object.assign(new Error("the environment has no keys of AWS"), { name: "CredentialsProviderError" });
  }
  const endpoint = env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || undefined;
  // AWS is asked by HTTPS: the import of the other one loads Node's `fetch`, too.
  const { Agent, request } = /^http:/i.test(endpoint ?? "") ? await import("node:http") : https;
  return {
    host: { region, endpoint, forcePathStyle },
    by: { region, accessKeyId, secretAccessKey, sessionToken: env["AWS_SESSION_TOKEN"] || undefined },
    request,
    agent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS }) as https.Agent,
  };
}

/**
 * S3's answer to a request, which is sent again where that may help. Its body is whole and, if S3 tells its CRC32, right.
 *
 * @throws S3Error for what S3 refuses, else the connection's own error
 */
export async function send(transport: Transport, asked: S3Request): Promise<S3Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await exchange(transport, asked);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !mayPass(error)) throw error;
      await setTimeout(backoff(attempt, isThrottled(error)));
    }
  }
}

/** The CRC32 of a body, as S3 writes it. */
export function checksumOf(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

async function exchange(transport: Transport, asked: S3Request): Promise<S3Answer> {
  const response = await begin(transport, asked);
  const parts: Uint8Array[] = [];
  for await (const part of response as AsyncIterable<Uint8Array>) parts.push(part);
  const body = Buffer.concat(parts);
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode > 299) throw new S3Error(statusCode, body.toString());
  const told = headers["x-amz-checksum-crc32"];
  // That of an object in parts, with a dash, is one of checksums.
  if (asked.method === "GET" && typeof told === "string" && !told.includes("-") && told !== checksumOf(body)) {
    throw new ChecksumError(`the body does not have the checksum ${told}, which S3 tells`);
  }
  return { headers, body };
}

/** Sends a request, and waits for the head of its answer. */
function begin({ host, by, request, agent }: Transport, asked: S3Request): Promise<IncomingMessage> {
  const { method, bucket, key, query = {}, body = NOTHING } = asked;
  const { protocol, hostname, port, base } = hostOf(bucket, host);
  const path = base + key.split("/").map(encoded).join("/");
  const unsigned = { host: port === "" ? hostname : `${hostname}:${port}`, ...asked.headers };
  const headers = {
    ...signed({ method, path, query, headers: unsigned, body }, by, new Date()),
    ...(method === "PUT" && { "content-length": String(body.length) }),
  };
  const search = queryText(query);
  const target = search === "" ? path : `${path}?${search}`;
  return new Promise((resolve, reject) => {
    const sending = request({ protocol, hostname, port, method, path: target, headers, agent, timeout: SILENCE_MS });
    sending.on("timeout", () => sending.destroy(Object.assign(new Error(SILENT), { name: "TimeoutError" })));
    sending.on("response", resolve);
    sending.on("error", reject);
    sending.end(body);
  });
}
