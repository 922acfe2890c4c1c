import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

type Message =
  | { readonly call: number; readonly payload: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: string };

type Serve = (payload: unknown) => Promise<unknown>;

/** Asks the other process, which is trusted to answer with a `T`. */
export type Ask = <T>(payload: unknown) => Promise<T>;

/**
 * Connects a process with its child, at either end.
 *
 * @param channel - the child, or this process where it is the child
 * @param serve - answers what the other one asks
 */
export function connect(channel: ChildProcess | NodeJS.Process, serve: Serve): Ask {
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  // To a process that is gone nothing is said; it may also go while the message is on its way.
  const send = (message: Message) => {
    if (channel.connected) channel.send?.(message, undefined, {}, () => undefined);
  };

  async function answer(call: number, payload: unknown): Promise<void> {
    try {
      send({ answer: call, value: await serve(payload) });
    } catch (error) {
      send({ answer: call, error: String(error) });
    }
  }

  channel.on("message", (message: Message) => {
    if ("call" in message) void answer(message.call, message.payload);
    else if ("error" in message) calls.get(message.answer)?.reject(new Error(message.error));
    else calls.get(message.answer)?.resolve(message.value);
  });
  let ended: Error | undefined;
  channel.on("exit", (code) => {
    ended = new Error(`the other process ended with ${code}`);
    for (const { reject } of calls.values()) reject(ended);
  });
  return async <T>(payload: unknown) => {
    if (ended !== undefined) throw ended;
    const call = Promise.withResolvers<unknown>();
    calls.set(++count, call);
    send({ call: count, payload });
    return (await call.promise) as T;
  };
}

/** Processor time that this process has taken so far, all its threads, s: what the clock would be if it were alone. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Most memory that this process has had in RAM so far, MiB, on Linux. Not `resourceUsage().maxRSS`: to that Linux adds
 * the process that this one was started from.
 */
export function peakMiB(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  if (kibibytes === undefined) throw new Error("/proc/self/status has no VmHWM");
  return Number(kibibytes) / 1024;
}
