/** An operation of a durable execution, as Lambda keeps it: those fields that the project's functions use. */
export interface Operation {
  readonly Id: string;
  readonly ParentId?: string | undefined;
  readonly Name?: string | undefined;
  readonly Type: "EXECUTION" | "CONTEXT" | "STEP" | "WAIT" | "CHAINED_INVOKE";
  readonly SubType?: string | undefined;
  readonly Status: "STARTED" | "PENDING" | "READY" | "SUCCEEDED" | "FAILED";
  readonly StepDetails?: { readonly Attempt: number; readonly Result?: string; readonly Error?: unknown };
  readonly ContextDetails?: { readonly Result?: string; readonly Error?: unknown; readonly ReplayChildren?: boolean };
  readonly ChainedInvokeDetails?: { readonly Result?: string; readonly Error?: unknown };
  readonly ExecutionDetails?: { readonly InputPayload: string };
}

/** What a checkpoint says of an operation. */
export interface Update extends Pick<Operation, "Id" | "ParentId" | "Name" | "SubType"> {
  readonly Type: Exclude<Operation["Type"], "EXECUTION">;
  readonly Action: "START" | "SUCCEED" | "FAIL" | "RETRY";
  readonly Payload?: string;
  readonly Error?: unknown;
  readonly StepOptions?: { readonly NextAttemptDelaySeconds?: number };
  readonly WaitOptions?: { readonly WaitSeconds: number };
  readonly ContextOptions?: { readonly ReplayChildren?: boolean };
}

const STATUS = { START: "STARTED", SUCCEED: "SUCCEEDED", FAIL: "FAILED", RETRY: "PENDING" } as const;

/** The operations of one execution, and which of them its running invocation has not been told of. */
export class DurableState {
  readonly #operations = new Map<string, Operation>();
  readonly #untold = new Set<string>();

  constructor(input: unknown) {
    const ExecutionDetails = { InputPayload: JSON.stringify(input) };
    this.#set({ Id: "execution", Type: "EXECUTION", Status: "STARTED", ExecutionDetails });
  }

  all(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  patch(id: string, patch: Partial<Operation>): void {
    this.#set({ ...this.#operations.get(id)!, ...patch });
  }

  apply({ Id, ParentId, Name, Type, SubType, Action, Payload, Error: error, ContextOptions }: Update): void {
    const found = this.#operations.get(Id);
    if (found !== undefined && ["SUCCEEDED", "FAILED"].includes(found.Status)) {
      throw new Error(`${Type} ${Name} has ended, and cannot ${Action}`);
    }
    const details = {
      ...(Payload === undefined ? {} : { Result: Payload }),
      ...(error === undefined ? {} : { Error: error }),
    };
    const Attempt = (found?.StepDetails?.Attempt ?? 0) + (Action === "RETRY" ? 1 : 0);
    this.#set({
      ...found,
      Id,
      ParentId,
      Name,
      Type,
      SubType,
      Status: STATUS[Action],
      ...(Type === "STEP" && { StepDetails: { Attempt, ...details } }),
      ...(Type === "CONTEXT" && { ContextDetails: { ...found?.ContextDetails, ...ContextOptions, ...details } }),
    });
  }

  /** What is new to the running invocation, as a checkpoint is answered. */
  changes(): object[] {
    const changed = Array.from(this.#untold, (id) => stamped(this.#operations.get(id)!, "wire"));
    this.#untold.clear();
    return changed;
  }

  /** A page of what a new invocation is told, from a marker on. */
  page(marker: number, size: number, form: "event" | "wire") {
    if (marker === 0) this.#untold.clear();
    const told = this.all().filter((operation) => this.#isTold(operation));
    const next = marker + size;
    return {
      Operations: told.slice(marker, next).map((operation) => stamped(operation, form)),
      ...(next < told.length && { NextMarker: String(next) }),
    };
  }

  #set(operation: Operation): void {
    this.#operations.set(operation.Id, operation);
    this.#untold.add(operation.Id);
  }

  /** Children of a context that has ended are not told of any more, unless it asked for them. */
  #isTold({ ParentId }: Operation): boolean {
    for (let id = ParentId; id !== undefined; id = this.#operations.get(id)?.ParentId) {
      const { Status, ContextDetails } = this.#operations.get(id)!;
      if (Status !== "STARTED" && ContextDetails?.ReplayChildren !== true) return false;
    }
    return true;
  }
}

/** Times are text in an event, and seconds in an answer. */
function stamped(operation: Operation, form: "event" | "wire"): object {
  return { ...operation, StartTimestamp: form === "event" ? new Date(0).toISOString() : 0 };
}
