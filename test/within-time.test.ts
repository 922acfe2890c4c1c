import { expect, test } from "vitest";
import { withinTime } from "../lib/within-time.ts";

test("gives the result of work that ends, or its error", () => {
  expect(withinTime(() => 7)).toEqual({ value: 7 });
  expect(withinTime(() => undefined)).toEqual({ value: undefined });
  expect(() =>
    withinTime(() => {
      throw new RangeError("wrong");
    }),
  ).toThrow(RangeError);
});

test("stops work that does not end, and work within work", () => {
  const endless = (): never => {
    for (;;);
  };
  const started = performance.now();
  expect(withinTime(endless, 50)).toBeUndefined();
  expect(withinTime(() => withinTime(endless, 50))).toEqual({ value: undefined });
  expect(performance.now() - started).toBeLessThan(900);
});
