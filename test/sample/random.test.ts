import { expect, test } from "vitest";
import { mulberry32 } from "../../lib/sample/random.ts";

test("gives the published sequence of a seed", () => {
  const random = mulberry32(0);
  expect([random(), random(), random()]).toEqual([0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]);
});

test("is spread evenly over [0, 1)", () => {
  const random = mulberry32(7);
  const tenths = Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) tenths[Math.floor(random() * 10)]!++;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
