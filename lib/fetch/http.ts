import * as http from "node:http";
import * as https from "node:https";
import { InputError } from "../errors.ts";

/** How long, how often and how patiently publishers are asked. */
export interface Patience {
  /** A connection that is silent for so long is given up. */
  readonly silenceMs: number;
  /** A file that is not whole after so long, all attempts together, is given up. */
  readonly totalMs: number;
  /** How often a request is tried, the first time included. */
  readonly attempts: number;
  /** A publisher who asks for a longer wait is left alone until the next schedule. */
  readonly longestWaitMs: number;
  /** Waits. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** An answer whose body has not been read; who does not want it destroys it. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

const MOST_REDIRECTS = 4;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const USER_AGENT = "s2s-fanout";

/**
 * A publisher's answer to a GET. Redirects are followed a few times, to the same host alone, and never from https to http.
 *
 * @param signal - ends it, and the reading of its body
 * @throws InputError `BadAnswer` for a redirect to elsewhere, or too many; else the connection's own error
 */
export async function ask(
  address: string,
  headers: Readonly<Record<string, string>>,
  { silenceMs, signal }: { readonly silenceMs: number; readonly signal: AbortSignal },
): Promise<Answer> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await begin(url, { headers: { ...COMMON, ...headers }, timeout: silenceMs, signal });
    if (!REDIRECTS.has(answer.status)) return answer;
    answer.body.destroy();
    if (redirects === MOST_REDIRECTS) throw refused(address, `redirects more than ${MOST_REDIRECTS} times`);
    url = redirected(address, url, answer.headers.location);
  }
}

const COMMON = {
  "user-agent": USER_AGENT,
  // Lengths, parts and validators are of the file, and not of what a server makes of it on the way.
  "accept-encoding": "identity",
};

function redirected(address: string, from: URL, location: string | undefined): URL {
  const to = location === undefined ? null : URL.parse(location, from.href);
  if (to === null) throw refused(address, `redirects to ${JSON.stringify(location ?? "")}, which is no address`);
  const isUpgrade = from.protocol === "http:" && to.protocol === "https:";
  if (
    to.hostname !== from.hostname ||
    !(to.protocol === from.protocol || isUpgrade) ||
    (to.port !== from.port && !isUpgrade)
  ) {
    throw refused(address, `redirects to ${to.origin}, which is not where the source's address leads`, {
      hint: "If that is where the publisher has moved, name it in a sources.json",
    });
  }
  return to;
}

function begin(url: URL, options: https.RequestOptions): Promise<Answer> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sending = request(url, options);
    sending.on("timeout", () =>
      sending.destroy(new Error(`the connection was silent for ${options.timeout! / 1000} s`)),
    );
    sending.on("response", (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }));
    sending.on("error", reject);
    sending.end();
  });
}

/** Has all chunks of a body used as they come: what has come before a connection breaks is not lost, as in `for await`. */
export function eachChunk({ body }: Answer, use: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    body.on("data", (chunk: Uint8Array) => {
      try {
        use(chunk);
      } catch (error) {
        body.destroy(error as Error);
        reject(error);
      }
    });
    body.on("end", resolve);
    body.on("error", reject);
    body.on("close", () => reject(new Error("the connection breaks off")));
  });
}

/** What is thrown of an answer that is not the file. */
export function refused(
  address: string,
  problem: string,
  { hint = "Look at the address in a browser" } = {},
): InputError {
  return new InputError("BadAnswer", problem, { file: address, hint });
}
