import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type Ask, connect } from "./processes.ts";

export interface Forked {
  readonly ask: Ask;
  readonly process: ChildProcess;
  /** Ends it at once, and waits until it has ended. */
  kill(): Promise<void>;
}

export interface ForkOptions {
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
  /** Whether what it prints is thrown away. */
  readonly quiet?: boolean;
  /** Answers what it asks. */
  readonly serve?: (payload: unknown) => Promise<unknown>;
}

/** Starts a script, by its name in this folder or its address, as a process of its own. */
export function forked(script: string | URL, options: ForkOptions = {}): Forked {
  const { environment = {}, flags = [], quiet = false } = options;
  const { serve = () => Promise.reject(new Error(`${String(script)} is to ask nothing`)) } = options;
  const output = quiet ? "ignore" : "inherit";
  const child = fork(new URL(script, import.meta.url), {
    env: { ...process.env, ...environment },
    execArgv: [...flags],
    stdio: [output, output, output, "ipc"],
  });
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
