import { describe, expect, test } from "vitest";
import { mulberry32 } from "../../lib/sample/random.ts";
import { numberText } from "../../lib/series/number-text.ts";
import { LONGEST_NUMBER, writeFloat } from "../../lib/series/write-float.ts";

const bytes = new Uint8Array(3 + LONGEST_NUMBER);

function written(value: number): string {
  const end = writeFloat(bytes, 3, value);
  return Buffer.from(bytes.subarray(3, end)).toString("latin1");
}

/** The values that are not written as {@link numberText} has them, or take more than their room. */
function wronglyWritten(values: Iterable<number>): string[] {
  const wrong: string[] = [];
  for (const value of values) {
    const text = written(value);
    if (text !== numberText(value) || text.length > LONGEST_NUMBER) wrong.push(`${value}: ${text}`);
  }
  return wrong;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function fromBits(word: number): number {
  bits[0] = word;
  return float[0]!;
}

describe("a float32 is written as the shortest decimal of its double", () => {
  test("for 400 000 of any bits", () => {
    const random = mulberry32(1);
    expect(wronglyWritten(Array.from({ length: 400_000 }, () => fromBits(random() * 2 ** 32)))).toEqual([]);
  });

  test("for 400 000 of the sizes that anomalies have", () => {
    const random = mulberry32(2);
    const exponent = () => 127 - 12 + Math.floor(random() * 28);
    expect(
      wronglyWritten(
        Array.from({ length: 400_000 }, () => fromBits(((random() * 2 ** 32) & 0x807fffff) | (exponent() << 23))),
      ),
    ).toEqual([]);
  });

  test("for 400 000 differences of short decimals", () => {
    const random = mulberry32(3);
    const short = () => Math.fround(Math.round(random() * 2000) / 100);
    expect(wronglyWritten(Array.from({ length: 400_000 }, () => Math.fround(short() - short())))).toEqual([]);
  });

  test("for all that have few digits, of either sign", () => {
    const units = [0.001, 0.01, 0.1, 0.125, 0.25, 1, 10];
    expect(
      wronglyWritten(
        units.flatMap((unit) => Array.from({ length: 20_001 }, (_, i) => Math.fround((i - 10_000) * unit))),
      ),
    ).toEqual([]);
  });

  test("for the neighbours of all powers of two and of ten", () => {
    const powers = [
      ...Array.from({ length: 254 }, (_, e) => (e + 1) << 23),
      ...Array.from({ length: 77 }, (_, e) => {
        float[0] = 10 ** (e - 38);
        return bits[0]!;
      }),
    ];
    expect(wronglyWritten(powers.flatMap((word) => [-2, -1, 0, 1, 2].map((step) => fromBits(word + step))))).toEqual(
      [],
    );
  });

  test.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
    [9.999999, "9.999999046325684"],
    [-0.9530005, "-0.9530004858970642"],
    [0.001, "0.0010000000474974513"],
    [16383.999, "16383.9990234375"],
    [16384, "16384.0"],
  ])("for %d", (value, text) => {
    expect(written(Math.fround(value))).toBe(text);
  });
});

test("nothing is written before the place that is named", () => {
  bytes.fill(7);
  written(-123.456);
  expect(Array.from(bytes.subarray(0, 3))).toEqual([7, 7, 7]);
});
