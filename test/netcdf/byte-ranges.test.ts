import { describe, expect, test } from "vitest";
import { packedStrides, planSlab } from "../../lib/netcdf/byte-ranges.ts";

describe("the byte ranges of a slab", () => {
  // (4, 3, 5) shorts from byte 100 on, without records.
  const fixed = { offset: 100, itemBytes: 2, strides: packedStrides(2, [4, 3, 5]) };
  // The same, each record of 30 bytes in 50.
  const records = { ...fixed, strides: [50, 10, 2] };

  test("strides are packed", () => {
    expect(fixed.strides).toEqual([30, 10, 2]);
    expect(packedStrides(8, [])).toEqual([]);
  });

  test.each([
    [
      "the whole is one",
      [
        [0, 4],
        [0, 3],
        [0, 5],
      ],
      [[100, 120]],
    ],
    [
      "whole planes are one",
      [
        [1, 3],
        [0, 3],
        [0, 5],
      ],
      [[130, 60]],
    ],
    [
      "whole rows of one plane are one",
      [
        [2, 3],
        [1, 3],
        [0, 5],
      ],
      [[170, 20]],
    ],
    [
      "a part of one row is one",
      [
        [2, 3],
        [1, 2],
        [1, 4],
      ],
      [[172, 6]],
    ],
    [
      "whole rows of several planes are one each",
      [
        [0, 2],
        [1, 3],
        [0, 5],
      ],
      [
        [110, 20],
        [140, 20],
      ],
    ],
    [
      "parts of rows are one each",
      [
        [0, 2],
        [0, 2],
        [4, 5],
      ],
      [
        [108, 2],
        [118, 2],
        [138, 2],
        [148, 2],
      ],
    ],
    [
      "none for nothing",
      [
        [0, 4],
        [2, 2],
        [0, 5],
      ],
      [],
    ],
  ] as const)("without records: %s", (_, slab, ranges) => {
    expect(planSlab(fixed, slab)).toEqual(ranges.map(([offset, length]) => ({ offset, length })));
  });

  test.each([
    [
      "each whole record is one",
      [
        [1, 3],
        [0, 3],
        [0, 5],
      ],
      [
        [150, 30],
        [200, 30],
      ],
    ],
    [
      "one record is one",
      [
        [3, 4],
        [0, 3],
        [0, 5],
      ],
      [[250, 30]],
    ],
    [
      "a row of each record",
      [
        [0, 4],
        [2, 3],
        [0, 5],
      ],
      [
        [120, 10],
        [170, 10],
        [220, 10],
        [270, 10],
      ],
    ],
  ] as const)("with records: %s", (_, slab, ranges) => {
    expect(planSlab(records, slab)).toEqual(ranges.map(([offset, length]) => ({ offset, length })));
  });

  test("a scalar is one", () => {
    expect(planSlab({ offset: 7, itemBytes: 8, strides: [] }, [])).toEqual([{ offset: 7, length: 8 }]);
  });
});
