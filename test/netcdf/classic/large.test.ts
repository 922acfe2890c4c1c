import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** What a file has: one dimension of records and one of `size`, and variables of both, or of that one twice. */
interface Large {
  readonly version: 1 | 2 | 5;
  readonly records: number;
  readonly dimensions: readonly (readonly [name: string, size: number])[];
  /** With the number of its type, its dimensions, what is declared as its size, and where its values begin. */
  readonly variables: readonly (readonly [name: string, type: number, ids: readonly number[], vsize: number])[];
  /** Bytes that are not 0, by their places after the header. */
  readonly bytes: readonly (readonly [at: number, bytes: readonly number[]])[];
  /** Where each variable begins, after the header. */
  readonly begins: readonly number[];
  /** Of all values. */
  readonly length: number;
}

/** A file of gigabytes that takes a few blocks of the disk. */
function sparse(large: Large): string {
  const header = headerOf(large, headerOf(large, 0).length);
  const path = join(temporaryFolder(), "large.nc");
  const file = openSync(path, "w");
  writeSync(file, header);
  for (const [at, bytes] of large.bytes) writeSync(file, Uint8Array.from(bytes), 0, bytes.length, header.length + at);
  ftruncateSync(file, header.length + large.length);
  closeSync(file);
  return path;
}

function headerOf({ version, records, dimensions, variables, begins }: Large, start: number): Buffer {
  const number = (bytes: 4 | 8) => (value: number) => {
    const buffer = Buffer.alloc(bytes);
    if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
    else buffer.writeUInt32BE(value);
    return buffer;
  };
  const word = number(4);
  const count = number(version === 5 ? 8 : 4);
  const offset = number(version === 1 ? 4 : 8);
  const name = (text: string) => [count(text.length), Buffer.from(text.padEnd(4 * Math.ceil(text.length / 4), "\0"))];
  return Buffer.concat([
    Buffer.from(`CDF${String.fromCodePoint(version)}`),
    count(records),
    word(10),
    count(dimensions.length),
    ...dimensions.flatMap(([text, size]) => [...name(text), count(size)]),
    word(0),
    count(0),
    word(11),
    count(variables.length),
    ...variables.flatMap(([text, type, ids, vsize], i) => [
      ...name(text),
      count(ids.length),
      ...ids.map(count),
      word(0),
      count(0),
      word(type),
      count(vsize),
      offset(start + begins[i]!),
    ]),
  ]);
}

const SHORT = 3;
const FLOAT = 5;
const USHORT = 8;
const UINT64 = 11;

/** What is declared where the size does not fit. */
const TOO_MUCH = 2 ** 32 - 1;

test("a classic variable of more than 4 GiB, the last of its file, is read to its end", async () => {
  const [rows, columns] = [1100, 2 ** 20];
  const dataset = await openDataset(
    sparse({
      version: 1,
      records: 0,
      dimensions: [
        ["row", rows],
        ["column", columns],
      ],
      variables: [["v", FLOAT, [0, 1], TOO_MUCH]],
      begins: [0],
      bytes: [[4 * rows * columns - 4, [0x40, 0x20, 0, 0]]],
      length: 4 * rows * columns,
    }),
  );
  expect(
    dataset.readRaw("v", [
      [rows - 1, rows],
      [columns - 2, columns],
    ]),
  ).toEqual(Float32Array.of(0, 2.5));
  dataset.close();
});

test("records of more than 1 GiB each lie where their sizes say, whatever is declared", async () => {
  const size = 2 ** 29 + 1;
  const padded = 2 * size + 2;
  const records = 4;
  const stride = 2 * padded;
  const dataset = await openDataset(
    sparse({
      version: 2,
      records,
      dimensions: [
        ["time", 0],
        ["x", size],
      ],
      variables: [
        ["a", SHORT, [0, 1], TOO_MUCH],
        ["b", SHORT, [0, 1], TOO_MUCH],
      ],
      begins: [0, padded],
      bytes: [
        [3 * stride, [0xff, 0xfe]],
        [3 * stride + padded + 2 * (size - 1), [1, 2]],
      ],
      length: records * stride,
    }),
  );
  const last = [records - 1, records] as const;
  expect(dataset.readRaw("a", [last, [0, 2]])).toEqual(Int16Array.of(-2, 0));
  expect(dataset.readRaw("b", [last, [size - 2, size]])).toEqual(Int16Array.of(0, 258));
  dataset.close();
});

test("CDF-5 has records of any size, of types of its own", async () => {
  const size = 2 ** 31 + 3;
  const records = 2;
  const stride = 2 * size + 2 + 8;
  const dataset = await openDataset(
    sparse({
      version: 5,
      records,
      dimensions: [
        ["time", 0],
        ["x", size],
      ],
      variables: [
        ["a", USHORT, [0, 1], 2 * size + 2],
        ["b", UINT64, [0], 8],
      ],
      begins: [0, 2 * size + 2],
      bytes: [
        [stride + 2 * (size - 1), [0xff, 0xfe]],
        [stride + 2 * size + 2, [0xff, 0, 0, 0, 0, 0, 0, 1]],
      ],
      length: records * stride,
    }),
  );
  expect(dataset.format).toBe("CDF-5");
  expect(
    dataset.readRaw("a", [
      [1, 2],
      [size - 2, size],
    ]),
  ).toEqual(Uint16Array.of(0, 65_534));
  expect(dataset.readRaw("b")).toEqual(BigUint64Array.of(0n, 0xff00_0000_0000_0001n));
  dataset.close();
});
