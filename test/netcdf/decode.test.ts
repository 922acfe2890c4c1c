import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Attributes, NumericArray, NumericType, Variable } from "../../lib/netcdf/dataset.ts";
import { decode, read, readCoordinate } from "../../lib/netcdf/decode.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { writeClassic } from "../../lib/sample/classic-writer.ts";
import { openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
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

describe("what _Unsigned and texts say is read as xarray reads it", () => {
  const expected = golden<Record<string, (number | "NaN")[]>>("decode/signs.expected.json");
  test.each(Object.keys(expected))("%s", async (name) => {
    const dataset = await openDataset(fixture("decode/signs.nc"));
    expect([...read(dataset, name)]).toEqual(expected[name]!.map(Number));
    dataset.close();
  });
});

test.each<[string, Attributes, number[]]>([
  ["missing_value", { missing_value: { type: "char", value: "-999" } }, [Number.NaN, 4]],
  ["valid_min", { valid_min: { type: "char", value: " 4.0 " } }, [Number.NaN, 4]],
  ["valid_range", { valid_range: { type: "char", value: "4, 5" } }, [Number.NaN, 4]],
  ["no number", { valid_range: { type: "char", value: "4 to 5" } }, [-999, 4]],
  ["a number and more", { missing_value: { type: "char", value: "-999f" } }, [-999, 4]],
])("a number that is written as text counts: %s", (_, attributes, expected) => {
  for (const type of ["float32", "float64"] as const) {
    const raw = type === "float32" ? Float32Array.of(-999, 4) : Float64Array.of(-999, 4);
    expect([...decode(variable(type, attributes), raw, "a.nc")]).toEqual(expected);
  }
});

test("a range of valid values takes no value of a coordinate away", async () => {
  const attributes = { units: "degrees_north", valid_min: Float64Array.of(-89), valid_max: Float64Array.of(89) };
  const values = Float64Array.of(-90, 0, 90);
  const bytes = writeClassic({
    dimensions: [{ name: "lat", size: 3, unlimited: false }],
    attributes: {},
    variables: [{ name: "lat", dimensions: ["lat"], attributes, values }],
  });
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, bytes);
  const dataset = await openUntilEnd(path, "a.nc");
  expect([...readCoordinate(dataset, "lat")]).toEqual([-90, 0, 90]);
  expect([...read(dataset, "lat")]).toEqual([Number.NaN, 0, Number.NaN]);
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
