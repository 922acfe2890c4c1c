import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";
import { joined } from "../../support/pieces.ts";
import { type Packed, zipOf } from "../../support/zip.ts";

const CLASSIC = readFileSync(fixture("netcdf/classic.nc"));
const NETCDF4 = readFileSync(fixture("netcdf/storage.nc"));

function made(bytes: Uint8Array, name = "a"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

const nc = (name: string, content: Uint8Array = CLASSIC): Packed => ({ name, content });

/** The system's temporary folder, for this test alone. */
function ownTemporaryFolder(): string {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(tmpdir()).toBe(folder);
  return folder;
}

describe("a packed file is read as the file in it", () => {
  test.each([
    ["gzip", gzipSync(CLASSIC), "classic.nc", "record_i2"],
    [
      "gzip in two members",
      Buffer.concat([gzipSync(CLASSIC.subarray(0, 500)), gzipSync(CLASSIC.subarray(500))]),
      "classic.nc",
      "record_i2",
    ],
    ["gzip of NetCDF-4", gzipSync(NETCDF4), "storage.nc", "deflated"],
    ["a deflated entry of a zip archive", zipOf([nc("a.nc")]), "classic.nc", "record_i2"],
    ["a stored entry", zipOf([nc("a.nc", NETCDF4)], { stored: true }), "storage.nc", "deflated"],
    [
      "an entry beside a folder and notes",
      zipOf([nc("d/", Buffer.alloc(0)), nc("readme.txt", Buffer.from("x")), nc("d/a.nc")]),
      "classic.nc",
      "record_i2",
    ],
    [
      "the only entry, whatever its name",
      zipOf([nc("data.bin"), nc("__MACOSX/._data.bin", Buffer.from("x"))]),
      "classic.nc",
      "record_i2",
    ],
    ["an entry with its numbers in zip64", zipOf([nc("a.nc")], { wide: true }), "classic.nc", "record_i2"],
  ])("%s", async (_, bytes, plain, variable) => {
    const path = made(bytes);
    const temporary = ownTemporaryFolder();
    const expected = await openDataset(fixture(`netcdf/${plain}`));
    const dataset = await openDataset(path, "a.nc.gz");
    expect(dataset.file).toBe("a.nc.gz");
    expect(dataset.variables).toEqual(expected.variables);
    expect(dataset.readRaw(variable)).toEqual(expected.readRaw(variable));
    const whole = expected.variables.get(variable)!.shape.map((size) => [0, size] as const);
    expect(await joined(dataset, variable, whole)).toEqual(
      Array.from<number | bigint, number>(expected.readRaw(variable), Number),
    );
    expect(readdirSync(temporary)).toHaveLength(1);
    dataset.close();
    expect(readdirSync(temporary)).toEqual([]);
    expected.close();
  });
});

const PACKED = gzipSync(CLASSIC);
const ZIP = zipOf([nc("a.nc")]);

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 0x55;
  return copy;
}

test.each([
  ["gzip with a wrong checksum", changed(PACKED, -6), "BrokenFile", "is damaged: it cannot be unpacked"],
  ["damaged gzip", changed(PACKED, 40), "BrokenFile", "is damaged: it cannot be unpacked"],
  ["truncated gzip", PACKED.subarray(0, -9), "BrokenFile", "is truncated: what is packed in it has no end"],
  ["gzip of nothing", gzipSync(""), "EmptyFile", "is empty"],
  [
    "gzip of gzip",
    gzipSync(PACKED),
    "UnsupportedFormat",
    "is packed twice: what is in it is a gzip file. Unpack it once",
  ],
  ["gzip of text", gzipSync("<html>"), "NotNetcdf", 'starts with "<html>"'],
  ["a truncated zip archive", ZIP.subarray(0, -5), "BrokenFile", "a zip archive without a central directory"],
  [
    "a zip archive with a wrong checksum",
    zipOf([{ ...nc("a.nc"), crc: 1 }]),
    "BrokenFile",
    "is damaged: what is packed in it is not what it declares",
  ],
  [
    "a zip archive with a wrong size",
    zipOf([{ ...nc("a.nc"), size: 5 }]),
    "BrokenFile",
    "is damaged: what is packed in it is not what it declares",
  ],
  ["an encrypted entry", zipOf([{ ...nc("a.nc"), flags: 1 }]), "UnsupportedFormat", "a.nc is encrypted"],
  [
    "another method",
    zipOf([{ ...nc("a.nc"), method: 12 }]),
    "UnsupportedFormat",
    "a.nc is packed by method 12, which is not read here",
  ],
  [
    "several files",
    zipOf([nc("a.nc"), nc("b.nc"), nc("c.txt")]),
    "UnsupportedFormat",
    'is a zip archive of 2 files of values. Valid choices: a.nc, b.nc. Unpack the one that is meant: unzip FILE "a.nc"',
  ],
  [
    "no file of values",
    zipOf([nc("a.xml"), nc("b.xml")]),
    "NotNetcdf",
    "is a zip archive without a NetCDF file. Valid choices: a.xml, b.xml",
  ],
  ["no file", zipOf([]), "NotNetcdf", "is a zip archive without a NetCDF file. Valid choices: (none)"],
])("%s is refused, and leaves nothing", async (_, bytes, tag, problem) => {
  const path = made(bytes);
  const temporary = ownTemporaryFolder();
  await expect(openDataset(path, "a.nc.gz")).rejects.toMatchObject({
    tag,
    message: expect.stringContaining(`a.nc.gz: ${problem}`),
  });
  expect(readdirSync(temporary)).toEqual([]);
});

test("a small file that unpacks to far more than values would is refused, before the disk is full", async () => {
  // Of a zip archive the size is declared: nothing is unpacked.
  const path = made(zipOf([{ ...nc("a.nc"), size: 2 ** 31 }]));
  const temporary = ownTemporaryFolder();
  await expect(openDataset(path, "a.zip")).rejects.toMatchObject({
    tag: "TooLarge",
    message: "a.zip: unpacks to more than 1073741824 bytes. Unpack it first, if it is not damaged",
  });
  expect(readdirSync(temporary)).toEqual([]);
});
