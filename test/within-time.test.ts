import { expect, onTestFinished, test } from "vitest";
import { outOfTime, patience, withinTime } from "../lib/within-time.ts";

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
  expect(withinTime(endless)).toEqual({ processor: expect.any(Number) });
});

test("says of work that was stopped whether the file is too much, or the machine had other work", () => {
  const details = { file: "a.nc", hint: "Fetch it again" };
  expect(outOfTime("the library", 119.96, details)).toMatchObject({
    tag: "TooLarge",
    message: "a.nc: the library did not come to an end in 120.0 s of processor time. Fetch it again",
  });
  expect(outOfTime("the library", 59, details)).toMatchObject({
    tag: "TooLarge",
    message:
      "a.nc: the library had 59.0 s of processor time in 120 s, and was not done. This machine is busy with other work: try again when it is not",
  });
});
