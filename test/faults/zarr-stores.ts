import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { crc32c } from "../../lib/netcdf/zarr/crc32c.ts";
import type { Random } from "../../lib/sample/random.ts";
import { fixture } from "../support/golden.ts";
import { below, mutate } from "./mutate.ts";

type Files = readonly (readonly [key: string, bytes: Buffer])[];

const NAMES = "packed blosc-lz4 blosc-zstd-bits blosc-blosclz zstd bz2 lz4 shuffled unwritten consolidated-alone".split(
  " ",
);

function storeAt(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path), readFileSync(path)] as const;
  });
}

/** Zarr 3: shards of compressed chunks, and chunks of transposed values with checksums. */
function version3(): Files {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const bytes = { name: "bytes", configuration: { endian: "little" } };
  const array = (shape: number[], chunks: number[], codecs: unknown[], names: string[]) =>
    json({
      zarr_format: 3,
      node_type: "array",
      shape,
      data_type: "float32",
      chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      codecs,
      fill_value: "NaN",
      dimension_names: names,
      attributes: { units: "K", _FillValue: "AAAAAAAA+H8=" },
    });
  const summed = (content: Buffer) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32c(content));
    return Buffer.concat([content, sum]);
  };
  const values = Buffer.from(Float32Array.from({ length: 16 }, (_, i) => i).buffer);
  const inner = gzipSync(values);
  const index = Buffer.alloc(32, 0xff);
  index.writeBigUInt64LE(0n, 0);
  index.writeBigUInt64LE(BigInt(inner.length), 8);
  const sharding = {
    name: "sharding_indexed",
    configuration: {
      chunk_shape: [4, 4],
      codecs: [bytes, { name: "gzip" }],
      index_codecs: [bytes, { name: "crc32c" }],
    },
  };
  const transpose = { name: "transpose", configuration: { order: [1, 0] } };
  return [
    ["zarr.json", json({ zarr_format: 3, node_type: "group", attributes: { title: "a" } })],
    ["s/zarr.json", array([6, 4], [8, 4], [sharding], ["time", "x"])],
    ["s/c/0/0", Buffer.concat([inner, summed(index)])],
    ["t/zarr.json", array([4, 4], [4, 4], [transpose, bytes, { name: "crc32c" }], ["y", "x"])],
    ["t/c/0/0", summed(values)],
  ];
}

const STORES: readonly Files[] = [
  ...NAMES.map((name) => storeAt(fixture(`zarr/${name}.zarr`))),
  version3(),
  version3(),
];

/** Numbers that a shape, chunk or length must not be believed to have. */
const ODD = ["0", "-1", "1.5", "1e9", "4294967296", "9007199254740993", "1e300", "null", '"x"', "[]", "{}"];

/** A store in a folder, with one or two of its files changed, or gone: numbers of metadata, or any bytes. */
export function writeMutated(folder: string, random: Random): void {
  rmSync(folder, { recursive: true, force: true });
  const files = new Map(STORES[below(STORES.length, random)]);
  const keys = [...files.keys()];
  for (let changes = 1 + below(2, random); changes > 0; changes--) {
    const key = keys[below(keys.length, random)]!;
    const bytes = files.get(key);
    if (bytes === undefined) continue;
    const kind = below(6, random);
    if (kind === 0) files.delete(key);
    else if (kind < 4 && /(\.z\w+|zarr\.json)$/.test(key)) files.set(key, oddNumber(bytes, random));
    else files.set(key, mutate(bytes, random));
  }
  for (const [key, bytes] of files) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  }
}

function oddNumber(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString();
  const numbers = [...text.matchAll(/(?<=[[,:]\s*)-?\d+(\.\d+)?/g)];
  const chosen = numbers[below(numbers.length, random)];
  if (chosen === undefined) return bytes;
  const odd = ODD[below(ODD.length, random)]!;
  return Buffer.from(text.slice(0, chosen.index) + odd + text.slice(chosen.index + chosen[0].length));
}
