import { createContext, Script } from "node:vm";

/**
 * How long a piece of work may take that a damaged file can make endless: longer than any header, table or piece of a
 * variable takes to read. Tests of damaged files make it shorter.
 */
export const patience = { milliseconds: 30_000 };

const stage: { work: (() => unknown) | undefined } = { work: undefined };
const context = createContext(stage);
const call = new Script("work()");

/**
 * The result of synchronous work that must end in time: a loop that does not is stopped, in WebAssembly too. For what
 * libraries do with damaged files, as there are some that they never come back from.
 *
 * @returns undefined where the time ran out, {@link patience}; what the work was changing is then as it was left
 */
export function withinTime<T>(work: () => T): { readonly value: T } | undefined {
  stage.work = work;
  try {
    return { value: call.runInContext(context, { timeout: patience.milliseconds }) as T };
  } catch (error) {
    // The error is of the context's own kind, no `instanceof Error`.
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  } finally {
    stage.work = undefined;
  }
}
