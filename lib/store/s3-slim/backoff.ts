/** Of the first retry, milliseconds; each further one may wait twice as long. */
const FIRST_MS = 50;
const FIRST_THROTTLED_MS = 1_000;
const LONGEST_MS = 20_000;

/**
 * How long to wait after an attempt that failed, milliseconds: the SDK's standard mode, at random so that many callers do
 * not come back together.
 *
 * @param attempt - 1 for the first
 * @param throttled - whether S3 asked for fewer requests
 */
export function backoff(attempt: number, throttled: boolean): number {
  const first = throttled ? FIRST_THROTTLED_MS : FIRST_MS;
  return Math.random() * Math.min(first * 2 ** (attempt - 1), LONGEST_MS);
}
