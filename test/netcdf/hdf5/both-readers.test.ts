import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { openFile } from "../../../lib/netcdf/random-access.ts";
import { compareReaders } from "../../support/both-readers.ts";
import { fixture } from "../../support/golden.ts";

/** What is left to the library, and why: all that leads elsewhere, and what netCDF-C does not write. */
const LEFT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["lat", "lon", "precip", "time"].flatMap((where) => [
      [`hostile/external-link.${where}.nc`, "a link of another kind, 64"],
      [`hostile/soft-link.${where}.nc`, "a soft link"],
      [`hostile/stored-in-environment.${where}.nc`, "external storage"],
      [`hostile/stored-in-file.${where}.nc`, "external storage"],
      [`hostile/user-defined-link.${where}.nc`, "a link of another kind, 187"],
      [`hostile/virtual.${where}.nc`, "a layout of class 3"],
    ]),
  ),
  "hostile/driver-family-earliest.nc": "another driver",
  "hostile/driver-family-latest.nc": "message 20 in the superblock's extension",
  "hostile/driver-split-earliest.nc": "another driver",
  "hostile/driver-split-latest.nc": "message 20 in the superblock's extension",
  "hostile/group-elsewhere.nc": "a link of another kind, 64",
  "hostile/link-in-group.nc": "a soft link",
  "netcdf/plain-hdf5.nc": "a user block",
  "netcdf/unreadable.nc": "a dataset without values",
  "bad-input/huge-axis.nc": "too many chunks, or too large ones",
  "bad-input/huge-chunk.nc": "too many chunks, or too large ones",
  "bad-input/unknown-filter.nc": "filter 32000",
};

const FILES = ["netcdf", "hdf5", "hostile", "grid", "run", "bad-input", "bases", "layouts", "units"].flatMap((folder) =>
  readdirSync(fixture(folder))
    .filter((name) => /\.(nc|h5)$/.test(name))
    .map((name) => `${folder}/${name}`),
);

function isHdf5(name: string): boolean {
  const access = openFile(fixture(name), name);
  const start = new Uint8Array(8);
  access.read(0, start);
  access.close();
  return start[1] === 0x48 || name === "netcdf/plain-hdf5.nc";
}

test("what is left to the library is all there", () => {
  expect(FILES).toEqual(expect.arrayContaining(Object.keys(LEFT)));
});

test.each(Object.entries(LEFT))("%s is left to the library: %s", async (name, why) => {
  expect(await compareReaders(fixture(name))).toEqual({ outcome: "left", why });
});

test.each(FILES.filter((name) => isHdf5(name) && LEFT[name] === undefined))(
  "%s is read as by the library",
  async (name) => {
    expect(await compareReaders(fixture(name))).toEqual({ outcome: "same" });
  },
);
