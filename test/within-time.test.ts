import { expect, onTestFinished, test } from "vitest";
import { patience, withinTime } from "../lib/within-time.ts";

test("gives the result of work that ends, also of work within it, or its error", () => {
  expect(withinTime(() => 7)).toEqual({ value: 7 });
  expect(withinTime(() => undefined)).toEqual({ value: undefined });
  expect(withinTime(() => [withinTime(() => 7), 8])).toEqual({ value: [{ value: 7 }, 8] });
  expect(() =>
    withinTime(() => {
      throw new RangeError("wrong");
    }),
  ).toThrow(RangeError);
});

test("stops work that does not end", () => {
  const { milliseconds } = patience;
  patience.milliseconds = 50;
  onTestFinished(() => void (patience.milliseconds = milliseconds));
  const endless = (): never => {
    for (;;);
  };
  expect(withinTime(endless)).toBeUndefined();
});
