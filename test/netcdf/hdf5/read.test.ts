import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Hdf5File } from "../../../lib/netcdf/hdf5/library.ts";
import { readContents } from "../../../lib/netcdf/hdf5/library-contents.ts";
import { openByLibrary } from "../../../lib/netcdf/hdf5/read.ts";
import { cutSlab } from "../../../lib/netcdf/hdf5/reader.ts";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { patience } from "../../../lib/within-time.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, golden } from "../../support/golden.ts";
import { processorSeconds } from "../../support/processes.ts";

function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  const path = join(temporaryFolder(), "changed.nc");
  writeFileSync(path, change(readFileSync(fixture(`netcdf/${name}.nc`))));
  return path;
}

describe("a broken file is told", () => {
  test("when it is truncated", async () => {
    const whole = readFileSync(fixture("netcdf/storage.nc")).length;
    const path = changed("storage", (bytes) => bytes.subarray(0, 5000));
    await expect(openDataset(path, "a.nc")).rejects.toMatchObject({
      tag: "BrokenFile",
      message: `a.nc: truncated: needs ${whole} bytes, the file has 5000. Fetch it again`,
    });
  });

  test("when it is cut within its first bytes", async () => {
    const path = changed("storage", (bytes) => bytes.subarray(0, 20));
    await expect(openDataset(path, "a.nc")).rejects.toMatchObject({
      tag: "BrokenFile",
      message: "a.nc: HDF5 cannot open it: it is damaged. Fetch it again",
    });
  });

  test("when a header in it is overwritten", async () => {
    // Object headers start with this signature, the root group's first.
    const path = changed("storage", (bytes) => {
      const root = bytes.indexOf("OHDR");
      bytes.write("gone", bytes.indexOf("OHDR", bytes.indexOf("OHDR", root + 1) + 1));
      return bytes;
    });
    await expect(openDataset(path, "a.nc")).rejects.toMatchObject({
      tag: "BrokenFile",
      message: "a.nc: its header is damaged or truncated. Fetch it again",
    });
  });

  test("when HDF5 would never come back from it, and the next file is read as if nothing had been", async () => {
    // The first text of the heap of texts reaches beyond the heap.
    const path = changed("types", (bytes) => {
      bytes.writeBigUInt64LE(4000n, bytes.indexOf("GCOL") + 16 + 8);
      return bytes;
    });
    const started = processorSeconds();
    const { milliseconds } = patience;
    patience.milliseconds = 300;
    onTestFinished(() => void (patience.milliseconds = milliseconds));
    await expect(openDataset(path, "a.nc")).rejects.toMatchObject({
      tag: "TooLarge",
      message: expect.stringMatching(
        /^a\.nc: the HDF5 library (did not come to an end in|had) \d+\.\d s of processor time/,
      ),
    });
    expect(processorSeconds() - started).toBeLessThan(5);
    // On a busy machine, a file that is whole takes longer than a test can wait for one that is not.
    patience.milliseconds = milliseconds;
    const next = await openDataset(fixture("netcdf/types.nc"), "b.nc");
    expect(next.readRaw("i2")).toEqual(Int16Array.of(-41, -1));
    next.close();
  });

  test("when a chunk is damaged: the others are read", async () => {
    const {
      "third chunk": [offset, size],
    } = golden<{ "third chunk": [number, number] }>("netcdf/unreadable.expected.json");
    const path = changed("unreadable", (bytes) => bytes.fill(0xff, offset, offset + size));
    const dataset = await openDataset(path, "a.nc");
    expect(
      dataset.readRaw("deflated", [
        [1, 2],
        [0, 64],
      ]),
    ).toHaveLength(64);
    expect(() =>
      dataset.readRaw("deflated", [
        [2, 3],
        [0, 64],
      ]),
    ).toThrow(
      expect.objectContaining({
        tag: "BrokenFile",
        message: 'a.nc: "deflated" cannot be read at [2:3, 0:64]: the file is damaged or truncated. Fetch it again',
      }),
    );
    expect(
      dataset.readRaw("deflated", [
        [3, 4],
        [0, 64],
      ]),
    ).toHaveLength(64);
    dataset.close();
  });
});

test("what is compressed by a plugin, or made of other files, or of a type that NetCDF lacks, is not read", async () => {
  const dataset = await openDataset(fixture("netcdf/unreadable.nc"), "a.nc");
  expect(() => dataset.readRaw("zfp")).toThrow(
    expect.objectContaining({
      tag: "UnsupportedFormat",
      message: expect.stringContaining('a.nc: "zfp" is compressed by zfp (filter 32013)'),
    }),
  );
  expect(() => dataset.readRaw("view")).toThrow(
    expect.objectContaining({
      tag: "UnsupportedFormat",
      message: expect.stringContaining('a.nc: "view" is a virtual dataset, a view of other files'),
    }),
  );
  for (const name of ["half", "empty"]) {
    expect(() => dataset.readRaw(name)).toThrow(
      expect.objectContaining({ tag: "NotNumeric", message: expect.stringContaining(`"${name}" is of type other`) }),
    );
  }
  // An attribute that is neither text nor numbers is left out.
  expect(dataset.variables.get("half")?.attributes).toEqual({});
  dataset.close();
});

test("records that were never written are fill values, at any corner of a slab", async () => {
  const dataset = await openDataset(fixture("netcdf/dimensions.nc"), "a.nc");
  expect(
    dataset.readRaw("late_filled", [
      [0, 2],
      [1, 4],
    ]),
  ).toEqual(Float32Array.of(2, -9, -9, 4, -9, -9));
  expect(
    dataset.readRaw("late_filled", [
      [1, 2],
      [3, 5],
    ]),
  ).toEqual(Float32Array.of(-9, -9));
  const never = -9_223_372_036_854_775_806n;
  expect(
    dataset.readRaw("late", [
      [1, 3],
      [1, 2],
    ]),
  ).toEqual(BigInt64Array.of(4n, never));
  dataset.close();
});

test("a library that keeps a damaged file open is not asked for the next one", async () => {
  const harmless = readFileSync(fixture("hostile/harmless.nc"));
  const path = join(temporaryFolder(), "in-place.nc");
  const damaged = Buffer.from(harmless);
  // A text attribute passes for what makes a group of its variable, which is opened as one and never closed.
  damaged.writeUInt16LE(2, 4368);
  writeFileSync(path, damaged);
  const first = await openByLibrary(path, "a.nc");
  expect([...first.dimensions.keys()]).not.toContain("lat");
  first.close();
  writeFileSync(path, harmless);
  const next = await openByLibrary(path, "a.nc");
  expect([...next.dimensions.keys()]).toEqual(["lat", "lon", "time"]);
  next.close();
});

test("a closed file is free, even after a read has failed", async () => {
  const dataset = await openDataset(fixture("netcdf/unreadable.nc"));
  expect(() => dataset.readRaw("zfp")).toThrow("compressed by");
  dataset.close();
  const folder = "/proc/self/fd";
  const open = process.platform === "linux" ? readdirSync(folder) : [];
  const files = open.map((descriptor) => {
    try {
      return readlinkSync(join(folder, descriptor));
    } catch {
      return ""; // the listing's own
    }
  });
  expect(files.filter((file) => file.endsWith("unreadable.nc"))).toEqual([]);
});

describe("large reads are cut into pieces", () => {
  const MB = 2 ** 20;
  test("of 8 MiB, which end where chunks end", () => {
    // Rows of 1 MiB in chunks of 3 rows: 6 rows fit.
    expect(
      cutSlab(
        [
          [4, 14],
          [0, MB],
        ],
        1,
        [3, 1000],
      ),
    ).toEqual([
      [
        [4, 6],
        [0, MB],
      ],
      [
        [6, 12],
        [0, MB],
      ],
      [
        [12, 14],
        [0, MB],
      ],
    ]);
  });

  test("of one row of chunks, where that is larger", () => {
    expect(
      cutSlab(
        [
          [0, 25],
          [0, MB],
        ],
        8,
        [10, 1000],
      ),
    ).toEqual([
      [
        [0, 10],
        [0, MB],
      ],
      [
        [10, 20],
        [0, MB],
      ],
      [
        [20, 25],
        [0, MB],
      ],
    ]);
  });

  test("of whole rows, where there are no chunks", () => {
    expect(
      cutSlab(
        [
          [0, 3],
          [0, MB],
        ],
        4,
        null,
      ),
    ).toEqual([
      [
        [0, 2],
        [0, MB],
      ],
      [
        [2, 3],
        [0, MB],
      ],
    ]);
  });

  test("not when they are small, nor scalars", () => {
    expect(
      cutSlab(
        [
          [1, 800],
          [0, 10],
        ],
        4,
        [1, 10],
      ),
    ).toEqual([
      [
        [1, 800],
        [0, 10],
      ],
    ]);
    expect(cutSlab([], 8, null)).toEqual([[]]);
  });
});

test("of a file with a dataset that the library alone reads, the others are read without it", async () => {
  const file = await Hdf5File.open(fixture("netcdf/unreadable.nc"), "a.nc");
  onTestFinished(() => file.close());
  const { stored } = readContents(file);
  const by = Object.fromEntries([...stored].map(([name, how]) => [name, Object.keys(how)[0]]));
  expect(by).toMatchObject({ deflated: "plain", zfp: "library", view: "library" });
});
