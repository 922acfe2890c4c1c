import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Dataset } from "../../../lib/netcdf/dataset.ts";
import { openDataset } from "../../../lib/netcdf/open.ts";
import { findTimeSource } from "../../../lib/netcdf/time-source.ts";
import { readValidTimes } from "../../../lib/netcdf/valid-time.ts";
import { timeText } from "../../../lib/time.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, golden } from "../../support/golden.ts";
import { gribMessage } from "../../support/grib.ts";

/** A variable as cfgrib presents it. */
interface Expected {
  readonly dimensions: readonly string[];
  readonly coordinates: Readonly<Record<string, readonly number[]>>;
  readonly units: string;
  readonly long_name: string;
  readonly values: readonly (number | null)[];
}

async function opened(path: string): Promise<Dataset> {
  const dataset = await openDataset(path, "a.grib");
  onTestFinished(() => dataset.close());
  return dataset;
}

const inFixtures = (name: string) => opened(fixture(`grib/${name}`));

function textOf(dataset: Dataset, variable: string, attribute: string): unknown {
  return dataset.variables.get(variable)?.attributes[attribute]?.value;
}

function validTimes(dataset: Dataset, variable: string): string[] {
  const { seconds } = readValidTimes(dataset, variable, findTimeSource(dataset, variable)!, 0);
  return Array.from(seconds, (time) => timeText(time).slice(0, 10));
}

describe("what cfgrib presents of", () => {
  test.each(["seasonal.grib", "weekly.grib2", "archive.grib"])("%s, is presented here", async (name) => {
    const dataset = await inFixtures(name);
    for (const [variable, expected] of Object.entries(golden<Record<string, Expected>>(`grib/${name}.expected.json`))) {
      expect(dataset.variables.get(variable)?.dimensions).toEqual(expected.dimensions);
      expect(textOf(dataset, variable, "units")).toBe(expected.units);
      expect(textOf(dataset, variable, "long_name")).toBe(expected.long_name);
      const values = Array.from<number | bigint, number | null>(dataset.readRaw(variable), (value) =>
        Number.isNaN(Number(value)) ? null : Number(value),
      );
      expect(values).toEqual(expected.values);
      for (const [coordinate, numbers] of Object.entries(expected.coordinates)) {
        expect([coordinate, ...dataset.readRaw(coordinate)]).toEqual([coordinate, ...numbers]);
      }
    }
  });
});

test("every slab of a variable has the values of the whole", async () => {
  const dataset = await inFixtures("archive.grib");
  const whole = dataset.readRaw("t");
  for (const [month, level, row, column] of [
    [0, 0, 0, 0],
    [3, 1, 2, 5],
    [13, 1, 3, 1],
  ] as const) {
    const slab = [
      [month, month + 1],
      [level, level + 1],
      [row, row + 1],
      [column, column + 1],
    ] as const;
    expect(dataset.readRaw("t", slab)[0]).toBe(whole[((month * 2 + level) * 4 + row) * 6 + column]);
  }
  const slab = [
    [1, 14],
    [0, 2],
    [1, 3],
    [2, 4],
  ] as const;
  const pieces: number[] = [];
  await dataset.readPieces("t", slab, (_, values) => pieces.push(...Array.from(values, Number)));
  expect(pieces).toEqual([...dataset.readRaw("t", slab)]);
});

describe("a monthly mean belongs to its month", () => {
  test("where ECMWF's own section says which, though its step goes to the month's end", async () => {
    const dataset = await inFixtures("seasonal.grib");
    expect(validTimes(dataset, "t2m")).toEqual(["2026-11-01", "2026-12-01", "2027-01-01"]);
  });

  test("where leads count months, as CFS has them, behind the heading of a telegram", async () => {
    const dataset = await inFixtures("months.grib2");
    expect(dataset.variables.get("prate")?.dimensions).toEqual(["forecastMonth", "latitude", "longitude"]);
    expect(validTimes(dataset, "prate").map((date) => date.slice(0, 7))).toEqual(["2026-12", "2027-01", "2027-02"]);
  });

  test("where its interval is a whole month, even in a forecast from the middle of another", async () => {
    const utc = (month: number, day = 1) => new Date(Date.UTC(2026, month - 1, day));
    const grid = { lat: [10, 0], lon: [0, 90], values: Float32Array.of(1, 2, 3, 4), initial: utc(2, 20) };
    const months = [utc(3), utc(4), utc(5)].map((start, i) => gribMessage({ ...grid, meanOf: [start, utc(4 + i)] }));
    const path = join(temporaryFolder(), "months.grib2");
    writeFileSync(path, Buffer.concat(months));
    const dates = validTimes(await opened(path), "tprate");
    expect(dates.map((date) => date.slice(0, 7))).toEqual(["2026-03", "2026-04", "2026-05"]);
    // A week is none.
    writeFileSync(path, gribMessage({ ...grid, meanOf: [utc(3, 1), utc(3, 8)] }));
    expect(validTimes(await opened(path), "tprate")).toEqual(["2026-03-08"]);
  });
});

describe("refused, with the command that helps", () => {
  const cases = Object.entries(
    golden<Record<string, readonly [problem: string, command: string]>>("grib/refused.expected.json"),
  );
  test.each(cases.map(([name, [problem, command]]) => [name, problem, command]))(
    "%s",
    async (name, problem, command) => {
      const error = await inFixtures(name).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ tag: "UnsupportedFormat" });
      expect((error as Error).message).toContain("a.grib: message 1 has ");
      expect((error as Error).message).toContain(problem);
      expect((error as Error).message).toContain(command);
      const path = join(temporaryFolder(), "out.grib");
      writeFileSync(path, gunzipSync(readFileSync(fixture(`grib/${name}.after.gz`))));
      const dataset = await opened(path);
      expect(validTimes(dataset, name === "second-order.grib" ? "t2m" : "t")).toHaveLength(1);
    },
  );

  test("unless other fields of the file can be read, of which it is told then", async () => {
    const path = join(temporaryFolder(), "a.grib");
    copyFileSync(fixture("grib/archive.grib"), path);
    appendFileSync(path, readFileSync(fixture("grib/second-order.grib")));
    const dataset = await opened(path);
    expect(dataset.variables.has("t2m")).toBe(true);
    expect(dataset.attributes["GRIB_not_read"]?.value).toBe("1 field: has second-order packing");
  });

  test("a file whose last message is not whole", async () => {
    const path = join(temporaryFolder(), "a.grib");
    writeFileSync(path, readFileSync(fixture("grib/archive.grib")).subarray(0, -10));
    await expect(opened(path)).rejects.toMatchObject({
      tag: "BrokenFile",
      message: "a.grib: truncated: message 42 needs 6072 bytes, the file has 6062. Fetch it again",
    });
  });

  test("a file with a message that does not end where it says", async () => {
    const path = join(temporaryFolder(), "a.grib");
    const bytes = readFileSync(fixture("grib/months.grib2"));
    bytes.write("777x", bytes.indexOf("7777"));
    writeFileSync(path, bytes);
    await expect(opened(path)).rejects.toMatchObject({
      tag: "BrokenFile",
      message: "a.grib: message 1 is damaged: it does not end with 7777. Fetch it again",
    });
  });
});

test("fields of one message share the sections before them, and a bitmap that is said to be there before", async () => {
  const grid = { lat: [10, 0], lon: [0, 90], initial: new Date("2026-02-01") };
  const [march, april] = [3, 4].map((month) =>
    [`2026-0${month}-01`, `2026-0${month + 1}-01`].map((date) => new Date(date)),
  );
  const message = (values: number[], meanOf: Date[] | undefined) =>
    gribMessage({ ...grid, values: Float32Array.from(values), meanOf: meanOf as [Date, Date] });
  const first = message([1, Number.NaN, 3, 4], march);
  const second = sectionsOf(message([5, Number.NaN, 7, 8], april));
  // The bitmap that is the same has no bytes of its own.
  second.set(6, Buffer.from("0000000606fe", "hex"));
  const again = Buffer.concat([4, 5, 6, 7].map((number) => second.get(number)!));
  const both = Buffer.concat([first.subarray(0, -4), again, Buffer.from("7777")]);
  both.writeBigUInt64BE(BigInt(both.length), 8);
  const path = join(temporaryFolder(), "a.grib2");
  writeFileSync(path, both);
  const dataset = await opened(path);
  expect(dataset.readRaw("tprate")).toEqual(Float32Array.of(1, Number.NaN, 3, 4, 5, Number.NaN, 7, 8));
  expect(validTimes(dataset, "tprate")).toEqual(["2026-03-01", "2026-04-01"]);
});

function sectionsOf(message: Buffer): Map<number, Buffer> {
  const sections = new Map<number, Buffer>();
  for (let at = 16; at < message.length - 4; at += message.readUInt32BE(at)) {
    sections.set(message[at + 4]!, message.subarray(at, at + message.readUInt32BE(at)));
  }
  return sections;
}

test("an anomaly is told from the field that it is of", async () => {
  const grid = { lat: [10, 0], lon: [0, 90], initial: new Date("2026-03-03"), values: Float32Array.of(1, 2, 3, 4) };
  const meanOf = [new Date("2026-03-03"), new Date("2026-03-10")] as const;
  const field = gribMessage({ ...grid, meanOf });
  const sections = sectionsOf(field);
  // Of the mean of an ensemble, relative to the years from 1991 on.
  const about = Buffer.concat([sections.get(4)!, Buffer.from("00c900000007c7010100000000000000001f01ffff", "hex")]);
  about.writeUInt32BE(about.length);
  about.writeUInt16BE(107, 7);
  sections.set(4, about);
  const anomaly = Buffer.concat([field.subarray(0, 16), ...sections.values(), Buffer.from("7777")]);
  anomaly.writeBigUInt64BE(BigInt(anomaly.length), 8);
  const path = join(temporaryFolder(), "a.grib2");
  writeFileSync(path, Buffer.concat([field, anomaly]));
  const dataset = await opened(path);
  expect(textOf(dataset, "tpratea", "long_name")).toBe("Total precipitation rate anomaly");
  expect(textOf(dataset, "tprate", "long_name")).toBe("Total precipitation rate");
  expect(validTimes(dataset, "tpratea")).toEqual(["2026-03-10"]);
});

test("a field that is there twice with other values is refused, and the variable alone", async () => {
  const path = join(temporaryFolder(), "a.grib");
  const bytes = readFileSync(fixture("grib/archive.grib"));
  const other = Buffer.from(bytes.subarray(0, bytes.indexOf("7777") + 4));
  other[other.length - 6]! ^= 1;
  writeFileSync(path, Buffer.concat([bytes, other]));
  const dataset = await opened(path);
  expect(() => dataset.readRaw("t2m")).toThrow(
    'a.grib: messages 1 and 43 are the same field of "t2m" with other values. Keep one of them, e.g. grib_copy -w count!=43 in.grib out.grib',
  );
  expect(dataset.readRaw("t")).toHaveLength(14 * 2 * 24);
});

test("a field that is there twice is taken once, and told of", async () => {
  const path = join(temporaryFolder(), "a.grib");
  const bytes = readFileSync(fixture("grib/seasonal.grib"));
  writeFileSync(path, Buffer.concat([bytes, bytes]));
  const dataset = await opened(path);
  expect(dataset.variables.get("t2m")?.shape).toEqual([3, 3, 4, 6]);
  expect(dataset.attributes["GRIB_repeated"]?.value).toMatch(/^9 fields are there before, .* 10, 11, 12/);
});
