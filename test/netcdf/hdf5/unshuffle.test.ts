import { describe, expect, test } from "vitest";
import { unshuffle } from "../../../lib/netcdf/hdf5/unshuffle.ts";
import { mulberry32 } from "../../../lib/sample/random.ts";

describe.each([1, 2, 4, 8])("values of %d bytes", (itemBytes) => {
  test.each([1, 3, 8, 31, 64])("%d of them: every row of them is what was shuffled", (count) => {
    const random = mulberry32(count);
    const values = Uint8Array.from({ length: count * itemBytes }, () => random() * 256);
    const shuffled = new Uint8Array(values.length);
    for (let i = 0; i < count; i++) {
      for (let b = 0; b < itemBytes; b++) shuffled[b * count + i] = values[i * itemBytes + b]!;
    }
    // At an address that words can have, and at one that they cannot.
    for (const offset of [0, 1]) {
      const bytes = new Uint8Array(shuffled.length + offset).subarray(offset);
      bytes.set(shuffled);
      for (let from = 0; from < count; from++) {
        for (let length = 0; length <= count - from; length++) {
          const into = new Uint8Array(values.length + 2 * itemBytes);
          unshuffle(bytes, itemBytes, into)(from, 2, length);
          const expected = new Uint8Array(into.length);
          expected.set(values.subarray(from * itemBytes, (from + length) * itemBytes), 2 * itemBytes);
          expect(into).toEqual(expected);
        }
      }
    }
  });
});
