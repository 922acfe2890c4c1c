import { expect, test } from "vitest";
import { type MemberMean, mapped, meanOfMembers, spreadOf } from "../../lib/run/member-mean.ts";

const f32 = (...values: number[]) => Float32Array.from(values);
const NONE = Number.NaN;

test.each([
  // Two members of two leads on two cells: members outside of the leads, and inside.
  ["members, leads", ["mean", "all"], [1, 2, 3, 4, 5, NONE, -1, 8], [2, 2, 1, 2]],
  ["leads, members", ["all", "mean"], [1, 2, 5, NONE, 3, 4, -1, 8], [2, 2, 1, 2]],
] as const)("of %s, low and high are those of the values that count", (_, choices, values, sizes) => {
  const slab = sizes.map((size): [number, number] => [0, size]);
  expect(meanOfMembers(f32(...values), slab, choices)).toEqual({
    values: f32(3, 2, 1, 6),
    spread: { low: f32(1, 2, -1, 4), high: f32(5, 2, 3, 8) },
  });
});

test("where no member has a value, there is none; of one member there is no spread", () => {
  const all = meanOfMembers(
    f32(NONE, NONE),
    [
      [0, 2],
      [0, 1],
      [0, 1],
    ],
    ["mean"],
  );
  expect(all).toEqual({ values: f32(NONE), spread: { low: f32(NONE), high: f32(NONE) } });
  expect(
    meanOfMembers(
      f32(4),
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      ["mean"],
    ),
  ).toEqual({ values: f32(4) });
  expect(
    meanOfMembers(
      f32(4),
      [
        [3, 4],
        [0, 1],
        [0, 1],
      ],
      [3],
    ),
  ).toEqual({ values: f32(4) });
});

test("the spread of means is that of all that they are of", () => {
  const ensemble: MemberMean = { values: f32(2, NONE), spread: { low: f32(0, NONE), high: f32(4, NONE) } };
  const single: MemberMean = { values: f32(7, 1) };
  expect(spreadOf([ensemble, single])).toEqual({ low: f32(0, 1), high: f32(7, 1) });
  expect(spreadOf([ensemble])).toEqual({ low: f32(0, NONE), high: f32(4, NONE) });
  expect(spreadOf([single])).toBeUndefined();
});

test("it is changed as the means are", () => {
  const mean: MemberMean = { values: f32(2), spread: { low: f32(0), high: f32(4) } };
  expect(mapped(mean, (value, at) => value * 2 + at)).toEqual({
    values: f32(4),
    spread: { low: f32(0), high: f32(8) },
  });
  expect(mapped({ values: f32(2) }, (value) => -value)).toEqual({ values: f32(-2) });
});
