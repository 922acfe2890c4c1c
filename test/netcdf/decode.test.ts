import { describe, expect, test } from "vitest";
import type { Attributes, NumericArray, NumericType, Variable } from "../../lib/netcdf/dataset.ts";
import { decode, read } from "../../lib/netcdf/decode.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { fixture, golden } from "../support/golden.ts";

describe.each(["packed", "packed-netcdf-4"])("the decoded values of %s.nc", (file) => {
  const expected = golden<Record<string, { type: string; values: (number | "NaN")[] }>>(`netcdf/${file}.expected.json`);
  test.each(Object.keys(expected))("%s", async (name) => {
    const { type, values } = expected[name]!;
    const dataset = await openDataset(fixture(`netcdf/${file}.nc`));
    const decoded = read(dataset, name);
    expect(decoded).toBeInstanceOf(type === "float32" ? Float32Array : Float64Array);
    expect([...decoded]).toEqual(values.map(Number));
    const last = values.length - 1;
    expect([...read(dataset, name, [[last, last + 1]])]).toEqual([Number(values[last])]);
    dataset.close();
  });

  test("a scale that is text is refused", async () => {
    const dataset = await openDataset(fixture(`netcdf/${file}.nc`), "a.nc");
    expect(() => read(dataset, "text_scale")).toThrow(
      expect.objectContaining({
        tag: "NotNumeric",
        message: 'a.nc: the attribute scale_factor of "text_scale" is the text "0.1", not a number',
      }),
    );
    dataset.close();
  });
});

function variable(type: Variable["type"], attributes: Attributes): Variable {
  return { name: "v", type, dimensions: ["x"], shape: [2], attributes };
}

test("floats are decoded in place", () => {
  for (const raw of [Float32Array.of(1, -9), Float64Array.of(1, -9)]) {
    const type = raw instanceof Float32Array ? "float32" : "float64";
    const decoded = decode(variable(type, { _FillValue: { type, value: [-9] } }), raw, "a.nc");
    expect(decoded).toBe(raw);
    expect([...raw]).toEqual([1, Number.NaN]);
  }
});

test.each<[NumericType, NumericArray, number]>([
  ["int16", Int16Array.of(-2, 1), 65_534],
  ["int32", Int32Array.of(-2, 1), 4_294_967_294],
  ["int64", BigInt64Array.of(-(2n ** 40n), 1n), 2 ** 64 - 2 ** 40],
  ["uint8", Uint8Array.of(254, 1), 254],
])("%s is unsigned where _Unsigned says so", (type, raw, first) => {
  const attributes = { _Unsigned: { type: "char", value: "true" } } as const;
  expect([...decode(variable(type, attributes), raw, "a.nc")]).toEqual([first, 1]);
});

describe.each([
  ["float32", (values: number[]) => Float32Array.from(values)],
  ["float64", (values: number[]) => Float64Array.from(values)],
] as const)("of %s", (type, arrayOf) => {
  const number = (...value: number[]) => ({ type, value });
  const decoded = (attributes: Attributes, ...values: number[]) => [
    ...decode(variable(type, attributes), arrayOf(values), "a.nc"),
  ];
  const nan = Number.NaN;

  test.each([
    [nan, nan, [nan, 0, 7]],
    [nan, 5, [nan, 0, nan]],
    [-5, nan, [nan, 0, 7]],
  ])("a bound that is NaN excludes nothing, as in %j to %j, and fill values stay missing", (low, high, expected) => {
    const attributes = { valid_range: number(low, high), _FillValue: number(-9) };
    expect(decoded(attributes, -9, 0, 7)).toEqual(expected);
  });

  test("either zero is inside a range that ends at the other, and is missing where the other is", () => {
    expect(decoded({ valid_range: number(0, 7) }, -0, 0, -1e-30, 7, 7.5)).toEqual([-0, 0, nan, 7, nan]);
    expect(decoded({ valid_range: number(-7, -0) }, -0, 0, 1e-30, -7, -7.5)).toEqual([-0, 0, nan, -7, nan]);
    expect(decoded({ _FillValue: number(0) }, -0, 0, 1)).toEqual([nan, nan, 1]);
  });

  test("infinities are values, unless a range excludes them", () => {
    expect(decoded({ _FillValue: number(1) }, Infinity, -Infinity, nan, 1)).toEqual([Infinity, -Infinity, nan, nan]);
    expect(decoded({ valid_min: number(0) }, Infinity, -Infinity)).toEqual([Infinity, nan]);
    expect(decoded({ valid_max: number(0) }, Infinity, -Infinity)).toEqual([nan, -Infinity]);
  });
});

test("text is not decoded", () => {
  expect(() => decode(variable("char", {}), new Uint8Array(2), "a.nc")).toThrow('a.nc: "v" is of type char');
});
