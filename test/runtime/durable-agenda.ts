import type { Operation, Update } from "./durable-state.ts";
import type { Answer } from "./runtime-api.ts";
import type { Ended } from "./runtime-process.ts";

/** What Lambda says of an invocation beyond an account's limit, as its Invoke does. */
const REFUSAL = { ErrorType: "TooManyRequestsException", ErrorMessage: "Rate Exceeded." };
const REFUSED_AFTER_SECONDS = 0.1;
const WORKER_SECONDS = 1;

/** The account that an execution is in. */
export interface Account {
  /** Invocations at once, of the coordinator too. */
  readonly limit: number;
  /** A process of the worker does an event. */
  worker(event: unknown): Promise<Answer | Ended>;
}

interface Due {
  readonly at: number;
  readonly id: string;
  readonly patch: Promise<Partial<Operation>>;
  /** Of a worker, which is under way until then. */
  readonly isInvocation: boolean;
}

/** What is to happen in an execution: workers that end, and waits. Its clock goes on only from one of these to the next. */
export class Agenda {
  readonly #account: Account;
  readonly #due: Due[] = [];
  #underWay = 0;
  /** Seconds. */
  clock = 0;
  /** Events of the workers that were let in, and how many were not. */
  readonly invoked: unknown[] = [];
  refused = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Notes what follows from an update. */
  note(update: Update): void {
    const { Id, Type, Action, StepOptions, WaitOptions } = update;
    if (Type === "STEP" && Action === "RETRY") {
      this.#wait(Id, StepOptions?.NextAttemptDelaySeconds ?? 1, { Status: "READY" });
    } else if (Type === "WAIT" && Action === "START") {
      this.#wait(Id, WaitOptions!.WaitSeconds, { Status: "SUCCEEDED" });
    } else if (Type === "CHAINED_INVOKE") {
      this.#invoke(Id, JSON.parse(update.Payload!));
    }
  }

  /** Goes on to what happens next, and to all that happens at the same time. */
  async next(patch: (id: string, patch: Partial<Operation>) => void): Promise<void> {
    if (this.#due.length === 0) throw new Error("the execution is suspended, and nothing will wake it");
    this.clock = Math.min(...this.#due.map(({ at }) => at));
    for (const due of this.#due.filter(({ at }) => at === this.clock)) {
      this.#due.splice(this.#due.indexOf(due), 1);
      if (due.isInvocation) this.#underWay--;
      patch(due.id, await due.patch);
    }
  }

  #wait(id: string, seconds: number, patch: Partial<Operation>): void {
    this.#due.push({ at: this.clock + seconds, id, patch: Promise.resolve(patch), isInvocation: false });
  }

  #invoke(id: string, event: unknown): void {
    // The coordinator itself is one more.
    if (this.#underWay + 1 >= this.#account.limit) {
      this.refused++;
      this.#wait(id, REFUSED_AFTER_SECONDS, { Status: "FAILED", ChainedInvokeDetails: { Error: REFUSAL } });
      return;
    }
    this.#underWay++;
    this.invoked.push(event);
    const patch = this.#account.worker(event).then(patchOf);
    this.#due.push({ at: this.clock + WORKER_SECONDS, id, patch, isInvocation: true });
  }
}

function patchOf(answer: Answer | Ended): Partial<Operation> {
  if ("response" in answer) {
    return { Status: "SUCCEEDED", ChainedInvokeDetails: { Result: JSON.stringify(answer.response) } };
  }
  const [ErrorType, ErrorMessage] =
    "error" in answer
      ? [answer.error.errorType, answer.error.errorMessage]
      : ["Runtime.ExitError", "the process ended"];
  return { Status: "FAILED", ChainedInvokeDetails: { Error: { ErrorType, ErrorMessage } } };
}
