import {
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Dataset } from "../../../lib/netcdf/dataset.ts";
import { INPUT, makeSandbox } from "../../../lib/netcdf/hdf5/sandbox.ts";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";
import { SECRET, tracesOfSecret } from "../../support/secret.ts";

const WHERE = ["precip", "lat", "lon", "time"] as const;
const ONE_FILE = "Only the file itself is read. Copy the values into one file: nccopy in.nc out.nc";
const MERGE = "Only the file itself is read. Copy what it links to into one file: h5repack --merge in.nc out.nc";
const REWRITE = "Only the file itself is read. Have the program that made it write the values into the file itself";

async function opened(path: string): Promise<Dataset> {
  const dataset = await openDataset(path, "a.nc");
  onTestFinished(() => dataset.close());
  return dataset;
}

/** The hostile files beside what they point to. */
function planted(): string {
  const folder = temporaryFolder();
  cpSync(fixture("hostile"), folder, { recursive: true });
  writeFileSync(join(folder, "planted.bin"), SECRET);
  return folder;
}

describe("a file that leads to others is refused before anything is read", () => {
  test.each(
    [
      ["stored-in-environment", "is kept in external storage, other files"],
      ["stored-in-file", "is kept in external storage, other files"],
      ["virtual", "is a virtual dataset, a view of other files"],
    ].flatMap(([kind, problem]) => WHERE.map((name) => [kind, name, problem] as const)),
  )("%s: %s", async (kind, name, problem) => {
    const dataset = await opened(join(planted(), `${kind}.${name}.nc`));
    expect(() => dataset.readRaw(name)).toThrow(
      expect.objectContaining({ tag: "UnsupportedFormat", message: `a.nc: "${name}" ${problem}. ${ONE_FILE}` }),
    );
    const other = name === "lon" ? "lat" : "lon";
    expect(dataset.readRaw(other)).toHaveLength(4);
  });

  test.each(
    (["external-link", "soft-link", "user-defined-link"] as const).flatMap((kind) =>
      WHERE.map((name) => [kind, name] as const),
    ),
  )("%s: %s", async (kind, name) => {
    const problem = {
      "external-link": `is an external link to "/${name}" of another file, "planted.h5". ${MERGE}`,
      "soft-link": `is a soft link through an external link to "/" of another file, "planted.h5". ${MERGE}`,
      "user-defined-link": `is a user-defined link. ${REWRITE}`,
    }[kind];
    await expect(openDataset(join(planted(), `${kind}.${name}.nc`), "a.nc")).rejects.toMatchObject({
      tag: "UnsupportedFormat",
      message: `a.nc: "${name}" ${problem}`,
    });
  });

  test("a group elsewhere", async () => {
    await expect(openDataset(join(planted(), "group-elsewhere.nc"), "a.nc")).rejects.toMatchObject({
      tag: "UnsupportedFormat",
      message: `a.nc: "within" is an external link to "/" of another file, "planted.h5". ${MERGE}`,
    });
  });

  // The driver is named by the superblock, or by a message of its extension.
  test.each(["family", "split"].flatMap((driver) => ["earliest", "latest"].map((by) => `driver-${driver}-${by}`)))(
    "%s",
    async (name) => {
      const folder = planted();
      writeFileSync(join(folder, `${name}-raw.nc`), SECRET);
      await expect(openDataset(join(folder, `${name}.nc`), "a.nc")).rejects.toMatchObject({
        tag: "UnsupportedFormat",
        message:
          "a.nc: is one of several files that HDF5 made of one. " +
          "Only the file itself is read. Copy them into one file with the program that made them",
      });
    },
  );

  test("and the file that leads nowhere is read", async () => {
    const dataset = await opened(join(planted(), "harmless.nc"));
    expect(dataset.readRaw("lat")).toEqual(Float64Array.of(25, 30, 35, 40));
    expect(dataset.readRaw("precip")).toHaveLength(24 * 4 * 4);
  });
});

test("a link of a group is not followed, as of groups nothing is read", async () => {
  const dataset = await opened(join(planted(), "link-in-group.nc"));
  expect([...dataset.variables.keys()].sort()).toEqual(["again", "lat", "lon", "precip", "time"]);
  expect(dataset.readRaw("again")).toEqual(Float64Array.of(25, 30, 35, 40));
});

test.each(["stored-in-environment", "stored-in-file"])("%s, behind a user block", async (kind) => {
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(join(dirname(path), "planted.bin"), SECRET);
  writeFileSync(path, Buffer.concat([Buffer.alloc(512), readFileSync(fixture(`hostile/${kind}.precip.nc`))]));
  const dataset = await opened(path);
  expect(() => dataset.readRaw("precip")).toThrow(
    expect.objectContaining({
      tag: "UnsupportedFormat",
      message: expect.stringMatching(/^a\.nc: "precip" is kept in external storage, other files\. Only the file/),
    }),
  );
  expect(dataset.readRaw("lat")).toEqual(Float64Array.of(25, 30, 35, 40));
});

describe("what is not seen before it is read is refused by the library's file system", () => {
  test("whatever the path", async () => {
    const folder = planted();
    const inside = join(folder, "harmless.nc");
    symlinkSync(join(folder, "planted.h5"), join(folder, "link.nc"));
    mkdirSync(join(folder, "deep"));
    const sandbox = await makeSandbox();
    const { hdf5 } = sandbox;
    sandbox.give(inside);
    const open = (path: string) => hdf5.open(path, hdf5.H5F_ACC_RDONLY, false, -1, -1);
    for (const path of [
      join(folder, "planted.h5"),
      "planted.h5",
      "./planted.h5",
      join(folder, "deep", "..", "planted.h5"),
      join(folder, "link.nc"),
      `/proc/self/cwd/planted.h5`,
      `/proc/self/root${folder}/planted.h5`,
      `${INPUT}/../${folder}/planted.h5`,
      `//${folder}//planted.h5`,
      inside,
      "/dev/stdin",
      "/dev/fd/0",
    ]) {
      expect({ path, id: open(path), refused: sandbox.news().refused }).toEqual({
        path,
        id: -1n,
        refused: expect.any(String),
      });
    }
    const id = open(INPUT);
    expect(id).toBeGreaterThan(0n);
    expect(hdf5.close_file(id)).toBe(0);
    // Nor does it make a file, or write to its own.
    for (const mode of [hdf5.H5F_ACC_TRUNC, hdf5.H5F_ACC_EXCL, hdf5.H5F_ACC_RDWR]) {
      expect(hdf5.open(join(folder, "new.nc"), mode, false, -1, -1)).toBe(-1n);
    }
  });

  test("also where it is open already", async () => {
    const planting = openSync(join(planted(), "planted.bin"), "r");
    onTestFinished(() => closeSync(planting));
    const sandbox = await makeSandbox();
    const { hdf5 } = sandbox;
    sandbox.give(fixture("hostile/harmless.nc"));
    const { FS: files } = hdf5 as unknown as { FS: { [name: string]: (...args: readonly unknown[]) => unknown } };
    const stream = files["createStream"]!({ nfd: planting, position: 0, path: "/dev/stdin", flags: 0, seekable: true });
    const into = new Int8Array(8);
    expect(() => files["read"]!(stream, into, 0, 8)).toThrow(expect.objectContaining({ errno: 44 }));
    expect(into).toEqual(new Int8Array(8));
    expect(sandbox.news().refused).toBeDefined();
  });

  test("nor does the environment tell it of plugins, drivers and connectors", async () => {
    const folder = planted();
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const name of ["DRIVER", "VOL_CONNECTOR"]) vi.stubEnv(`HDF5_${name}`, "planted");
    for (const name of ["PLUGIN_PATH", "EXTFILE_PREFIX", "EXT_PREFIX", "VDS_PREFIX"])
      vi.stubEnv(`HDF5_${name}`, folder);
    writeFileSync(join(folder, "libplanted.so"), SECRET);
    const sandbox = await makeSandbox();
    const { hdf5 } = sandbox;
    expect(hdf5.get_plugin_search_paths()).toEqual([]);
    sandbox.give(fixture("bad-input/unknown-filter.nc"));
    const id = hdf5.open(INPUT, hdf5.H5F_ACC_RDONLY, false, -1, -1);
    expect(id).toBeGreaterThan(0n);
    const at = BigInt(hdf5["_malloc"](2 ** 16));
    const shape = hdf5.get_dataset_metadata(id, "/precip").shape!;
    const [counts, starts, strides] = [shape.map(BigInt), shape.map(() => 0n), shape.map(() => 1n)];
    const readIt = () => hdf5.get_dataset_data(id, "/precip", counts, starts, strides, at);
    expect([readIt(), sandbox.news().refused]).toEqual([-1, undefined]);
    // Were there a folder to look for them in, it could not be listed.
    hdf5.insert_plugin_search_path(folder, 0);
    expect([readIt(), sandbox.news().refused]).toEqual([-1, expect.stringContaining(folder)]);
  });

  test("and its memory does not hold the environment, which stays as it is", async () => {
    vi.stubEnv("S2S_PLANTED", SECRET);
    onTestFinished(() => void vi.unstubAllEnvs());
    const environment = process.env;
    const [one, other] = await Promise.all([makeSandbox(), makeSandbox()]);
    for (const { hdf5 } of [one, other]) expect(Buffer.from(hdf5.HEAPU8.buffer).includes("s2s~key!")).toBe(false);
    expect(process.env).toBe(environment);
    expect(process.env["S2S_PLANTED"]).toBe(SECRET);
  });
});

test("files that are open at once, one of them damaged, each see themselves alone", async () => {
  const folder = planted();
  const [first, stored] = [
    await opened(join(folder, "harmless.nc")),
    await opened(join(folder, "stored-in-file.lat.nc")),
  ];
  const damaged = join(folder, "damaged.nc");
  copyFileSync(fixture("netcdf/types.nc"), damaged);
  const bytes = readFileSync(damaged);
  bytes.write("gone", bytes.indexOf("OHDR", bytes.indexOf("OHDR") + 4));
  writeFileSync(damaged, bytes);
  await expect(openDataset(damaged)).rejects.toMatchObject({ tag: "BrokenFile" });
  const last = await opened(fixture("netcdf/types.nc"));
  expect(first.readRaw("lat")).toEqual(Float64Array.of(25, 30, 35, 40));
  expect(() => stored.readRaw("lat")).toThrow("external storage");
  expect(stored.readRaw("lon")).toEqual(Float64Array.of(100, 105, 110, 115));
  expect(last.readRaw("i2")).toEqual(Int16Array.of(-41, -1));
});

test("a trace of the secret would be seen", () => {
  const bytes = Buffer.from(SECRET);
  for (const leak of [
    `x${SECRET.slice(3, 20)}`,
    bytes.toString("base64", 5, 50),
    bytes.toString("hex", 2, 20),
    `1990-01-01,${bytes.readFloatLE(4)}`,
    `goes from ${bytes.readDoubleLE(0)} to`,
    `${bytes.readDoubleBE(3)}`,
    `${bytes.readUInt32LE(1)}`,
  ]) {
    expect({ leak, traces: tracesOfSecret(leak) }).toEqual({
      leak,
      traces: expect.arrayContaining([expect.any(String)]),
    });
  }
  expect(tracesOfSecret("1991-01-01 00:00:00,0.953000545501709\nlat = 25, 30, 1e-05")).toEqual([]);
});
