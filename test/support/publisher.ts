import { hash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { Patience } from "../../lib/fetch/http.ts";
import { giveUpOnSilence, tellSilence } from "./silence.ts";

/** A file that a publisher has. */
export interface Published {
  readonly body: Uint8Array;
  readonly lastModified?: Date;
  /** Whether the server tells an etag: that of the bytes. */
  readonly tagged?: boolean;
}

/**
 * What comes of a request:
 * - `empty`: no bytes, with status 200; `html`: a page that says sorry, with status 200; `truncated`: half of the file, as if all
 * - `cut`: the connection breaks amid the body; `reset`: before any answer; `stall`: half of the body, then nothing
 * - `slow`: all of it, byte after byte at the beginning
 * - `mixed`: half of the file, then half of the one that took its place meanwhile
 * - a status, with a `Retry-After` perhaps; or a redirect
 */
export type PublisherFault =
  | "empty"
  | "html"
  | "truncated"
  | "cut"
  | "reset"
  | "stall"
  | "slow"
  | { readonly mixed: Published }
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly redirect: string };

export interface PublisherRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
}

/** Plays a publisher's server: an index for each folder, conditions, ranges; and whatever goes wrong. */
export interface Publisher {
  /** Its address, without a slash at the end. */
  readonly origin: string;
  /** What it has, by path. */
  readonly files: Map<string, Published>;
  readonly requests: PublisherRequest[];
  /** Set it to have requests fail. */
  fault: ((path: string, headers: IncomingHttpHeaders) => PublisherFault | undefined) | undefined;
  close(): Promise<void>;
}

const PAGE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>";

/** Of tests: nobody waits, and a silent connection is known at once. */
export function hurriedPatience(waits: number[] = []): Patience {
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  return { silenceMs: 600_000, totalMs: 600_000, attempts: 4, longestWaitMs: 60_000, wait };
}

export async function startPublisher(): Promise<Publisher> {
  giveUpOnSilence();
  const server = createServer((request, response) => void answer(publisher, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publisher: Publisher = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: new Map(),
    requests: [],
    fault: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return publisher;
}

async function answer(publisher: Publisher, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  const fault = publisher.fault?.(path, request.headers);
  if (fault === "reset") {
    publisher.requests.push({ path, headers: request.headers, status: 0 });
    request.socket.destroy();
    return;
  }
  const { status, headers, body } = replyTo(publisher, path, request.headers, fault);
  publisher.requests.push({ path, headers: request.headers, status });
  response.writeHead(status, { ...headers, "content-length": body.length });
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (status >= 300 || fault === undefined || body.length < 2) response.end(body);
  else if (fault === "cut") response.write(half, () => request.socket.destroy());
  else if (fault === "stall") response.write(half, () => tellSilence(request.socket));
  else if (fault === "slow") {
    for (const byte of body.subarray(0, 20)) {
      response.write(Uint8Array.of(byte));
      await setImmediate();
    }
    response.end(body.subarray(20));
  } else response.end(body);
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function replyTo(
  { files }: Publisher,
  path: string,
  headers: IncomingHttpHeaders,
  fault: PublisherFault | undefined,
): Reply {
  if (typeof fault === "object" && "status" in fault) {
    const { status, retryAfter } = fault;
    return page(status, PAGE, retryAfter === undefined ? {} : { "retry-after": retryAfter });
  }
  if (typeof fault === "object" && "redirect" in fault) return page(302, PAGE, { location: fault.redirect });
  if (path.endsWith("/")) return page(200, indexOf([...files.keys()], path));
  const file = files.get(path);
  if (file === undefined) return page(404, PAGE);
  if (fault === "empty") return { status: 200, headers: {}, body: new Uint8Array() };
  if (fault === "html") return page(200, PAGE);
  const told = validatorsOf(file);
  if (isKnown(told, headers)) return { status: 304, headers: told, body: new Uint8Array() };
  const start = startOf(headers, told);
  if (start > 0 && start >= file.body.length) return page(416, PAGE);
  if (start > 0) {
    const range = `bytes ${start}-${file.body.length - 1}/${file.body.length}`;
    return { status: 206, headers: { ...told, "content-range": range }, body: file.body.subarray(start) };
  }
  return { status: 200, headers: told, body: bodyOf(files, path, file, fault) };
}

function bodyOf(
  files: Map<string, Published>,
  path: string,
  { body }: Published,
  fault: PublisherFault | undefined,
): Uint8Array {
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (fault === "truncated") return half;
  if (typeof fault !== "object" || !("mixed" in fault)) return body;
  files.set(path, fault.mixed);
  return Buffer.concat([half, fault.mixed.body.subarray(half.length)]);
}

function page(status: number, text: string, headers = {}): Reply {
  return { status, headers: { "content-type": "text/html", ...headers }, body: new TextEncoder().encode(text) };
}

/** As Apache makes it. */
function indexOf(paths: readonly string[], folder: string): string {
  const names = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
  const rows = ["../", ...names].map((name) => `<tr><td><a href="${name}">${name}</a></td></tr>`);
  return `<html><body><h1>Index of ${folder}</h1><table><a href="?C=N;O=D">Name</a>${rows.join("\n")}</table></body></html>`;
}

function validatorsOf({ body, lastModified, tagged = true }: Published): Record<string, string> {
  return {
    ...(tagged && { etag: `"${hash("sha256", body).slice(0, 16)}"` }),
    ...(lastModified !== undefined && { "last-modified": lastModified.toUTCString() }),
  };
}

function isKnown(told: Record<string, string>, headers: IncomingHttpHeaders): boolean {
  const etag = headers["if-none-match"];
  if (etag !== undefined) return etag === told["etag"];
  const since = headers["if-modified-since"];
  const changed = told["last-modified"];
  return since !== undefined && changed !== undefined && Date.parse(changed) <= Date.parse(since);
}

function startOf({ range, "if-range": only }: IncomingHttpHeaders, told: Record<string, string>): number {
  const isSame = only === undefined || [told["etag"], told["last-modified"]].includes(String(only));
  return isSame ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
}
