import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ChunkEvent } from "../../functions/station-chunk.ts";

/** Between the test and a process that runs one of the functions. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "call"; readonly id: number; readonly payload: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly value?: unknown; readonly error?: string }
  /** The coordinator's process asks for a chunk to be done. */
  | { readonly kind: "chunk"; readonly id: number; readonly payload: ChunkEvent };

/** An answer's value, with the most memory that the process has had in RAM so far, MiB. */
export interface Measured<T> {
  readonly value: T;
  readonly peakMiB: number;
}

/**
 * Most memory that this process has had in RAM, MiB. Not `resourceUsage().maxRSS`, where Linux counts the process
 * that started this one.
 */
export function peakMiB(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  if (kibibytes === undefined) throw new Error("/proc/self/status tells no VmHWM");
  return Number(kibibytes) / 1024;
}

/** A process that runs one of the functions, called from the test. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ready = Promise.withResolvers<void>();

  /** @param onChunk - does a chunk for the process, and returns the worker's answer */
  constructor(script: string, environment: Record<string, string>, onChunk?: (event: ChunkEvent) => Promise<unknown>) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#child = fork(path, { env: { ...process.env, ...environment }, execArgv: [] });
    this.#child.on("message", (message: Message) => void this.#receive(message, onChunk));
    this.#child.on("exit", (code, signal) => {
      const error = new Error(`${script} ended with ${code ?? signal}`);
      this.#ready.reject(error);
      for (const { reject } of this.#calls.values()) reject(error);
    });
  }

  /** Waits until the function is loaded. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  async call<T>(payload: unknown): Promise<Measured<T>> {
    const id = this.#calls.size;
    const answer = Promise.withResolvers<unknown>();
    this.#calls.set(id, answer);
    this.#send({ kind: "call", id, payload });
    // What the scripts of this folder answer.
    return (await answer.promise) as Measured<T>;
  }

  stop(): void {
    this.#child.removeAllListeners("exit");
    this.#child.kill();
  }

  #send(message: Message): void {
    this.#child.send(message);
  }

  async #receive(message: Message, onChunk?: (event: ChunkEvent) => Promise<unknown>): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#ready.resolve();
        return;
      case "answer":
        if (message.error === undefined) this.#calls.get(message.id)?.resolve(message.value);
        else this.#calls.get(message.id)?.reject(new Error(message.error));
        return;
      case "chunk":
        this.#send({ kind: "answer", id: message.id, value: await onChunk?.(message.payload) });
        return;
      case "call":
        throw new Error("a function's process calls nothing");
    }
  }
}
