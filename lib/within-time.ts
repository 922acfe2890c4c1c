import { createContext, Script } from "node:vm";
import { InputError } from "./errors.ts";

/**
 * How long a piece of work may take that a damaged file can make endless: far longer than any header, table or piece of a
 * variable takes to read, also on a busy machine. Tests of damaged files make it shorter.
 */
export const patience = { milliseconds: 120_000 };

const stage: { work: (() => unknown) | undefined } = { work: undefined };
const context = createContext(stage);
const call = new Script("work()");

/** The result of work, or what is known of work that was stopped: the processor time that it had, in seconds. */
export type Outcome<T> = { readonly value: T } | { readonly processor: number };

/**
 * The result of synchronous work that must end in time: a loop that does not is stopped, in WebAssembly too. For what
 * libraries do with damaged files, as there are some that they never come back from. Only the clock can stop it; whether that
 * is the file's doing, or that of a machine with other work, tells the processor time, and {@link outOfTime}.
 *
 * @returns where the time ran out, {@link patience}, how much of it the work had; what it was changing is then as it was left
 */
export function withinTime<T>(work: () => T): Outcome<T> {
  stage.work = work;
  const before = processorSeconds();
  try {
    return { value: call.runInContext(context, { timeout: patience.milliseconds }) as T };
  } catch (error) {
    // The error is of the context's own kind, no `instanceof Error`.
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      return { processor: processorSeconds() - before };
    }
    throw error;
  } finally {
    stage.work = undefined;
  }
}

/** Of this thread; Node 22 tells it of the whole process alone. */
function processorSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * What to say of work that was stopped. With most of the time for itself, it is the file that is too much, whole or not; with
 * less, nothing is known of the file.
 *
 * @param worker - who was at work, as a message begins
 * @param hint - what to do with such a file
 */
export function outOfTime(
  worker: string,
  processor: number,
  { file, hint }: { file: string; hint: string },
): InputError {
  const limit = patience.milliseconds / 1000;
  const used = processor.toFixed(1);
  if (processor >= limit / 2) {
    return new InputError("TooLarge", `${worker} did not come to an end in ${used} s of processor time`, {
      file,
      hint,
    });
  }
  return new InputError("TooLarge", `${worker} had ${used} s of processor time in ${limit} s, and was not done`, {
    file,
    hint: "This machine is busy with other work: try again when it is not",
  });
}
