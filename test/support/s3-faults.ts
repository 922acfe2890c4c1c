import { once } from "node:events";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { tellSilence } from "./silence.ts";

/**
 * What happens to a request.
 *
 * A refusal with S3's code: nothing is done, or, with `done`, all is done and the answer denies it. Of the others:
 * - `reset`: the connection breaks before anything is done; `lost`: after all is done, in place of the answer
 * - `cut`: the connection breaks in the middle of the answer's body; `truncated`: half of the body comes, as if all
 * - `checksum`: the answer names a CRC32 that is not its body's; `flipped`: a bit of the body is another
 * - `stall`: no answer ever comes; `stallBody`: half of the body, then nothing; `late`: the request is done when the
 *   client has given it up
 */
export type Fault =
  | { readonly status: number; readonly code: string; readonly done?: boolean }
  | "reset"
  | "lost"
  | "cut"
  | "truncated"
  | "checksum"
  | "flipped"
  | "stall"
  | "stallBody"
  | "late";

/** Gives requests of a server the faults that `faultOf` says. */
export function injectFaults(
  app: FastifyInstance,
  faultOf: (request: FastifyRequest) => Promise<Fault | undefined>,
): void {
  const answers = new WeakMap<FastifyRequest, Fault>();

  app.addHook("preHandler", async (request, reply) => {
    const fault = await faultOf(request);
    const { socket } = request.raw;
    if (fault === undefined) return undefined;
    if (typeof fault === "object" && fault.done !== true) {
      return reply.status(fault.status).type("application/xml").send(errorBody(fault.code, request.method));
    }
    if (fault === "stall" || fault === "late") {
      tellSilence(socket);
      await once(socket, "close");
    }
    if (fault === "reset") socket.destroy();
    if (fault === "stall" || fault === "reset") return reply.hijack();
    answers.set(request, fault);
    return undefined;
  });

  // With a callback: after an asynchronous hook the routes, which do not wait for it, would answer twice.
  app.addHook("onSend", (request, reply, payload, done) => {
    const fault = answers.get(request);
    if (fault === undefined || fault === "late") return done(null, payload);
    if (typeof fault === "object") {
      for (const name of ["etag", "content-length"]) reply.removeHeader(name);
      reply.status(fault.status).type("application/xml");
      return done(null, errorBody(fault.code, request.method));
    }
    const { socket } = request.raw;
    const body = Buffer.from((payload as Buffer | string | null) ?? "");
    const half = body.subarray(0, Math.ceil(body.length / 2));
    switch (fault) {
      case "lost":
        reply.hijack();
        socket.destroy();
        return undefined;
      case "cut":
      case "stallBody":
        reply.hijack();
        reply.header("content-length", body.length + 1);
        for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? "");
        reply.raw.writeHead(reply.statusCode);
        reply.raw.write(half, () => {
          if (fault === "cut") socket.destroy();
          else tellSilence(socket);
        });
        return undefined;
      case "truncated":
        reply.header("content-length", half.length);
        return done(null, half);
      case "checksum":
        reply.header("x-amz-checksum-crc32", "AAAAAQ==");
        return done(null, payload);
      case "flipped": {
        const flipped = Buffer.from(body);
        if (flipped.length > 0) flipped[half.length - 1]! ^= 1;
        return done(null, flipped);
      }
      case "stall":
      case "reset":
        throw new Error(`a request with "${fault}" has no answer`);
      default:
        return fault satisfies never;
    }
  });
}

/** S3's words for an error; the answer to a HEAD has none. */
export function errorBody(code: string, method: string): string | undefined {
  if (method === "HEAD") return undefined;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code} by the test</Message></Error>`;
}
