import { expect, test } from "vitest";
import { withinTime } from "../lib/within-time.ts";
import { HANGS_MS } from "./support/guard.ts";

test("gives the result of work that ends, or its error", () => {
  expect(withinTime(() => 7, HANGS_MS)).toEqual({ value: 7 });
  expect(withinTime(() => undefined, HANGS_MS)).toEqual({ value: undefined });
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
  expect(withinTime(endless, 50)).toBeUndefined();
  expect(withinTime(() => withinTime(endless, 50), HANGS_MS)).toEqual({ value: undefined });
});
