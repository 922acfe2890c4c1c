import { createRetryStrategy, JitterStrategy } from "@aws/durable-execution-sdk-js";
import { ATTEMPTS, attemptsWithin } from "../../lib/run/chunk-plan.ts";

/** Attempts at a chunk or band for which the account has no room, if there are operations for so many. */
const MOST_REFUSALS = 6;
/** What Lambda says of an invocation beyond an account's limit: the SDK passes on its message, not its type. */
const NO_ROOM = /rate exceeded|too ?many ?requests|throttl|invocation ?limit ?exceeded/i;

/** Attempts at each of so many chunks or bands, of as many as a run may have, for which the account has no room. */
export function mostRefusals(most: number, count: number): number {
  return Math.min(MOST_REFUSALS, attemptsWithin(most, count));
}

/**
 * When the invocations of one chunk or band are tried again: after a failure soon, and a few times; where the account has no
 * room for it later, and as often as there are operations for. Its randomness does no harm in a replay: there a wait
 * that has begun keeps its length.
 */
export function invocationRetry(refusals: number): ReturnType<typeof createRetryStrategy> {
  const jitter = JitterStrategy.HALF;
  const failed = createRetryStrategy({ maxAttempts: ATTEMPTS, initialDelay: { seconds: 2 }, backoffRate: 4, jitter });
  const refused = createRetryStrategy({
    maxAttempts: refusals,
    initialDelay: { seconds: 5 },
    maxDelay: { seconds: 30 },
    jitter,
  });
  let failures = 0;
  return (error, attempt) => {
    if (NO_ROOM.test(error.message)) return refused(error, attempt);
    failures++;
    return attempt < refusals ? failed(error, failures) : { shouldRetry: false };
  };
}

/** How often a chunk or band was tried that ended with this error; of one that was also refused it may be more. */
export function attemptsMade(error: string, refusals: number): number {
  return NO_ROOM.test(error) ? refusals : ATTEMPTS;
}
