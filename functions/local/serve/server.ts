import { realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { errnoOf, InputError } from "../../../lib/errors.ts";
import { keys } from "../../../lib/keys.ts";
import { indexPage, packRuns } from "../../../lib/report/index/index-page.ts";
import type { IndexData } from "../../../lib/report/index/packed-runs.ts";
import { type LiveEvents, liveEvents } from "./live-events.ts";
import { liveRuns } from "./live-runs.ts";
import { openServed } from "./served-file.ts";

export interface Served {
  /** Of the index. */
  readonly url: string;
  close(): Promise<void>;
}

/** Nobody but who is on this machine is answered. */
const HOST = "127.0.0.1";
/** Names of this machine. A page of another name whose address was turned to this machine's is not let in. */
const OWN_NAMES: ReadonlySet<string> = new Set([HOST, "localhost"]);

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Shows the pages of a folder to browsers of this machine, and an index of all runs that renews itself while runs go on.
 * Nothing is written.
 *
 * @param port - 0 for any that is free
 * @throws InputError `FileNotFound` where there is no such folder, `BadOption` for a port that cannot be had
 */
export async function serve(folder: string, port: number): Promise<Served> {
  const root = rootOf(folder);
  const look = liveRuns(root);
  const events = liveEvents(async () => JSON.stringify(await dataOf(look)));
  const server = createServer((request, response) => {
    answer(request, response, { root, look, events }).catch((error: unknown) => {
      // Of one that has gone away nothing is owed.
      if (response.headersSent) response.destroy();
      else plain(response, 500, `this cannot be shown: ${String(error)}`);
    });
  });
  await listening(server, port);
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${chosen}/`,
    async close() {
      events.end();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Shown {
  readonly root: string;
  readonly look: ReturnType<typeof liveRuns>;
  readonly events: LiveEvents;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { root, look, events }: Shown,
): Promise<void> {
  const { method = "", headers, url = "/" } = request;
  const pathname = url.split(/[?#]/, 1)[0]!;
  if (!OWN_NAMES.has(nameIn(headers.host))) return plain(response, 403, "this is for this machine alone");
  if (method !== "GET" && method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return plain(response, 405, "nothing can be changed here");
  }
  if (pathname === "/live" && method === "GET") return events.follow(response);
  if (pathname === "/" || pathname === `/${keys.index}`) {
    const { ended, unfinished } = await look();
    return sent(response, 200, "text/html; charset=utf-8", await indexPage(ended, { unfinished }), method);
  }
  const file = await openServed(root, pathname);
  if (file === undefined) return plain(response, 404, "there is no such page");
  await using handle = file.handle;
  response.writeHead(200, { ...HEADERS, "content-type": file.contentType, "content-length": file.size });
  if (method === "HEAD" || file.size === 0) response.end();
  // A file is put in its place whole: this one stays as it was opened, and as long.
  else await pipeline(handle.createReadStream({ end: file.size - 1, autoClose: false }), response);
}

/** The same text for the same runs, so that only what is new is sent. */
async function dataOf(look: ReturnType<typeof liveRuns>): Promise<IndexData> {
  const { ended, unfinished } = await look();
  return { runs: packRuns(ended), live: { unfinished } };
}

/** The name in `localhost:8000`. */
function nameIn(host = ""): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

function plain(response: ServerResponse, status: number, text: string): void {
  sent(response, status, "text/plain; charset=utf-8", `${text}\n`);
}

function sent(response: ServerResponse, status: number, contentType: string, text: string, method = "GET"): void {
  const body = Buffer.from(text);
  response.writeHead(status, { ...HEADERS, "content-type": contentType, "content-length": body.length });
  response.end(method === "HEAD" ? undefined : body);
}

function rootOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    const hint = "Name the folder that a run was given as --out";
    throw new InputError("FileNotFound", "there is no such folder", { file: folder, hint, cause });
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const known = { EADDRINUSE: "is in use by another program", EACCES: "may not be used" }[errnoOf(cause) ?? ""];
      const hint = "Give another --port, or --port 0 for any that is free";
      reject(known === undefined ? cause : new InputError("BadOption", `port ${port} ${known}`, { hint, cause }));
    });
    server.listen(port, HOST, resolve);
  });
}
