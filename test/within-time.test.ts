import { expect, test } from "vitest";
import { withinTime } from "../lib/within-time.ts";

test("gives the result of work that ends, or its error", () => {
  expect(withinTime(1000, () => 7)).toEqual({ value: 7 });
  expect(withinTime(1000, () => undefined)).toEqual({ value: undefined });
  expect(() =>
    withinTime(1000, () => {
      throw new RangeError("wrong");
    }),
  ).toThrow(RangeError);
});

test("stops work that does not end, and work within work", () => {
  const endless = (): never => {
    for (;;);
  };
  const started = performance.now();
  expect(withinTime(50, endless)).toBeUndefined();
  expect(withinTime(1000, () => withinTime(50, endless))).toEqual({ value: undefined });
  expect(performance.now() - started).toBeLessThan(900);
});
