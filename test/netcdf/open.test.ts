import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isNumeric } from "../../lib/netcdf/numeric-types.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

const hdf5 = vi.hoisted(() => ({ loaded: false }));
vi.mock("../../node_modules/h5wasm/dist/node/hdf5_util.js", async (importOriginal) => {
  hdf5.loaded = true;
  return importOriginal();
});

function made(bytes: Uint8Array | string): string {
  const path = join(temporaryFolder(), "made.nc");
  writeFileSync(path, bytes);
  return path;
}

test("the HDF5 library is loaded by the first file that needs it, not by what netCDF-C and its like write", async () => {
  for (const name of [
    "netcdf/classic.nc",
    "netcdf/types.nc",
    "hdf5/chunk-indexes.nc",
    "hdf5/dense.nc",
    "run/precip.mon.mean.nc",
  ]) {
    const dataset = await openDataset(fixture(name));
    for (const variable of dataset.variables.values()) if (isNumeric(variable.type)) dataset.readRaw(variable.name);
    dataset.close();
  }
  expect(hdf5.loaded).toBe(false);
  (await openDataset(fixture("netcdf/plain-hdf5.nc"))).close();
  expect(hdf5.loaded).toBe(true);
});

test("a missing file, and a folder, are not found", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a.nc"));
  await expect(openDataset(join(folder, "b.nc"), "b.nc")).rejects.toMatchObject({
    tag: "FileNotFound",
    message: expect.stringMatching(/^b\.nc: cannot be read \(ENOENT/),
  });
  await expect(openDataset(join(folder, "a.nc"), "a.nc")).rejects.toMatchObject({
    tag: "FileNotFound",
    message:
      "a.nc: is a folder, and no store of Zarr. Name a file in it, or as observations all of them, as 'folder/*.nc'",
  });
});

test("an empty file is told", async () => {
  await expect(openDataset(made(""), "a.nc")).rejects.toMatchObject({
    tag: "EmptyFile",
    message: "a.nc: is empty. Fetch it again",
  });
});

test.each([
  ["<html><body>404", 'starts with "<html><b"'],
  ["CDF", 'starts with "CDF"'],
  ["CDF\u0003aaaa", String.raw`starts with "CDF\u0003aaaa"`],
  [`${"\0".repeat(600)}\x89HDF\r\n\x1a`, String.raw`starts with "\u0000\u0000`],
])("a file of %j is no NetCDF, and its first bytes are told", async (text, problem) => {
  await expect(openDataset(made(Buffer.from(text, "latin1")), "a.nc")).rejects.toMatchObject({
    tag: "NotNetcdf",
    message: expect.stringContaining(problem),
  });
});

test.each(["classic", "types"])("reads of %s.nc that cannot be done name the valid choices", async (file) => {
  const dataset = await openDataset(fixture(`netcdf/${file}.nc`), "a.nc");
  const name = file === "classic" ? "record_i2" : "i2";
  const text = file === "classic" ? "label" : "letters";
  const shape = dataset.variables.get(name)!.shape;
  const whole = shape.map((size) => [0, size] as const);
  const withFirst = (start: number, stop: number) => [[start, stop] as const, ...whole.slice(1)];

  expect(() => dataset.readRaw("nothing")).toThrow(
    expect.objectContaining({
      tag: "MissingVariable",
      message: expect.stringMatching(new RegExp(`^a.nc: there is no variable "nothing". Valid choices: .*${name}`)),
    }),
  );
  expect(() => dataset.readRaw(text)).toThrow(
    expect.objectContaining({
      tag: "NotNumeric",
      details: { file: "a.nc", choices: expect.not.arrayContaining([text]) },
      message: expect.stringContaining(`"${text}" is of type char, not a number. Valid choices: `),
    }),
  );
  const bad = [whole.slice(1), withFirst(-1, 1), withFirst(0, shape[0]! + 1), withFirst(1, 0), withFirst(0.5, 1)];
  for (const slab of bad) {
    expect(() => dataset.readRaw(name, slab)).toThrow(
      expect.objectContaining({
        tag: "BadSlab",
        message: expect.stringContaining(`is not inside "${name}". Its shape is (${shape.join(", ")})`),
      }),
    );
  }
  expect(dataset.readRaw(name, withFirst(1, 1))).toEqual(new Int16Array(0));
  dataset.close();
});

test("HDF5 is found behind any user block", async () => {
  const plain = readFileSync(fixture("netcdf/plain-hdf5.nc"));
  expect(plain.subarray(0, 8)).toEqual(Buffer.alloc(8));
  const dataset = await openDataset(made(plain));
  expect(dataset.readRaw("single")).toEqual(Uint8Array.of(200));
  dataset.close();
});
