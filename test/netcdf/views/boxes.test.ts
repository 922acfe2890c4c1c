import { describe, expect, test } from "vitest";
import type { Slab } from "../../../lib/netcdf/dataset.ts";
import { countsOf, product } from "../../../lib/netcdf/slab.ts";
import { boxesOf } from "../../../lib/netcdf/views/boxes.ts";

const whole: Slab = [
  [0, 40],
  [0, 5],
  [0, 7],
];
const part: Slab = [
  [3, 38],
  [1, 5],
  [2, 4],
];

describe.each([
  { chunks: [1, 1, 1], most: 35, name: "fields of a month" },
  { chunks: [1, 1, 1], most: 8, name: "a row and more at once" },
  { chunks: [40, 1, 1], most: 100, name: "chunks of all months" },
  { chunks: [7, 3, 4], most: 100, name: "chunks that divide nothing" },
  { chunks: [7, 3, 4], most: 1, name: "chunks that are larger than what is read at once" },
  { chunks: [64, 64, 64], most: 1e6, name: "all" },
])("$name", ({ chunks, most }) => {
  test.each([{ slab: whole }, { slab: part }])("cover $slab once, by whole chunks, of bounded size", ({ slab }) => {
    const seen = new Set<string>();
    let values = 0;
    for (const box of boxesOf(slab, chunks, most)) {
      const size = product(countsOf(box));
      expect(size).toBeLessThanOrEqual(Math.max(most, product(chunks)));
      values += size;
      for (const [d, [start, stop]] of box.entries()) {
        const [first, end] = slab[d]!;
        const chunk = chunks[d]!;
        expect([start === first || start % chunk === 0, stop === end || stop % chunk === 0]).toEqual([true, true]);
        expect([start >= first, stop <= end, start < stop]).toEqual([true, true, true]);
      }
      seen.add(JSON.stringify(box.map(([start]) => start)));
    }
    expect(values).toBe(product(countsOf(slab)));
    expect(seen.size).toBe([...boxesOf(slab, chunks, most)].length);
  });
});

test("of nothing there are none", () => {
  expect([
    ...boxesOf(
      [
        [0, 3],
        [2, 2],
      ],
      [1, 1],
      10,
    ),
  ]).toEqual([]);
});
