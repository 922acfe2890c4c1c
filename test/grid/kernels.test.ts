import { describe, expect, test } from "vitest";
import { FLOAT_BYTES, type FloatArray, floats } from "../../lib/grid/floats.ts";
import { Kernels } from "../../lib/grid/kernels/kernels.ts";
import { calendarMonthsOf, spanOf, YEAR_MONTHS } from "../../lib/grid/months.ts";
import { ITEM_BYTES, valuesOf } from "../../lib/netcdf/numeric-types.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { float32, golden } from "../support/golden.ts";

interface Golden {
  months: number;
  firstMonth: string;
  baseline: [number, number];
  observations: string;
  anomalies: string;
}

const kernels = await Kernels.load();

/** Cells of some months, and their anomalies relative to the mean of a span. */
function anomaliesOf(values: FloatArray, calendarMonths: Uint8Array, span: readonly [number, number], least = 1) {
  using _ = kernels.scope();
  const type = values instanceof Float32Array ? "float32" : "float64";
  const months = calendarMonths.length;
  const cells = values.length / months;
  const at = kernels.allocate(values.byteLength);
  const calendar = kernels.allocate(months);
  const means = kernels.allocate(cells * YEAR_MONTHS * FLOAT_BYTES[type]);
  kernels.floats(type, at, values.length).set(values);
  kernels.bytes(calendar, months).set(calendarMonths);
  const line = { type, values: at, cells, months, calendar } as const;
  const sparse = kernels.climatology(line, { span, least }, means);
  const anyValue = kernels.takeOff(line, means);
  return {
    anyValue,
    sparse,
    means: kernels.floats(type, means, cells * YEAR_MONTHS).slice(),
    anomalies: kernels.floats(type, at, values.length).slice(),
  };
}

/** The same, said plainly. */
function expectedOf(values: FloatArray, calendarMonths: Uint8Array, [start, stop]: readonly [number, number]) {
  const months = calendarMonths.length;
  const type = values instanceof Float32Array ? "float32" : "float64";
  const rounded = type === "float32" ? Math.fround : (x: number) => x;
  const means = floats(type, (values.length / months) * YEAR_MONTHS);
  for (let i = 0; i < means.length; i++) {
    const first = Math.floor(i / YEAR_MONTHS) * months;
    const taken = Array.from(values.subarray(first + start, first + stop)).filter(
      (value, t) => calendarMonths[start + t] === i % YEAR_MONTHS && !Number.isNaN(value),
    );
    means[i] = taken.reduce((sum, value) => rounded(sum + value), 0) / taken.length;
  }
  const anomalies = values.map(
    (value, i) => value - means[Math.floor(i / months) * YEAR_MONTHS + calendarMonths[i % months]!]!,
  );
  return { means, anomalies };
}

describe("anomalies", () => {
  test("are xarray's to the last bit, missing values, cells and months included", () => {
    const { months, firstMonth, baseline, observations, anomalies } = golden<Golden>("numbers/anomalies.expected.json");
    const [year, month] = firstMonth.split("-").map(Number) as [number, number];
    const seconds = Array.from({ length: months }, (_, t) => Date.UTC(year, month - 1 + t) / 1000);
    const made = anomaliesOf(float32(observations), calendarMonthsOf(seconds), spanOf(seconds, baseline));
    expect(made.anyValue).toBe(true);
    expect(made.anomalies).toEqual(float32(anomalies));
  });

  test("have means of single precision, in time order", () => {
    // 2^24 + 1 + 1 is 2^24 in float32 from the left, and 2^24 + 2 in any wider sum.
    const { anomalies } = anomaliesOf(new Float32Array([2 ** 24, 1, 1, 0]), new Uint8Array(4), [0, 4]);
    expect(Array.from(anomalies)).toEqual([2 ** 24 - 2 ** 22, 1 - 2 ** 22, 1 - 2 ** 22, -(2 ** 22)]);
  });

  test("of a tile without a value say so", () => {
    const values = new Float32Array(24).fill(Number.NaN);
    const calendarMonths = new Uint8Array(12).map((_, i) => i);
    const { anyValue, anomalies } = anomaliesOf(values, calendarMonths, [0, 12]);
    expect(anyValue).toBe(false);
    expect(anomalies.every(Number.isNaN)).toBe(true);
  });

  test("need so many values of a calendar month, and cells with fewer are counted", () => {
    // Three cells of two months: both there three times, one of them twice, and one of them never.
    const of = (lack: readonly number[]) =>
      [1, 2, 3, 4, 5, 6].map((value, t) => (lack.includes(t) ? Number.NaN : value));
    const values = [...of([]), ...of([4]), ...of([0, 2, 4])];
    const calendarMonths = Uint8Array.from([0, 1, 0, 1, 0, 1]);
    for (const typed of [Float64Array.from(values), Float32Array.from(values)]) {
      const { means, anomalies, sparse } = anomaliesOf(typed, calendarMonths, [0, 6], 3);
      const januaries = [0, 1, 2].map((cell) => means[cell * YEAR_MONTHS]);
      expect(januaries).toEqual([3, Number.NaN, Number.NaN]);
      expect(Array.from(anomalies.subarray(6, 12))).toEqual([Number.NaN, -2, Number.NaN, 0, Number.NaN, 2]);
      expect(sparse).toBe(1);
      expect(anomaliesOf(typed, calendarMonths, [0, 6], 2).sparse).toBe(0);
    }
  });

  // Four months in order are taken at once: they begin anywhere, and some are there twice or not at all.
  const irregular = [11, 0, 1, 2, 3, 4, 6, 7, 8, 8, 9, 10, 11, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2];
  test.each([
    ["from January", Array.from({ length: 36 }, (_, i) => i % 12), [0, 36]],
    ["from any month", Array.from({ length: 41 }, (_, i) => (i + 6) % 12), [3, 38]],
    ["with gaps", irregular, [1, 26]],
    ["of a span that ends inside of four months", irregular, [0, 4]],
    ["of an empty span", irregular, [3, 3]],
  ] as const)("of months %s are those said plainly", (_, calendar, span) => {
    const calendarMonths = Uint8Array.from(calendar);
    const valueAt = (i: number) => (i % 7 === 3 || i < 20 ? Number.NaN : Math.sin(i) * 1000);
    const double = Float64Array.from({ length: 5 * calendar.length }, (_value, i) => valueAt(i));
    for (const values of [double, Float32Array.from(double)]) {
      expect(anomaliesOf(values, calendarMonths, span)).toMatchObject(expectedOf(values, calendarMonths, span));
    }
  });
});

describe("a mask", () => {
  const [low, high] = [-2, 3];
  const VALUES = [0, -0, -2, Math.fround(-2.1), 3, Math.fround(3.1), 1, Infinity, -Infinity, Number.NaN, 2];
  const maskedBy = (missing: readonly number[], range: readonly [number, number]) => {
    using _ = kernels.scope();
    const values = kernels.values("float32", kernels.allocate(4 * VALUES.length), VALUES.length) as Float32Array;
    values.set(VALUES);
    kernels.mask(values, missing, range);
    return Array.from(values);
  };

  test("leaves what nothing says is missing", () => {
    expect(maskedBy([], [-Infinity, Infinity])).toEqual(VALUES);
  });

  test("takes either zero for a missing zero, and what is outside of a range", () => {
    const { NaN: none } = Number;
    expect(maskedBy([0, 1], [low, high])).toEqual([none, none, -2, none, 3, none, none, none, none, none, 2]);
  });
});

describe("fields become series", () => {
  const [LONS, WIDTH, BLOCK] = [11, 4, 5];

  test.each(["int8", "int16", "float32", "int32", "float64", "int64"] as const)("of %s, of any length", (type) => {
    using _ = kernels.scope();
    const word = ITEM_BYTES[type];
    const tile = WIDTH * BLOCK;
    const [fields, series] = [kernels.allocate(LONS * BLOCK * word), kernels.allocate(3 * tile * word)];
    // All bits of a word are kept: those of a NaN, too.
    const bytes = Uint8Array.from({ length: LONS * BLOCK * word }, (_byte, i) => (i * 37) % 256);
    kernels.bytes(fields, bytes.length).set(bytes);
    kernels.bytes(series, 3 * tile * word).fill(0);
    const lines = { cells: LONS, months: BLOCK, field: LONS, cell: BLOCK, width: WIDTH, tile };
    kernels.transpose(word, fields, series, lines);
    const expected = new Uint8Array(3 * tile * word);
    for (let lon = 0; lon < LONS; lon++) {
      for (let month = 0; month < BLOCK; month++) {
        const from = (month * LONS + lon) * word;
        expected.set(bytes.subarray(from, from + word), (lon * BLOCK + month) * word);
      }
    }
    expect(kernels.bytes(series, expected.length)).toEqual(expected);
  });

  test("whose blocks are put together, the last one not full", () => {
    using _ = kernels.scope();
    const [block, series, offset] = [3 * 8, 7 * 8, 16];
    const blocks = [100, 200, 300].map((first) => {
      const at = kernels.allocate(offset + 2 * block);
      kernels.bytes(at + offset, 2 * block).set(Array.from({ length: 2 * block }, (_byte, i) => first - 100 + i));
      return at;
    });
    const table = kernels.allocate(4 * blocks.length);
    const into = kernels.allocate(2 * series);
    kernels.addresses(table, blocks.length).set(blocks);
    kernels.gather({ table, count: blocks.length, offset, cells: 2, block, series }, into);
    const run = (first: number, count: number) => Array.from({ length: count }, (_byte, i) => (first + i) % 256);
    const cells = [
      [run(0, 24), run(100, 24), run(200, 8)],
      [run(24, 24), run(124, 24), run(224, 8)],
    ];
    expect(Array.from(kernels.bytes(into, 2 * series))).toEqual(cells.flat(2));
  });
});

describe.each([1, 2, 4, 8])("shuffled values of %d bytes", (word) => {
  test.each([1, 15, 16, 33, 100])("are put together: %d of them, and nothing behind them is touched", (count) => {
    using _ = kernels.scope();
    const random = mulberry32(count);
    const expected = Uint8Array.from({ length: count * word }, () => random() * 256);
    const planes = kernels.bytes(kernels.allocate(expected.length), expected.length);
    expected.forEach((byte, at) => (planes[(at % word) * count + Math.floor(at / word)] = byte));
    const values = kernels.allocate(expected.length + 64);
    const room = kernels.bytes(values, expected.length + 64).fill(7);
    kernels.unshuffle(word, kernels.bytes(planes.byteOffset, planes.length), values);
    expect(room).toEqual(Uint8Array.of(...expected, ...new Uint8Array(64).fill(7)));
  });
});

describe("the memory of kernels", () => {
  test("grows, and is free again behind a scope", () => {
    const before = kernels.allocate(1);
    {
      using _ = kernels.scope();
      const large = kernels.allocate(2 ** 20 + 1);
      kernels.bytes(large, 2 ** 20 + 1).fill(7);
      expect(large % 16).toBe(0);
    }
    expect(kernels.allocate(1)).toBe(before + 16);
    expect(valuesOf("uint8", kernels.bytes(before, 1).buffer).length % 2 ** 16).toBe(0);
  });
});
