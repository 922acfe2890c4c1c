import { createContext, Script } from "node:vm";

/** No header, table or piece of a variable takes this long to read, unless it is damaged. */
export const PATIENCE_MS = 30_000;

const stage: { work?: () => unknown } = {};
const context = createContext(stage);
const call = new Script("work()");

/**
 * The result of synchronous work that must end in time: a loop that does not is stopped, in WebAssembly too. For what
 * libraries do with damaged files, as there are some that they never come back from.
 *
 * @returns undefined where the time ran out; what the work was changing is then as it was left
 */
export function withinTime<T>(milliseconds: number, work: () => T): { readonly value: T } | undefined {
  stage.work = work;
  try {
    return { value: call.runInContext(context, { timeout: milliseconds }) as T };
  } catch (error) {
    // The error is of the context's own kind, no `instanceof Error`.
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  } finally {
    delete stage.work;
  }
}
