import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openClassic } from "../../../lib/netcdf/classic/read.ts";
import { Bytes } from "../../support/bytes.ts";
import { fixture } from "../../support/golden.ts";

/** A copy, to be changed. */
function bytesOf(name: string): Buffer {
  return readFileSync(fixture(`netcdf/${name}.nc`));
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

/** Where the header has it. */
const NUMBER_OF_RECORDS = 4;

describe("only what is asked for is read", () => {
  test("padded records are read one by one, without their neighbours", () => {
    const access = new Bytes(bytesOf("two-record-variables"));
    const dataset = openClassic(access, "a.nc");
    access.reads.length = 0;
    // Records of 2 x 8 bytes follow a header of 136; s1 is the second of each.
    expect(
      dataset.readRaw("s1", [
        [1, 3],
        [0, 3],
      ]),
    ).toEqual(Int16Array.of(98, 99, 100, 101, 102, 103));
    expect(access.reads).toEqual([
      [136 + 16 + 8, 6],
      [136 + 32 + 8, 6],
    ]);
    dataset.close();
    expect(access.closed).toBe(true);
  });

  test("records of a lone record variable are read at once", () => {
    const access = new Bytes(bytesOf("one-record-variable"));
    const dataset = openClassic(access, "a.nc");
    access.reads.length = 0;
    expect(
      dataset.readRaw("s0", [
        [1, 4],
        [0, 3],
      ]),
    ).toEqual(Int16Array.of(-2, -1, 0, 1, 2, 3, 4, 5, 6));
    expect(access.reads).toEqual([[96 + 6, 18]]);
  });

  test("the header is parsed from a prefix that grows until it fits", () => {
    const name = "n".repeat(20_000);
    const header = Buffer.concat([
      Buffer.from("CDF\u0001", "latin1"),
      words(0, 10, 1, name.length),
      Buffer.from(name),
      words(3, 0, 0, 0, 0),
    ]);
    const access = new Bytes(header, 100_000_000);
    expect([...openClassic(access, "a.nc").dimensions.keys()]).toEqual([name]);
    expect(access.reads).toEqual([
      [0, 8192],
      [0, 65_536],
    ]);
  });
});

describe("records", () => {
  test("are counted where their writer never came back to count them", () => {
    for (const name of ["one-record-variable", "two-record-variables"]) {
      const bytes = bytesOf(name);
      bytes.writeUInt32BE(0xff_ff_ff_ff, NUMBER_OF_RECORDS);
      const dataset = openClassic(new Bytes(bytes), "a.nc");
      expect(dataset.dimensions.get("time")).toEqual({ name: "time", size: 4, unlimited: true });
      expect(
        dataset.readRaw("s0", [
          [3, 4],
          [0, 3],
        ]),
      ).toEqual(Int16Array.of(4, 5, 6));

      // The fourth is not whole.
      const cut = openClassic(new Bytes(bytes.subarray(0, -4)), "a.nc");
      expect(cut.dimensions.get("time")?.size).toBe(3);
    }
  });

  test("of none are none", () => {
    const bytes = bytesOf("no-records");
    bytes.writeUInt32BE(0xff_ff_ff_ff, NUMBER_OF_RECORDS);
    const dataset = openClassic(new Bytes(bytes), "a.nc");
    expect(dataset.variables.get("v")?.shape).toEqual([0, 3]);
    expect(dataset.readRaw("v")).toEqual(new Float32Array(0));
  });
});

describe("a broken file is told", () => {
  test("when it ends before its values do; the padding of the last record may be missing", () => {
    const bytes = bytesOf("two-record-variables");
    expect(openClassic(new Bytes(bytes.subarray(0, -2)), "a.nc").readRaw("s1")).toHaveLength(12);
    expect(() => openClassic(new Bytes(bytes.subarray(0, -3)), "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BrokenFile",
        message: 'a.nc: truncated: "s1" needs 198 bytes, the file has 197. Fetch it again',
      }),
    );
  });

  test("when its header ends too early", () => {
    const bytes = bytesOf("classic");
    expect(() => openClassic(new Bytes(bytes.subarray(0, 300)), "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BrokenFile",
        message: expect.stringContaining("a.nc: its header is damaged or truncated ("),
      }),
    );
  });

  test.each([
    ["a tag", 8, 11],
    ["a variable's dimension", 72, 9],
    ["a variable's type", 84, 7],
  ])("when %s in its header is impossible", (_, offset, value) => {
    const bytes = bytesOf("one-record-variable");
    bytes.writeUInt32BE(value, offset);
    expect(() => openClassic(new Bytes(bytes), "a.nc")).toThrow(
      expect.objectContaining({ tag: "BrokenFile", message: expect.stringContaining("header is damaged") }),
    );
  });
});

test("records of CDF-5 are counted where their writer never came back to count them", () => {
  const bytes = bytesOf("cdf5-one-record-variable");
  bytes.fill(0xff, NUMBER_OF_RECORDS, NUMBER_OF_RECORDS + 8);
  expect(openClassic(new Bytes(bytes), "a.nc").variables.get("s")?.shape).toEqual([4, 3]);
});

test("CDF-5 can declare more than there is of anything, and takes no memory for it", () => {
  const bytes = bytesOf("cdf5-one-record-variable");
  // The number of dimensions follows that of records and the tag of the list.
  bytes.writeBigUInt64BE(2n ** 63n + 1n, 16);
  expect(() => openClassic(new Bytes(bytes), "a.nc")).toThrow(
    expect.objectContaining({ tag: "BrokenFile", message: expect.stringContaining("it declares 922337203685477") }),
  );
});

test("types of CDF-5 are none of an older file", () => {
  const bytes = bytesOf("one-record-variable");
  bytes.writeUInt32BE(8, 84);
  expect(() => openClassic(new Bytes(bytes), "a.nc")).toThrow('"s0" is of type 8');
});

test("values beyond the first 4 GiB are read", () => {
  const scalar = [11, 1, 1, "v".charCodeAt(0) << 24, 0, 0, 0, 4, 4];
  const bytes = Buffer.concat([Buffer.from("CDF\u0002", "latin1"), words(0, 0, 0, 0, 0, ...scalar, 1, 16)]);
  const access = new Bytes(bytes, 2 ** 33);
  openClassic(access, "a.nc").readRaw("v");
  expect(access.reads.at(-1)).toEqual([2 ** 32 + 16, 4]);
});

describe("a header that declares more than it has takes no memory for it", () => {
  const most = 2 ** 25 - 1;
  const x = "x".charCodeAt(0) * 2 ** 24;
  const none = [0, 0];
  test.each([
    ["dimensions", [10, most], `it declares ${most} dimensions`],
    ["attributes", [...none, 12, most, 1, x, 4, most], `it declares ${most} attributes`],
    ["values of an attribute", [...none, 12, 1, 1, x, 6, most], "it ends before what it declares"],
    ["letters of a name", [10, 1, most], "it ends before what it declares"],
    ["variables", [...none, ...none, 11, most, 1, x], `it declares ${most} variables`],
    ["dimensions of a variable", [...none, ...none, 11, 1, 1, x, most], `"x" has ${most} dimensions`],
  ])("%s", (_, header, problem) => {
    const bytes = Buffer.concat([Buffer.from("CDF\u0001", "latin1"), words(0, ...header), Buffer.alloc(64)]);
    const before = process.memoryUsage().rss;
    expect(() => openClassic(new Bytes(bytes), "a.nc")).toThrow(
      expect.objectContaining({
        tag: "BrokenFile",
        message: `a.nc: its header is damaged or truncated (${problem}). Fetch it again`,
      }),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
  });

  test("and entries that are there are no more than a file has", () => {
    const count = 100_000;
    const bytes = Buffer.concat([
      Buffer.from("CDF\u0001", "latin1"),
      words(0, 10, count),
      Buffer.alloc(8 * count + 16),
    ]);
    expect(() => openClassic(new Bytes(bytes), "a.nc")).toThrow(`it declares ${count} dimensions`);
  });

  // To go through as many one by one took minutes, or more of the stack than there is.
  test("and dimensions of a variable that are there are no more than a variable has", () => {
    const dimension = [10, 1, 1, x, 1];
    const variable = (rank: number) => [...none, 11, 1, 1, x, rank, ...Array<number>(rank).fill(0), ...none, 1, 4];
    const file = (rank: number) => {
      const header = Buffer.concat([Buffer.from("CDF\u0001", "latin1"), words(0, ...dimension, ...variable(rank))]);
      return new Bytes(Buffer.concat([header, words(header.length + 4, 0)]));
    };
    expect(() => openClassic(file(1025), "a.nc")).toThrow('"x" has 1025 dimensions');
    expect(openClassic(file(1024), "a.nc").readRaw("x")).toHaveLength(1);
  });
});
