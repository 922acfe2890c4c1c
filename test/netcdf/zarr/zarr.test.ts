import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { describe as cdl } from "../../../lib/netcdf/cdl.ts";
import { findCoordinates, readTimes } from "../../../lib/netcdf/coordinates.ts";
import { decode, read, readCoordinate } from "../../../lib/netcdf/decode.ts";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { crc32c } from "../../../lib/netcdf/zarr/crc32c.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, golden } from "../../support/golden.ts";
import { joined, picked } from "../../support/pieces.ts";

interface Expected {
  readonly times: readonly string[];
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  readonly type: string;
  readonly values: readonly (number | null)[];
}

const stores = readdirSync(fixture("zarr")).filter((name) => name.endsWith(".zarr"));

describe("a store of Zarr 2 has what xarray reads from it", () => {
  test.each(stores)("%s", async (name) => {
    const expected = golden<Expected>(`zarr/${name.replace(/\.zarr$/, "")}.expected.json`);
    const dataset = await openDataset(fixture(`zarr/${name}`), "a.zarr");
    expect([dataset.file, dataset.format]).toEqual(["a.zarr", "Zarr 2"]);
    expect(findCoordinates(dataset, "t")).toEqual({ time: "time", lat: "lat", lon: "lon" });
    const times = Array.from(readTimes(dataset, "time").seconds, (time) => new Date(time * 1000).toISOString());
    expect(times.map((time) => time.slice(0, 19))).toEqual(expected.times);
    expect(Array.from(readCoordinate(dataset, "lat"))).toEqual(expected.lat);
    expect(Array.from(readCoordinate(dataset, "lon"))).toEqual(expected.lon);
    const whole = expected.values.map((value) => value ?? Number.NaN);
    const values = read(dataset, "t");
    // Integers that are not packed stay integers in xarray.
    const type = expected.type.startsWith("float") ? expected.type : "float64";
    expect(values.constructor.name.toLowerCase()).toBe(`${type}array`);
    expect(Array.from(values)).toEqual(whole);
    const variable = dataset.variables.get("t")!;
    const slab = [
      [2, 6],
      [1, 5],
      [3, 5],
    ] as const;
    expect(Array.from(read(dataset, "t", slab))).toEqual(picked(whole, variable.shape, slab));
    const raw = dataset.readRaw("t", slab);
    expect(await joined(dataset, "t", slab)).toEqual(Array.from<number | bigint, number>(raw, Number));
    expect(decode(variable, raw, "a.zarr")).toHaveLength(4 * 4 * 2);
    dataset.close();
  });

  test("and where nothing says what was never written, that is missing", async () => {
    for (const [name, type] of [
      ["unwritten-nan", "<f4"],
      ["unwritten-nan", "<i4"],
    ] as const) {
      const folder = copyOf(name);
      patch(join(folder, "t/.zarray"), { fill_value: null, dtype: type });
      const dataset = await openDataset(folder);
      expect(dataset.variables.get("t")!.attributes).not.toHaveProperty("_FillValue");
      expect(
        Array.from(
          read(dataset, "t", [
            [6, 7],
            [0, 1],
            [0, 2],
          ]),
        ),
      ).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test("with its attributes, dimensions and chunks", async () => {
    const dataset = await openDataset(fixture("zarr/packed.zarr"), "a.zarr");
    expect(dataset.variables.get("t")).toMatchObject({
      type: "int16",
      dimensions: ["time", "lat", "lon"],
      shape: [7, 5, 6],
      chunks: [4, 3, 4],
      attributes: {
        scale_factor: { value: [0.01] },
        units: { type: "char", value: "K" },
        _FillValue: { value: [-32767] },
      },
    });
    expect(dataset.attributes["title"]?.value).toBe("Größe");
    expect(cdl(dataset)).toContain("t(time, lat, lon)");
  });
});

/** A store in a folder, written by zarrita. */
function writable(folder: string) {
  return {
    async get(key: string) {
      const path = join(folder, key);
      return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
    },
    async set(key: string, bytes: Uint8Array) {
      const path = join(folder, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    },
    async getRange(key: string, range: { offset: number; length: number } | { suffixLength: number }) {
      const bytes = await this.get(key);
      if ("suffixLength" in range) return bytes?.subarray(-range.suffixLength);
      return bytes?.subarray(range.offset, range.offset + range.length);
    },
  };
}

type Codecs = NonNullable<Parameters<typeof zarr.create>[1]["codecs"]>;

const SHAPE = [7, 5];
const VALUES = Float32Array.from({ length: 35 }, (_, i) => i / 8 - 2);

/** A store of Zarr 3 with one array, and its folder. */
async function version3(codecs: Codecs, own: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = temporaryFolder();
  const root = zarr.root(writable(folder));
  await zarr.create(root, { attributes: { title: "a" } });
  const array = await zarr.create(root.resolve("t"), {
    shape: SHAPE,
    chunkShape: [4, 2],
    dtype: "float32",
    codecs,
    dimensionNames: ["time", "x"],
    fillValue: -1,
    attributes: { units: "K" },
  });
  await zarr.set(array, null, { data: VALUES, shape: SHAPE, stride: [5, 1] });
  const path = join(folder, "t/zarr.json");
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...own }));
  return folder;
}

const BYTES = { name: "bytes", configuration: { endian: "little" } };

describe("a store of Zarr 3 has what zarrita reads from it", () => {
  test.each<[string, Codecs]>([
    ["bytes", [BYTES]],
    ["big-endian bytes", [{ name: "bytes", configuration: { endian: "big" } }]],
    ["zstd", [BYTES, { name: "zstd", configuration: { level: 3, checksum: false } }]],
    [
      "blosc",
      [BYTES, { name: "blosc", configuration: { cname: "lz4", clevel: 5, shuffle: 1, typesize: 4, blocksize: 0 } }],
    ],
    ["transposed values", [{ name: "transpose", configuration: { order: [1, 0] } }, BYTES]],
    ["LZ4 of numcodecs", [BYTES, { name: "numcodecs.lz4", configuration: { acceleration: 1 } }]],
  ])("%s", async (_, codecs) => {
    const folder = await version3(codecs);
    const array = await zarr.open.v3(zarr.root(writable(folder)).resolve("t"), { kind: "array" });
    const dataset = await openDataset(folder, "a.zarr");
    expect(dataset.format).toBe("Zarr 3");
    expect(dataset.variables.get("t")).toMatchObject({ dimensions: ["time", "x"], shape: SHAPE, chunks: [4, 2] });
    expect(dataset.attributes["title"]?.value).toBe("a");
    expect((await zarr.get(array)).shape).toEqual(SHAPE);
    expect(dataset.readRaw("t")).toEqual(VALUES);
    expect(
      await joined(dataset, "t", [
        [1, 6],
        [1, 4],
      ]),
    ).toEqual(
      picked(VALUES, SHAPE, [
        [1, 6],
        [1, 4],
      ]),
    );
    // What was never written has the fill value, which is not missing.
    rmSync(join(folder, "t/c/0/0"));
    expect(
      read(await openDataset(folder), "t", [
        [0, 1],
        [0, 3],
      ]),
    ).toEqual(Float32Array.of(-1, -1, VALUES[2]!));
  });

  test("checksums behind what is compressed", async () => {
    const folder = await version3([BYTES, { name: "zstd", configuration: { level: 1 } }]);
    const [chunk, metadata] = [join(folder, "t/c/0/0"), join(folder, "t/zarr.json")];
    const { codecs } = JSON.parse(readFileSync(metadata, "utf8")) as { codecs: object[] };
    for (const path of readdirSync(join(folder, "t/c"), { recursive: true, withFileTypes: true })) {
      if (!path.isFile()) continue;
      const bytes = readFileSync(join(path.parentPath, path.name));
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(crc32c(bytes));
      writeFileSync(join(path.parentPath, path.name), Buffer.concat([bytes, sum]));
    }
    patch(metadata, { codecs: [...codecs, { name: "crc32c", configuration: {} }] });
    const array = await zarr.open.v3(zarr.root(writable(folder)).resolve("t"), { kind: "array" });
    expect((await zarr.get(array)).data).toEqual(VALUES);
    expect((await openDataset(folder)).readRaw("t")).toEqual(VALUES);
    const bytes = readFileSync(chunk);
    bytes[0]! ^= 1;
    writeFileSync(chunk, bytes);
    const damaged = await openDataset(folder, "a");
    expect(() => damaged.readRaw("t")).toThrow("a/t/c/0/0: is damaged (a wrong checksum)");
  });

  test.each(["end", "start"])("shards with their index at the %s", async (location) => {
    const folder = await version3([BYTES], {
      chunk_grid: { name: "regular", configuration: { chunk_shape: [4, 4] } },
      codecs: [
        {
          name: "sharding_indexed",
          configuration: {
            chunk_shape: [2, 2],
            codecs: [BYTES],
            index_codecs: [BYTES, { name: "crc32c" }],
            index_location: location,
          },
        },
      ],
    });
    rmSync(join(folder, "t/c"), { recursive: true });
    const chunk = Float32Array.of(1, 2, 3, 4);
    const index = new BigUint64Array(8).fill(2n ** 64n - 1n);
    const start = location === "end" ? 0 : 68;
    index.set([BigInt(start), 16n], 4);
    const indexBytes = Buffer.from(index.buffer);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32c(indexBytes));
    const parts = [Buffer.from(chunk.buffer), Buffer.concat([indexBytes, sum])];
    mkdirSync(join(folder, "t/c/0"), { recursive: true });
    writeFileSync(join(folder, "t/c/0/0"), Buffer.concat(location === "end" ? parts : parts.reverse()));
    const dataset = await openDataset(folder, "a.zarr");
    // The third of four inner chunks, rows 2 and 3.
    const expected = [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, -1, -1, -1, 3, 4, -1, -1, -1];
    expect(
      Array.from(
        dataset.readRaw("t", [
          [0, 4],
          [0, 5],
        ]) as Float32Array,
      ),
    ).toEqual(expected);
    // zarrita looks for the index at the end alone.
    const array = await zarr.open.v3(zarr.root(writable(folder)).resolve("t"), { kind: "array" });
    const theirs = location === "end" ? (await zarr.get(array, [zarr.slice(0, 4), null])).data : expected;
    expect(Array.from(theirs as Float32Array)).toEqual(expected);
    const damaged = join(folder, "t/c/0/0");
    const bytes = readFileSync(damaged);
    bytes[start === 0 ? 20 : 3]! ^= 1;
    writeFileSync(damaged, bytes);
    const again = await openDataset(folder, "a.zarr");
    expect(() => again.readRaw("t")).toThrow("a.zarr/t/c/0/0: has a damaged index (a wrong checksum). Fetch it again");
  });

  test.each([
    ["AAAAAAAA+H8=", Number.NaN],
    ["AAAAAAAA8L8=", -1],
  ])("with a missing value as xarray writes it there: %s", async (text, value) => {
    const dataset = await openDataset(await version3([BYTES], { attributes: { _FillValue: text } }));
    expect(dataset.variables.get("t")!.attributes["_FillValue"]!.value).toEqual([value]);
  });

  test("with metadata that is consolidated alone", async () => {
    const folder = await version3([BYTES]);
    const [root, array] = ["zarr.json", "t/zarr.json"].map(
      (key) => JSON.parse(readFileSync(join(folder, key), "utf8")) as object,
    );
    rmSync(join(folder, "t/zarr.json"));
    const metadata = {
      ...root,
      consolidated_metadata: { kind: "inline", must_understand: false, metadata: { t: array } },
    };
    writeFileSync(join(folder, "zarr.json"), JSON.stringify(metadata));
    expect((await openDataset(folder)).readRaw("t")).toEqual(VALUES);
  });
});

/** A copy of a store, to be damaged. */
function copyOf(name: string): string {
  const folder = join(temporaryFolder(), "a.zarr");
  cpSync(fixture(`zarr/${name}.zarr`), folder, { recursive: true });
  return folder;
}

function patch(path: string, own: object): void {
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...own }));
}

describe("what cannot be read is told", () => {
  test.each(["zlib", "zstd", "blosc-lz4", "bz2"])("a damaged or truncated chunk of %s", async (name) => {
    const folder = copyOf(name);
    const chunk = join(folder, "t/0.0.0");
    const bytes = readFileSync(chunk);
    truncateSync(chunk, bytes.length - 9);
    const expected = expect.objectContaining({
      tag: "BrokenFile",
      message: expect.stringMatching(/^a\.zarr\/t\/0\.0\.0: is damaged \(/),
    });
    await expect(readAllOf(folder)).rejects.toThrow(expected);
    bytes.fill(0xff, 4, 8);
    writeFileSync(chunk, bytes);
    await expect(readAllOf(folder)).rejects.toThrow(expected);
  });

  const readAllOf = async (folder: string) => (await openDataset(folder, "a.zarr")).readRaw("t");

  test("a chunk of another length", async () => {
    const folder = copyOf("none");
    writeFileSync(join(folder, "t/0.0.0"), "1234");
    await expect(readAllOf(folder)).rejects.toThrow("a.zarr/t/0.0.0: is damaged (4 bytes, not 192). Fetch it again");
  });

  test("codecs that are not read", async () => {
    const folder = copyOf("none");
    patch(join(folder, "t/.zarray"), { compressor: { id: "jpeg2k" } });
    await expect(readAllOf(folder)).rejects.toMatchObject({
      tag: "UnsupportedFormat",
      message: expect.stringContaining(
        'a.zarr/t: has the codec "jpeg2k", which is not read here. Valid choices: blosc, bz2',
      ),
    });
  });

  test.each([
    ["no JSON", "{", "a.zarr/t/.zarray: is no JSON. Fetch it again"],
    [
      "a shape that is none",
      '{"shape": [-1], "chunks": [1]}',
      'a.zarr: the metadata of "t" is damaged: its shape, chunks or order',
    ],
    [
      "other ranks",
      '{"shape": [1, 1], "chunks": [1]}',
      'a.zarr: the metadata of "t" is damaged: its shape, chunks or order',
    ],
  ])("metadata with %s", async (_, text, message) => {
    const folder = copyOf("none");
    writeFileSync(join(folder, "t/.zarray"), text);
    await expect(readAllOf(folder)).rejects.toThrow(message);
  });

  test("a dimension of two sizes", async () => {
    const folder = copyOf("none");
    patch(join(folder, "lat/.zarray"), { shape: [9], chunks: [9] });
    await expect(readAllOf(folder)).rejects.toThrow('dimension lat has 5 values in "t", and 9 elsewhere');
  });

  test("an array alone, and a folder that is no store", async () => {
    await expect(openDataset(fixture("zarr/none.zarr/t"), "a")).rejects.toMatchObject({ tag: "UnsupportedFormat" });
    await expect(openDataset(fixture("zarr"), "a")).rejects.toMatchObject({
      tag: "FileNotFound",
      message:
        "a: is a folder, and no store of Zarr. Name a file in it, or as observations all of them, as 'folder/*.nc'",
    });
  });

  test("far more values than a store of its size has, which take no memory", async () => {
    const folder = copyOf("unwritten-nan");
    rmSync(join(folder, "time"), { recursive: true });
    rmSync(join(folder, "t/0.0.0"));
    patch(join(folder, "t/.zarray"), { shape: [2 ** 12, 5, 6], chunks: [2 ** 12, 5, 6] });
    expect((await readAllOf(folder)).length).toBe(2 ** 12 * 30);
    patch(join(folder, "t/.zarray"), { shape: [2 ** 20, 5, 6], chunks: [2 ** 20, 5, 6] });
    await expect(readAllOf(folder)).rejects.toMatchObject({ tag: "TooLarge" });
    patch(join(folder, "t/.zarray"), { shape: [2 ** 20, 5, 6], chunks: [1, 1, 1] });
    await expect(readAllOf(folder)).rejects.toMatchObject({ tag: "TooLarge" });
  });
});
