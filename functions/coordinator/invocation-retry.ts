import { createRetryStrategy, JitterStrategy } from "@aws/durable-execution-sdk-js";
import { ATTEMPTS } from "../../lib/run/chunk-plan.ts";

/** Attempts in a row at a chunk or band for which the account has no room. */
const MOST_REFUSALS = 6;
/** Seconds before the second of them, which doubles until the longest. */
const [FIRST_WAIT, LONGEST_WAIT] = [5, 30];
/** Seconds before those that were refused to the last are tried once more. */
export const REST = 30;

/**
 * What Lambda says of an invocation beyond an account's limit: "Rate Exceeded.", a `TooManyRequestsException` with the reason
 * `ConcurrentInvocationLimitExceeded`. The SDK passes on its message, not its type.
 */
const NO_ROOM = /rate exceeded|too ?many ?requests|throttl|invocation ?limit ?exceeded/i;

export function isRefusal(error: { readonly message: string }): boolean {
  return NO_ROOM.test(error.message);
}

/** What is left for the chunks, or the bands, of a run. */
export interface Patience {
  /** That there are operations for. */
  readonly attempts: number;
  /** Of waiting, by all that are under way at once together. */
  readonly seconds: number;
}

/** How often each of so many may be tried if all are refused. */
export function triesWithin({ attempts, seconds }: Patience, count: number): number {
  let tries = MOST_REFUSALS;
  while (tries > 0 && (count * tries > attempts || count * secondsOf(tries) > seconds)) tries--;
  return tries;
}

/** How long so many attempts at one take at most, if all are refused. */
export function secondsOf(attempts: number): number {
  let seconds = 0;
  for (let wait = 1; wait < attempts; wait++) seconds += Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (wait - 1));
  return seconds;
}

/**
 * When the invocations of one chunk or band are tried again: after a failure soon, and a few times; where the account has no
 * room for it, later. Its randomness does no harm in a replay: there a wait that has begun keeps its length.
 *
 * @param most - attempts in all, of which one that is refused is the last from `tries` on
 */
export function invocationRetry({
  most,
  tries,
}: {
  readonly most: number;
  readonly tries: number;
}): ReturnType<typeof createRetryStrategy> {
  const jitter = JitterStrategy.HALF;
  const failed = createRetryStrategy({ maxAttempts: ATTEMPTS, initialDelay: { seconds: 2 }, backoffRate: 4, jitter });
  const refused = createRetryStrategy({
    maxAttempts: tries,
    initialDelay: { seconds: FIRST_WAIT },
    maxDelay: { seconds: LONGEST_WAIT },
    jitter,
  });
  let failures = 0;
  return (error, attempt) => {
    if (isRefusal(error)) return refused(error, attempt);
    failures++;
    return attempt < most ? failed(error, failures) : { shouldRetry: false };
  };
}
