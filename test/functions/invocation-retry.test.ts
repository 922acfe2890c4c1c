import { expect, test } from "vitest";
import { isRefusal, secondsOf, triesWithin } from "../../functions/coordinator/invocation-retry.ts";

test.each([
  ["Rate Exceeded.", true],
  ["Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException)", true],
  ["ReservedFunctionConcurrentInvocationLimitExceeded", true],
  ["Request was throttled", true],
  ["RequestId: 1 Error: Runtime exited with error: signal: killed", false],
  ["2026-01-01T00:00:00Z 1 Task timed out after 120.00 seconds", false],
  ["S3 refused s3:PutObject", false],
])("%s: whether the account had no room is %s", (message, expected) => {
  expect(isRefusal({ message })).toBe(expected);
});

test("of many fewer tries are made than of few, so that neither time nor operations run out", () => {
  const patience = { attempts: 1350, seconds: 8 * 360 };
  expect([1, 40, 80, 150, 225, 450].map((count) => triesWithin(patience, count))).toEqual([6, 5, 4, 3, 2, 2]);
  for (let count = 1; count <= 450; count++) {
    const tries = triesWithin(patience, count);
    expect(count * tries).toBeLessThanOrEqual(patience.attempts);
    expect(count * secondsOf(tries)).toBeLessThanOrEqual(patience.seconds);
  }
  expect(triesWithin({ attempts: 1350, seconds: -1 }, 1)).toBe(0);
  expect(triesWithin({ attempts: 10, seconds: 100 }, 11)).toBe(0);
});
