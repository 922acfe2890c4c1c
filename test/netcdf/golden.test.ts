import { describe, expect, test } from "vitest";
import type { Attributes, NumericArray } from "../../lib/netcdf/dataset.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { fixture, golden } from "../support/golden.ts";

interface Expected {
  readonly dimensions: Record<string, [size: number, unlimited: boolean]>;
  readonly attributes: Record<string, string | number[]>;
  readonly variables: Record<
    string,
    {
      type: string;
      dimensions: string[];
      shape: number[];
      attributes: Record<string, string | number[]>;
      values?: (number | string)[];
    }
  >;
}

function plainAttributes(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
}

/** As the golden's JSON has them. */
function plainValues(values: NumericArray): (number | string)[] {
  return Array.from<number | bigint, number | string>(values, (value) =>
    typeof value === "bigint" || !Number.isFinite(value) ? String(value) : value,
  );
}

describe("what netCDF-C reads in", () => {
  test.each([
    ["one-record-variable", "classic"],
    ["two-record-variables", "classic"],
    ["classic", "classic"],
    ["64-bit-offset", "64-bit offset"],
    ["cdf5", "CDF-5"],
    ["cdf5-one-record-variable", "CDF-5"],
    ["no-records", "classic"],
    ["empty-header", "classic"],
    ["types", "netCDF-4"],
    ["storage", "netCDF-4"],
    ["dimensions", "netCDF-4"],
    ["wide-coordinate", "netCDF-4"],
    ["plain-hdf5", "netCDF-4"],
  ])("%s.nc, is read here", async (name, format) => {
    const expected = golden<Expected>(`netcdf/${name}.expected.json`);
    const dataset = await openDataset(fixture(`netcdf/${name}.nc`), "a.nc");

    expect(dataset.file).toBe("a.nc");
    expect(dataset.format).toBe(format);
    const dimensions = Array.from(dataset.dimensions.values(), (d) => [d.name, [d.size, d.unlimited]]);
    expect(Object.fromEntries(dimensions)).toEqual(expected.dimensions);
    expect(plainAttributes(dataset.attributes)).toEqual(expected.attributes);
    expect([...dataset.variables.keys()].sort()).toEqual(Object.keys(expected.variables).sort());
    for (const [variableName, { values = "not read", attributes, ...rest }] of Object.entries(expected.variables)) {
      const variable = dataset.variables.get(variableName)!;
      expect(variable).toMatchObject({ name: variableName, ...rest });
      expect(plainAttributes(variable.attributes)).toEqual(attributes);
      const readable = variable.type !== "char" && variable.type !== "other";
      expect(readable ? plainValues(dataset.readRaw(variableName)) : "not read").toEqual(values);
    }
    dataset.close();
  });

  test.each([
    ["classic", "record_i2"],
    ["classic", "record_f8"],
    ["two-record-variables", "s1"],
    ["cdf5", "record_u2"],
    ["cdf5", "record_i8"],
    ["storage", "deflated"],
    ["storage", "checked"],
    ["dimensions", "late"],
  ])("%s.nc: every slab of %s has the values of the whole", async (file, name) => {
    const dataset = await openDataset(fixture(`netcdf/${file}.nc`));
    const { shape } = dataset.variables.get(name)!;
    const whole = dataset.readRaw(name);
    const [rows, columns, layers = 1] = shape as [number, number, number?];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const slab = [[row, rows] as const, [column, column + 1] as const, [0, layers] as const].slice(0, shape.length);
        const expected: unknown[] = [];
        for (let r = row; r < rows; r++) {
          for (let l = 0; l < layers; l++) expected.push(whole[(r * columns + column) * layers + l]);
        }
        expect([...dataset.readRaw(name, slab)]).toEqual(expected);
      }
    }
    dataset.close();
  });
});

test("types are kept in arrays of their own", async () => {
  const dataset = await openDataset(fixture("netcdf/types.nc"));
  expect(dataset.readRaw("i8")).toBeInstanceOf(BigInt64Array);
  expect(dataset.readRaw("u8")).toBeInstanceOf(BigUint64Array);
  expect(dataset.readRaw("i1")).toBeInstanceOf(Int8Array);
  expect(dataset.readRaw("scalar")).toEqual(Int16Array.of(7));
  expect(dataset.attributes.int64).toEqual({ type: "int64", value: [5] });
  dataset.close();
});

test("chunk shapes are told, and only where there are chunks", async () => {
  const dataset = await openDataset(fixture("netcdf/storage.nc"));
  expect(dataset.variables.get("deflated")?.chunks).toEqual([1, 4, 6]);
  expect(dataset.variables.get("lat")).not.toHaveProperty("chunks");
  dataset.close();
});
