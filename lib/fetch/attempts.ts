import { InputError, messageOf } from "../errors.ts";
import type { Patience } from "./http.ts";

/** What may pass: a server that is busy or down, a connection that breaks, a file that was replaced while it was read. */
export class Passing extends Error {
  /** How long the server asks to be left alone. */
  readonly afterMs: number;

  constructor(message: string, afterMs = 0) {
    super(message);
    this.afterMs = afterMs;
  }
}

const FIRST_WAIT_MS = 1000;

/**
 * What `work` gives, tried again where its error may pass: after a wait that doubles, at random, and no shorter than the server asks
 * for.
 *
 * @param address - what messages call it
 * @throws InputError what does not pass; `BadAnswer` where the last attempt fails too, the server asks for a long wait, or the
 *   time is over
 */
export async function attempts<T>(
  address: string,
  { attempts: most, longestWaitMs, wait }: Patience,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const hint = "It is asked for again at the next schedule";
      const give = (problem: string) => new InputError("BadAnswer", problem, { file: address, hint, cause: error });
      if (signal.aborted) throw give("takes too long");
      if (error instanceof InputError) throw error;
      const afterMs = error instanceof Passing ? error.afterMs : 0;
      if (afterMs > longestWaitMs)
        throw give(`${messageOf(error)}, and wants to be left alone for ${afterMs / 1000} s`);
      if (attempt === most) throw give(`${messageOf(error)}, ${most} times`);
      await wait(Math.max(afterMs, Math.random() * FIRST_WAIT_MS * 2 ** attempt));
    }
  }
}

/** Milliseconds of a `Retry-After`, which is in seconds or a date; 0 where there is none. */
export function retryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
