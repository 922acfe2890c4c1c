import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFile } from "../../../lib/netcdf/random-access.ts";
import { withRightSums } from "../../faults/hdf5-checksums.ts";
import { compareReaders } from "../../support/both-readers.ts";
import { temporaryFolder } from "../../support/folder.ts";
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
  "hdf5/matrix-new.nc": "filter 6",
  "hdf5/matrix-old.nc": "filter 5",
  "hdf5/bits.nc": "an object of several names",
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
  "bad-input/unknown-filter.nc": "filter 32013",
};

/** Filters that the library has not. */
const LIBRARY_LACKS = "filters.nc";

const FILES = ["netcdf", "hdf5", "hostile", "grid", "run", "bad-input", "bases", "layouts", "units"].flatMap((folder) =>
  readdirSync(fixture(folder))
    .filter((name) => /\.(nc|h5)$/.test(name) && name !== LIBRARY_LACKS)
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

/** Files with bytes of their headers changed, checksums aside, so that the library refuses them, or a part of them. */
const DAMAGED: readonly [what: string, name: string, bytes: Readonly<Record<number, number>>, why: string][] = [
  ["an empty message that is elsewhere", "hostile/harmless.nc", { 1660: 3 }, "a message with flags 3"],
  ["a part of another header", "hostile/harmless.nc", { 1640: 0x48 }, "headers that share a part"],
  ["a time of version 0x12", "bad-input/archive.nc", { 746: 0x12 }, "a modification time of another version"],
  ["group info of version 3", "bad-input/archive.nc", { 101: 3 }, "group info of another version"],
  ["a fill value that is half defined", "hostile/planted.h5", { 891: 251 }, "a fill value that is defined as 251"],
  ["a fill value of unknown flags", "netcdf/storage.nc", { 3493: 0x8a }, "a fill value with flags 138"],
  ["a fill value that is none", "netcdf/storage.nc", { 3493: 0x3b }, "a fill value that is not defined"],
  ["deflate of level 512", "hdf5/chunk-indexes.nc", { 12592: 0, 12593: 2 }, "another kind of deflate"],
  [
    "an array that grows along two dimensions",
    "hdf5/chunk-indexes.nc",
    Object.fromEntries(Array.from({ length: 8 }, (_, i) => [39607 + i, 0xff])),
    "an array that grows for a dataset that does not, or not along one dimension",
  ],
];

test.each(DAMAGED)("%s is left to the library: %s", async (_, name, bytes, why) => {
  const original = readFileSync(fixture(name));
  const changed = Buffer.from(original);
  for (const [at, byte] of Object.entries(bytes)) changed[Number(at)] = byte;
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, withRightSums(original, changed));
  expect(await compareReaders(path)).toEqual({ outcome: "left", why });
});
