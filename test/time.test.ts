import { expect, test } from "vitest";
import { secondsOf, timeText } from "../lib/time.ts";

test.each([
  ["2020-06-25T00:00:00Z", "2020-06-25 00:00:00"],
  ["1969-12-31T23:59:59Z", "1969-12-31 23:59:59"],
  ["0000-01-01T00:00:00Z", "0000-01-01 00:00:00"],
  ["9999-12-31T23:59:59Z", "9999-12-31 23:59:59"],
  // Years of other than four digits have a sign and six.
  ["+010000-01-01T00:00:00Z", "+010000-01-01 00:00:00"],
  ["-000001-12-31T23:59:59Z", "-000001-12-31 23:59:59"],
])("the text of %s is %s, and is read back", (time, text) => {
  const seconds = Date.parse(time) / 1000;
  expect(timeText(seconds)).toBe(text);
  expect(secondsOf(text)).toBe(seconds);
});

test("parts of a second are cut", () => {
  expect(timeText(1.999)).toBe("1970-01-01 00:00:01");
});

test("what is no time is thrown", () => {
  expect(() => timeText(Number.NaN)).toThrow(RangeError);
});
