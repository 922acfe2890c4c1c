import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Ask, connect } from "./processes.ts";

export interface Forked {
  readonly ask: Ask;
  readonly process: ChildProcess;
  /** Ends it at once, and waits until it has ended. */
  kill(): Promise<void>;
}

/**
 * Starts a script of test/support as a process of its own.
 *
 * @param serve - answers what it asks
 */
export function forked(
  script: string,
  environment: Readonly<Record<string, string>>,
  serve: (payload: unknown) => Promise<unknown> = () => Promise.reject(new Error(`${script} is to ask nothing`)),
): Forked {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, { env: { ...process.env, ...environment } });
  return {
    ask: connect(child, serve),
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
