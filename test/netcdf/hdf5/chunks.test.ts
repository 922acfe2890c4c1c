import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Dataset as Entity, File, ready } from "h5wasm/node";
import { describe, expect, test } from "vitest";
import type { Slab } from "../../../lib/netcdf/dataset.ts";
import { openVariable } from "../../../lib/netcdf/open.ts";
import { product } from "../../../lib/netcdf/slab.ts";
import { mulberry32 } from "../../../lib/sample/random.ts";
import { makeSample } from "../../../lib/sample/sample.ts";
import { openUntilEnd } from "../../support/classic.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";

/** The values of a slab, picked from those of the whole variable one by one. */
function pick<T>(whole: ArrayLike<T>, shape: readonly number[], slab: Slab): T[] {
  const picked: T[] = [];
  const walk = (d: number, at: number): void => {
    if (d === shape.length) picked.push(whole[at]!);
    else for (let i = slab[d]![0]; i < slab[d]![1]; i++) walk(d + 1, at + i * product(shape.slice(d + 1)));
  };
  walk(0, 0);
  return picked;
}

describe("slabs are read from their chunks alone", () => {
  test.each([
    ["grid/packed.nc", "air"],
    ["netcdf/storage.nc", "deflated"],
    ["run/precip.mon.mean.nc", "precip"],
    ["netcdf/wide-coordinate.nc", "v"],
  ])("as the library reads them: %s, %s", async (name, variableName) => {
    const path = fixture(name);
    const dataset = await openUntilEnd(path, name);
    const variable = dataset.variables.get(variableName)!;
    const handle = dataset.handleOf(variableName);
    expect(handle.storage).toBeDefined();
    await ready;
    const file = new File(path, "r");
    const whole = (file.get(variableName) as Entity).value as Float32Array;
    file.close();
    expect(dataset.readRaw(variableName)).toEqual(whole);

    const readSlab = await openVariable(structuredClone(handle));
    const random = mulberry32(3);
    for (let i = 0; i < 60; i++) {
      const slab = variable.shape.map((size): [number, number] => {
        const start = Math.floor(random() * size);
        return [start, start + 1 + Math.floor(random() * (size - start))];
      });
      const expected = pick(whole, variable.shape, slab);
      expect(Array.from(readSlab(slab) as Float32Array).slice(0, expected.length)).toEqual(expected);
    }
  });

  test("of many chunks, whose index has more than one level", async () => {
    const { observations } = await makeSample(temporaryFolder(), {
      resolution: 30,
      months: 500,
      stations: 1,
      seed: 1,
    });
    const dataset = await openUntilEnd(observations, "sample");
    expect(dataset.handleOf("precip").storage).toMatchObject({ lengths: { length: 500 } });
    const file = new File(observations, "r");
    const whole = (file.get("precip") as Entity).value;
    file.close();
    expect(dataset.readRaw("precip")).toEqual(whole);
  });
});

test.each([
  ["storage", ["deflated"], "chunks with checksums, and values that are not chunked"],
  ["dimensions", ["time"], "chunks that were never written, and variables shorter than their dimension"],
  ["types", [], "values that are not chunked"],
  ["unreadable", ["deflated"], "filters of plugins, and views of other files"],
])("of %s.nc %j have an index, not %s", async (name, indexed) => {
  const dataset = await openUntilEnd(fixture(`netcdf/${name}.nc`), name);
  expect([...dataset.variables.keys()].filter((variable) => dataset.handleOf(variable).storage !== undefined)).toEqual(
    indexed,
  );
});

test("an index that is damaged is the library's to tell of", async () => {
  const path = join(temporaryFolder(), "changed.nc");
  const bytes = readFileSync(fixture("netcdf/storage.nc"));
  for (let at = bytes.indexOf("TREE"); at !== -1; at = bytes.indexOf("TREE", at + 1)) bytes.write("gone", at);
  writeFileSync(path, bytes);
  const dataset = await openUntilEnd(path, "a.nc");
  expect(dataset.handleOf("deflated").storage).toBeUndefined();
  expect(() => dataset.readRaw("deflated")).toThrow(/^a\.nc: "deflated" cannot be read at .*damaged or truncated/);
});
