import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type Account, Agenda } from "./durable-agenda.ts";
import { DurableState, type Operation, type Update } from "./durable-state.ts";
import type { Answer } from "./runtime-api.ts";
import type { Ended } from "./runtime-process.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:coordinator:1";
const CALL = /^\/2025-12-01\/durable-executions\/(?<arn>[^/]+)\/(?<call>checkpoint|state)$/;
/** Invocations that end without an answer, of one execution. */
const MOST_FAILURES = 50;

export interface ExecutionOptions extends Account {
  /** A process of the coordinator does an event. */
  coordinator(event: unknown): Promise<Answer | Ended>;
  /** Seconds that it may last. */
  readonly timeoutSeconds: number;
  /** Operations in an event, and in a page of the state. */
  readonly pageSize: number;
  /**
   * Called for each checkpoint, counted from 1. One that is `lost` is not stored, one that is `unanswered` is: of both the
   * coordinator does not hear.
   */
  onCheckpoint?(count: number): "lost" | "unanswered" | undefined;
}

export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly result: unknown;
  readonly operations: readonly Operation[];
  readonly checkpoints: number;
  /** Pages of state that were fetched. */
  readonly pages: number;
  readonly agenda: Agenda;
}

export interface DurableService {
  readonly endpoint: string;
  execute(event: unknown, options: ExecutionOptions): Promise<Execution>;
  close(): void;
}

/**
 * What Lambda does for durable executions, on a free local port: one execution at a time. Its clock stands still while
 * anybody computes, so that waits take no time and nothing depends on how busy the machine is.
 * See https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html
 */
export async function startDurableService(): Promise<DurableService> {
  let executions = 0;
  let current: RunningExecution | undefined;
  const server = createServer((request, response) => {
    if (current === undefined) response.writeHead(404).end();
    else void current.serve(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    execute(event, options) {
      current = new RunningExecution(`${FUNCTION}/durable-execution/test/${++executions}`, event, options);
      return current.run();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

class RunningExecution {
  readonly #arn: string;
  readonly #options: ExecutionOptions;
  readonly #state: DurableState;
  readonly #agenda: Agenda;
  #token = 0;
  #checkpoints = 0;
  #pages = 0;

  constructor(arn: string, event: unknown, options: ExecutionOptions) {
    this.#arn = arn;
    this.#options = options;
    this.#state = new DurableState(event);
    this.#agenda = new Agenda(options);
  }

  /** Invokes the coordinator as often as it takes. */
  async run(): Promise<Execution> {
    let failures = 0;
    while (this.#agenda.clock <= this.#options.timeoutSeconds) {
      const answer = await this.#options.coordinator({
        DurableExecutionArn: this.#arn,
        CheckpointToken: String(++this.#token),
        InitialExecutionState: this.#state.page(0, this.#options.pageSize, "event"),
      });
      // Of an invocation that failed, or ended with its process, the execution goes on in the next.
      if (!("response" in answer)) {
        if (++failures > MOST_FAILURES) throw new Error(`the coordinator fails: ${JSON.stringify(answer)}`);
        continue;
      }
      const { Status, Result, Error: error } = answer.response as { Status: string; Result?: string; Error?: unknown };
      if (Status === "SUCCEEDED") return this.#end(Status, JSON.parse(Result ?? "null"));
      if (Status === "FAILED") return this.#end(Status, error);
      await this.#agenda.next((id, patch) => this.#state.patch(id, patch));
    }
    return this.#end("TIMED_OUT", undefined);
  }

  /** Answers a call of the coordinator. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const { arn = "", call } = CALL.exec(pathname)?.groups ?? {};
    if (decodeURIComponent(arn) !== this.#arn) return answer(404, { message: `there is no ${pathname}` });
    if (call === "state") {
      this.#pages++;
      return answer(200, this.#state.page(Number(searchParams.get("Marker")), this.#options.pageSize, "wire"));
    }
    const { CheckpointToken, Updates } = (await json(request)) as { CheckpointToken: string; Updates?: Update[] };
    if (CheckpointToken !== String(this.#token)) {
      response.setHeader("x-amzn-errortype", "InvalidParameterValueException");
      return answer(400, { message: "Invalid Checkpoint Token" });
    }
    this.#checkpoints++;
    const end = this.#options.onCheckpoint?.(this.#checkpoints);
    if (end !== "lost") this.#store(Updates ?? []);
    if (end !== undefined) return void request.socket.destroy();
    answer(200, { CheckpointToken: String(this.#token), NewExecutionState: { Operations: this.#state.changes() } });
  }

  #store(updates: readonly Update[]): void {
    this.#token++;
    for (const update of updates) {
      this.#state.apply(update);
      this.#agenda.note(update);
    }
  }

  #end(status: Execution["status"], result: unknown): Execution {
    const [operations, agenda] = [this.#state.all(), this.#agenda];
    return { status, result, operations, checkpoints: this.#checkpoints, pages: this.#pages, agenda };
  }
}
