import { expect, test } from "vitest";
import { numberText } from "../../lib/series/number-text.ts";
import { float64, golden } from "../support/golden.ts";

test("numbers are laid out as pandas' to_csv does", () => {
  const { values, texts } = golden<{ values: string; texts: string[] }>("numbers/decimals.expected.json");
  expect(Array.from(float64(values), numberText)).toEqual(texts);
});

test.each([
  [Number.NaN, "nan"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
  [-0, "-0.0"],
  [Math.fround(-0.9530005455), "-0.953000545501709"],
])("%d is %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});
