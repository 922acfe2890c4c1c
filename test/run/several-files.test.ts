import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { localFiles } from "../../functions/local/files.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { type GridRequest } from "../../lib/grid/grid-order.ts";
import { decode } from "../../lib/netcdf/decode.ts";
import { filesOf } from "../../lib/run/local-archive.ts";
import { withObservations } from "../../lib/run/observations.ts";
import { classicFile, latitudes, longitudes, monthsOf, type TestField } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden } from "../support/golden.ts";
import { joined, picked } from "../support/pieces.ts";

interface Expected {
  readonly times: readonly string[];
  readonly type: string;
  readonly values: readonly (number | null)[];
}

const REQUEST: GridRequest = { variable: "t", firstMonth: "2000-01", baseline: [2000, 2001] };
const unhashed = vi.fn(async () => "etag");
const archiveAt = (pattern: string) => filesOf(localFiles(pattern, unhashed));

describe("an archive in several files is what xarray joins of them", () => {
  const cases = readdirSync(fixture("several"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  test.each(cases.map(({ name }) => name))("%s", async (name) => {
    const expected = golden<Expected>(`several/${name}.expected.json`);
    await withObservations(await archiveAt(fixture(`several/${name}/*.nc`)), REQUEST, async (dataset) => {
      const grid = describeGrid(dataset, REQUEST, "");
      expect(grid.seconds.map((time) => new Date(time * 1000).toISOString().slice(0, 19))).toEqual(expected.times);
      const variable = dataset.variables.get("t")!;
      const slabOf = ([lat, lon]: readonly [number, number]) =>
        [
          [2, 27],
          [lat, 3],
          [lon, 4],
        ] as const;
      for (const slab of [variable.shape.map((size) => [0, size] as const), slabOf([1, 1])]) {
        const stored = Float64Array.from(await joined(dataset, "t", slab));
        const raw =
          variable.type === "float64"
            ? stored
            : variable.type === "int16"
              ? Int16Array.from(stored)
              : Float32Array.from(stored);
        const values = decode(variable, raw, "all");
        expect(values.constructor.name.toLowerCase()).toBe(`${expected.type}array`);
        const whole = expected.values.map((value) => value ?? Number.NaN);
        expect(Array.from(values)).toEqual(picked(whole, variable.shape, slab));
      }
    });
  });
});

const FIELD: TestField = {
  variable: "t",
  axes: { time: monthsOf(2000, 0, 1), lat: latitudes(10, 20), lon: longitudes(100, 110) },
  attributes: { units: "K" },
};

/** A folder of files by their names. */
function folderOf(files: Readonly<Record<string, TestField>>): string {
  const folder = join(temporaryFolder(), "archive");
  mkdirSync(folder);
  for (const [name, field] of Object.entries(files)) copyFileSync(classicFile(field), join(folder, name));
  return folder;
}

const described = async (pattern: string) =>
  withObservations(await archiveAt(pattern), REQUEST, (dataset) => describeGrid(dataset, REQUEST, ""));

test("dates that the real calendar lacks are told, as of one file", async () => {
  // Of the last days of months that have 30 days each.
  const ends = (first: number, count: number) => ({
    values: Array.from({ length: count }, (_, i) => 30 * (first + i) + 29),
    attributes: { units: "days since 2000-01-01", calendar: "360_day" },
  });
  const one = { ...FIELD, axes: { ...FIELD.axes, time: ends(0, 12) } };
  const other = { ...FIELD, axes: { ...FIELD.axes, time: ends(12, 12) } };
  const { warnings } = await described(`${folderOf({ "a.nc": one, "b.nc": other })}/*.nc`);
  expect(warnings.filter(({ kind }) => kind === "timeMoved")).toEqual([
    { kind: "timeMoved", message: "dates of a model calendar that became the last day of their month: 2" },
  ]);
});

describe("files that cannot be joined are named, with what differs", () => {
  const later = { ...FIELD.axes, time: monthsOf(2000, 2, 3) };
  test.each<[string, TestField, string, string]>([
    [
      "a month in two files",
      { ...FIELD, axes: { ...FIELD.axes, time: monthsOf(2000, 1, 2) } },
      "BadTime",
      "b.nc: has 2000-02, and so has a.nc. Name the files so that each period is in one of them",
    ],
    [
      "another latitude",
      { ...FIELD, axes: { ...later, lat: latitudes(10, 21) } },
      "BadAxis",
      "b.nc: latitude 2 is 21, and 20 in a.nc",
    ],
    [
      "more longitudes",
      { ...FIELD, axes: { ...later, lon: longitudes(100, 110, 120) } },
      "BadAxis",
      "b.nc: has 3 longitudes, and a.nc has 2",
    ],
    [
      "other units",
      { ...FIELD, axes: later, attributes: { units: "degC" } },
      "BadUnits",
      'b.nc: "t" has the units "degC", and the units "K" in a.nc',
    ],
    [
      "no units",
      { ...FIELD, axes: later, attributes: {} },
      "BadUnits",
      'b.nc: "t" has no units, and the units "K" in a.nc',
    ],
    ["another variable", { ...FIELD, axes: later, variable: "u" }, "MissingVariable", 'b.nc: there is no variable "t"'],
  ])("%s", async (_, field, tag, message) => {
    const folder = folderOf({ "a.nc": FIELD, "b.nc": field });
    await expect(described(`${folder}/*.nc`)).rejects.toMatchObject({ tag, message: expect.stringContaining(message) });
  });

  test("one that is damaged", async () => {
    const folder = folderOf({ "a.nc": FIELD });
    writeFileSync(join(folder, "b.nc"), "CDF\u0001");
    await expect(described(`${folder}/*.nc`)).rejects.toMatchObject({
      tag: "BrokenFile",
      message: expect.stringContaining("b.nc: its header is damaged"),
    });
  });
});

describe("a pattern", () => {
  const two = () =>
    folderOf({ "t.1.nc": FIELD, "t.2.nc": { ...FIELD, axes: { ...FIELD.axes, time: monthsOf(2000, 2) } } });

  test("takes the files that fit, and neither hidden ones nor those of folders below", async () => {
    const folder = two();
    mkdirSync(join(folder, "t.3.nc"));
    writeFileSync(join(folder, ".t.4.nc"), "");
    writeFileSync(join(folder, "u.nc"), "");
    expect((await described(`${folder}/t.?.nc`)).seconds).toHaveLength(3);
    expect((await described(`${folder}/t.2*`)).seconds).toHaveLength(1);
  });

  test("that no file fits, or of folders, is refused", async () => {
    const folder = two();
    await expect(described(`${folder}/x*.nc`)).rejects.toMatchObject({
      tag: "FileNotFound",
      message: `${folder}/x*.nc: there is no file of that pattern. Name a folder that has some; * stands for any letters, ? for one`,
    });
    expect(() => localFiles("a/*/b.nc", unhashed)).toThrow(
      "a/*/b.nc: has a * or ? in a folder. They may stand in the last part alone, as in observations/era5/*.nc",
    );
  });

  test("has another etag when a file changes, comes, goes or is renamed; and the same one in any other folder", async () => {
    const folder = two();
    const input = localFiles(`${folder}/*.nc`, unhashed);
    const etags = [await input.etag()];
    expect(input.key).toBe(join("archive", "*.nc"));
    expect(await localFiles(`${two()}/*.nc`, unhashed).etag()).toBe(etags[0]);
    copyFileSync(classicFile({ ...FIELD, values: [9, 8, 7, 6, 5, 4, 3, 2] }), join(folder, "t.1.nc"));
    etags.push(await input.etag());
    copyFileSync(join(folder, "t.1.nc"), join(folder, "t.3.nc"));
    etags.push(await input.etag());
    rmSync(join(folder, "t.1.nc"));
    etags.push(await input.etag());
    expect(new Set(etags).size).toBe(4);
  });
});
