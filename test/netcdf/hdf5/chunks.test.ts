import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Dataset as Entity, File, ready } from "h5wasm/node";
import { describe, expect, test } from "vitest";
import { mulberry32 } from "../../../lib/sample/random.ts";
import { makeSample } from "../../../lib/sample/sample.ts";
import { openUntilEnd } from "../../support/classic.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";
import { joined, picked, piecesOf } from "../../support/pieces.ts";

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
    await ready;
    const file = new File(path, "r");
    const whole = (file.get(variableName) as Entity).value as Float32Array;
    file.close();
    expect(dataset.readRaw(variableName)).toEqual(whole);

    const random = mulberry32(3);
    for (let i = 0; i < 60; i++) {
      const slab = variable.shape.map((size): [number, number] => {
        const start = Math.floor(random() * size);
        return [start, start + 1 + Math.floor(random() * (size - start))];
      });
      const expected = picked(whole, variable.shape, slab);
      expect(Array.from(dataset.readRaw(variableName, slab) as Float32Array)).toEqual(expected);
      expect(await joined(dataset, variableName, slab)).toEqual(expected);
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
    expect(await piecesOf(dataset, "precip")).toHaveLength(500);
    const file = new File(observations, "r");
    const whole = (file.get("precip") as Entity).value;
    file.close();
    expect(dataset.readRaw("precip")).toEqual(whole);
  });
});

test.each([
  ["storage", ["deflated", "checked"], "values that are not chunked"],
  ["dimensions", [], "chunks that were never written, and variables shorter than their dimension"],
  ["types", [], "values that are not chunked"],
  ["unreadable", ["deflated"], "filters of plugins, and views of other files"],
])("of %s.nc %j have an index, not %s", async (name, indexed) => {
  const dataset = await openUntilEnd(fixture(`netcdf/${name}.nc`), name);
  const numeric = [...dataset.variables.values()].filter(({ type }) => type !== "char" && type !== "other");
  const byChunks: string[] = [];
  for (const { name: variable } of numeric) {
    // What has none comes in pieces that are larger than these files.
    if ((await piecesOf(dataset, variable).catch(() => [])).length > 1) byChunks.push(variable);
  }
  expect(byChunks).toEqual(indexed);
});

test("an index that is damaged is the library's to tell of", async () => {
  const path = join(temporaryFolder(), "changed.nc");
  const bytes = readFileSync(fixture("netcdf/storage.nc"));
  for (let at = bytes.indexOf("TREE"); at !== -1; at = bytes.indexOf("TREE", at + 1)) bytes.write("gone", at);
  writeFileSync(path, bytes);
  const dataset = await openUntilEnd(path, "a.nc");
  const damaged = /^a\.nc: "deflated" cannot be read at .*damaged or truncated/;
  expect(() => dataset.readRaw("deflated")).toThrow(damaged);
  await expect(piecesOf(dataset, "deflated")).rejects.toThrow(damaged);
});
