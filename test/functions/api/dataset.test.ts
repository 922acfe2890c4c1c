import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isInputError, openDataset } from "../../../functions/api/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";

test("a dataset tells what it holds, and gives values, coordinates and times", async () => {
  const dataset = await openDataset(fixture("run/precip.mon.mean.nc"));
  expect(dataset).toMatchObject({ file: fixture("run/precip.mon.mean.nc"), format: "netCDF-4" });
  expect(dataset.variables.get("precip")).toMatchObject({ type: "float32", dimensions: ["time", "lat", "lon"] });
  const { lat, time } = dataset.coordinatesOf("precip");
  expect(Array.from(dataset.read(lat))).toEqual([80, 60, 40, 20, 0, -20, -40, -60, -80]);
  expect(new Date(dataset.readTimes(time)[0]! * 1000).toISOString()).toMatch(/^19\d\d-\d\d-01T/);
  const field = [
    [0, 1],
    [0, 9],
    [0, 18],
  ] as const;
  const [values, stored] = [dataset.read("precip", field), dataset.readRaw("precip", field)];
  expect([values.length, stored.length]).toEqual([9 * 18, 9 * 18]);
  // Missing values are NaN, and as they are stored a number.
  expect(values.some(Number.isNaN)).toBe(true);
  expect(stored.some(Number.isNaN)).toBe(false);
  dataset.close();
});

test("the times of a forecast follow its initial time", async () => {
  const dataset = await openDataset(fixture("layouts/c3s-members.nc"));
  expect(dataset.coordinatesOf("t2a").time).toBe("forecastMonth");
  const months = (init: number) =>
    Array.from(dataset.validTimes("t2a", init), (time) => new Date(time * 1000).toISOString().slice(0, 7));
  expect(months(0)).toEqual(["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]);
  expect(months(1)).toEqual(["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"]);
  expect(() => dataset.validTimes("t2a", 2)).toThrow(expect.objectContaining({ tag: "BadSlab" }));
  dataset.close();
});

test("what is packed is unpacked", async () => {
  const dataset = await openDataset(fixture("netcdf/packed-netcdf-4.nc"));
  expect(Array.from(dataset.read("shifted"))).toEqual([-0.5, Number.NaN, 1.5, 2.5]);
  dataset.close();
});

describe("a dataset that is closed", () => {
  test.each(["netcdf/classic.nc", "netcdf/storage.nc"])("such as %s reads no other file in its stead", async (file) => {
    const dataset = await openDataset(fixture(file));
    dataset.close();
    const other = await openDataset(fixture("run/precip.classic.nc"));
    expect(() => dataset.read("lat")).toThrow(`${fixture(file)}: is closed`);
    // Closing it once more closes no other file.
    dataset.close();
    expect(other.read("lat")).toHaveLength(9);
    other.close();
  });
});

test("datasets that are open at once have nothing to do with each other, be one of them damaged", async () => {
  const damaged = join(temporaryFolder(), "damaged.nc");
  writeFileSync(damaged, "\u0089HDF\r\n\u001a\n and no more", "latin1");
  const first = await openDataset(fixture("netcdf/storage.nc"));
  const names = [...first.variables.keys()];
  const before = names.map((name) => first.read(name));
  const error = await openDataset(damaged).catch((caught: unknown) => caught);
  expect(isInputError(error, "BrokenFile")).toBe(true);
  const second = await openDataset(fixture("run/precip.mon.mean.nc"));
  expect(names.map((name) => first.read(name))).toEqual(before);
  first.close();
  expect(second.read("lat")).toHaveLength(9);
  second.close();
});
