import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NetCDFReader } from "netcdfjs";
import { describe, expect, test } from "vitest";
import { type ClassicContents, writeClassic } from "../../lib/sample/classic-writer.ts";

const golden = (name: string): Buffer => readFileSync(join(import.meta.dirname, "golden", name));

/** The contents of the golden files, as their .cdl beside them has it. */
const CONTENTS: Record<string, ClassicContents> = {
  "every-type": {
    dimensions: [
      { name: "time", size: 3, unlimited: true },
      { name: "x", size: 3, unlimited: false },
      { name: "word", size: 5, unlimited: false },
    ],
    variables: [
      {
        name: "b",
        dimensions: ["x"],
        attributes: { flag: Int8Array.of(-1, 2, 3) },
        values: Int8Array.of(-128, 0, 127),
      },
      {
        name: "records",
        dimensions: ["time", "x"],
        attributes: { _FillValue: Int16Array.of(-9) },
        values: Int16Array.of(1, 2, 3, 4, 5, 6, -7, -8, -32768),
      },
      { name: "name", dimensions: ["word"], attributes: { units: "°C" }, values: "Mohé" },
      {
        name: "time",
        dimensions: ["time"],
        attributes: { units: "days since 1950-01-01" },
        values: Float64Array.of(0, 31.5, 59),
      },
      {
        name: "s",
        dimensions: ["x"],
        attributes: { range: Int16Array.of(-300) },
        values: Int16Array.of(1, -2, 32767),
      },
      {
        name: "i",
        dimensions: ["x"],
        attributes: { step: Int32Array.of(70000, -70000) },
        values: Int32Array.of(1, -2, 2147483647),
      },
      {
        name: "f",
        dimensions: ["x"],
        attributes: { _FillValue: Float32Array.of(-9.99e8) },
        values: Float32Array.of(1.5, 0, 3.4e38),
      },
      {
        name: "scalar",
        dimensions: [],
        attributes: { range: Float64Array.of(-0.5, 1e300) },
        values: Float64Array.of(0.1),
      },
      { name: "flag", dimensions: ["time"], values: Int8Array.of(1, 2, 3) },
    ],
    attributes: { title: "every type" },
  },
  "one-record": {
    dimensions: [
      { name: "time", size: 3, unlimited: true },
      { name: "x", size: 3, unlimited: false },
    ],
    variables: [{ name: "b", dimensions: ["time", "x"], values: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) }],
  },
  "no-records": {
    dimensions: [
      { name: "time", size: 0, unlimited: true },
      { name: "x", size: 3, unlimited: false },
    ],
    variables: [
      { name: "f", dimensions: ["time", "x"], values: new Float32Array(0) },
      { name: "s", dimensions: ["x"], attributes: { _FillValue: Int16Array.of(5) }, values: Int16Array.of(1, 2, 3) },
    ],
  },
};

describe("writes the bytes that netCDF-C writes", () => {
  test.each(Object.entries(CONTENTS))("%s, classic", (name, contents) => {
    expect(Buffer.from(writeClassic(contents)).toString("hex")).toBe(golden(`${name}.nc`).toString("hex"));
  });

  test.each(Object.entries(CONTENTS))("%s, 64-bit offset", (name, contents) => {
    const bytes = writeClassic({ ...contents, version: 2 });
    expect(Buffer.from(bytes).toString("hex")).toBe(golden(`${name}.64-bit.nc`).toString("hex"));
  });
});

test("netcdfjs reads the header and the values of aligned types", () => {
  const reader = new NetCDFReader(writeClassic(CONTENTS["every-type"]!));
  expect(reader.version).toBe("classic format");
  expect(reader.recordDimension.length).toBe(3);
  expect(reader.getDataVariable("i")).toEqual([1, -2, 2147483647]);
  expect(reader.getDataVariable("time")).toEqual([0, 31.5, 59]);
  expect(reader.getAttribute("title")).toBe("every type");
});

describe("refuses contents that do not agree", () => {
  const x = { name: "x", size: 3, unlimited: false };
  const t = { name: "t", size: 1, unlimited: true };
  const values = new Float32Array(3);

  test.each<[string, ClassicContents, string]>([
    [
      "too few values",
      { dimensions: [x], variables: [{ name: "v", dimensions: ["x"], values: new Float32Array(2) }] },
      "v: 8 bytes of values, 12 by its dimensions",
    ],
    [
      "an unknown dimension",
      { dimensions: [x], variables: [{ name: "v", dimensions: ["y"], values }] },
      "v: no dimension y",
    ],
    [
      "records that do not come first",
      { dimensions: [x, t], variables: [{ name: "v", dimensions: ["x", "t"], values }] },
      "v: t is unlimited and not the first dimension",
    ],
    [
      "two unlimited dimensions",
      { dimensions: [t, { ...t, name: "u" }], variables: [] },
      "more than one unlimited dimension: t, u",
    ],
  ])("%s", (_, contents, message) => {
    expect(() => writeClassic(contents)).toThrow(message);
  });
});
