import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What a runtime tells of an invocation, or of a start, that failed. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The lines of the stack, the message first. */
  readonly trace: readonly string[];
}

export type Answer = { readonly response: unknown } | { readonly error: RuntimeError };

/** What the runtime of a process may ask of Lambda. */
export type RuntimeCall = "next" | "response" | "error" | "init/error";

export interface RuntimeApi {
  /** Host and port. */
  readonly address: string;
  /** Every call so far, in order. */
  readonly calls: readonly RuntimeCall[];
  /** What is told of a failed start; pending where the start succeeds. */
  readonly initError: Promise<RuntimeError>;
  /** Hands an event to the process as soon as it asks for one; its time begins then. */
  hand(event: unknown, milliseconds: number): Promise<{ readonly answer: Promise<Answer> }>;
  close(): void;
}

const CALLS = /^\/2018-06-01\/runtime\/(?:invocation\/(?:(?<id>[^/]+)\/)?)?(?<call>next|response|error|init\/error)$/;
const ARN = "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live";

/**
 * The Lambda Runtime API for one process, on a free local port: hands out one event at a time and takes one answer for
 * each. See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const calls: RuntimeCall[] = [];
  const underWay = new Map<string, PromiseWithResolvers<Answer>>();
  const initError = Promise.withResolvers<RuntimeError>();
  let asking = Promise.withResolvers<ServerResponse>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id = "", call } = CALLS.exec(request.url ?? "")?.groups ?? {};
    const refuse = (status: number, errorType: string) =>
      void response.writeHead(status).end(JSON.stringify({ errorType }));
    if (request.method !== (call === "next" ? "GET" : "POST")) return refuse(404, "NoSuchCall");
    calls.push(call as RuntimeCall);
    if (call === "next") return asking.resolve(response);
    const body = await json(request);
    if (call === "init/error") {
      initError.resolve(body as RuntimeError);
    } else {
      const invocation = underWay.get(id);
      if (invocation === undefined) return refuse(400, "InvalidRequestID");
      underWay.delete(id);
      invocation.resolve(call === "response" ? { response: body } : { error: body as RuntimeError });
    }
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
  }

  // A stack comes in a header as well, for X-Ray.
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => void serve(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    initError: initError.promise,
    async hand(event, milliseconds) {
      const response = await asking.promise;
      asking = Promise.withResolvers();
      const id = randomUUID();
      const answer = Promise.withResolvers<Answer>();
      underWay.set(id, answer);
      const headers = {
        "content-type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": id,
        "Lambda-Runtime-Deadline-Ms": Date.now() + milliseconds,
        "Lambda-Runtime-Invoked-Function-Arn": ARN,
        "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
      };
      response.writeHead(200, headers).end(JSON.stringify(event));
      return { answer: answer.promise };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
