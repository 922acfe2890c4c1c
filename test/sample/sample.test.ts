import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { read, utils } from "@e965/xlsx";
import { NetCDFReader } from "netcdfjs";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError } from "../../lib/errors.ts";
import { makeSample, SAMPLE_DEFAULTS, type SampleFiles, type SampleOptions } from "../../lib/sample/sample.ts";

const SMALL: SampleOptions = { resolution: 10, months: 3, stations: 62, seed: 7 };
const root = mkdtempSync(join(tmpdir(), "s2s-"));
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(root, "sample-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

function hashes(files: SampleFiles): Record<keyof SampleFiles, string> {
  return {
    observations: sha256(files.observations),
    forecast: sha256(files.forecast),
    stations: sha256(files.stations),
  };
}

test("puts the files where the input bucket has them", async () => {
  expect(await makeSample(dir, SMALL)).toEqual({
    observations: join(dir, "observations", "precip.mon.mean.1x1.nc"),
    forecast: join(dir, "forecasts", "CFSv2.Prec.20200625.202008.nc"),
    stations: join(dir, "stations", "stations.xls"),
  });
});

test("reports the months as they are written", async () => {
  const seen: [number, number][] = [];
  await makeSample(dir, SMALL, (done, of) => seen.push([done, of]));
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});

describe("the bytes", () => {
  test("are the same for the same seed, on another day and over older files", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2020, 6, 1) });
    const first = hashes(await makeSample(dir, SMALL));
    vi.setSystemTime(Date.UTC(2031, 1, 3));
    const again = hashes(await makeSample(dir, SMALL));
    vi.useRealTimers();
    expect(again).toEqual(first);
  });

  test("differ in every file for another seed", async () => {
    const first = hashes(await makeSample(dir, SMALL));
    const other = hashes(await makeSample(dir, { ...SMALL, seed: 8 }));
    expect(Object.entries(other).filter(([name, hash]) => first[name as keyof SampleFiles] === hash)).toEqual([]);
  });

  test("of table and forecast do not depend on the size of the archive", async () => {
    const first = hashes(await makeSample(dir, SMALL));
    const other = hashes(await makeSample(dir, { ...SMALL, months: 1, resolution: 30 }));
    expect(other.stations).toBe(first.stations);
    expect(other.forecast).toBe(first.forecast);
    expect(other.observations).not.toBe(first.observations);
  });
});

test("the forecast has CFSv2's layout and a smooth anomaly of its spread", async () => {
  const reader = new NetCDFReader(readFileSync((await makeSample(dir, SMALL)).forecast));
  expect(reader.version).toBe("classic format");
  expect(reader.dimensions).toEqual([
    { name: "TIME", size: 0 },
    { name: "ENS", size: 1 },
    { name: "LEV", size: 1 },
    { name: "LAT", size: 181 },
    { name: "LON", size: 360 },
  ]);
  expect(reader.recordDimension).toMatchObject({ name: "TIME", length: 1 });
  expect(reader.variables.map((v) => v.name)).toEqual(["LAT", "LON", "LEV", "ENS", "TIME", "anom"]);
  expect(reader.variables.at(-1)).toMatchObject({ type: "float", dimensions: [0, 1, 2, 3, 4] });
  expect(reader.getDataVariable("TIME")).toEqual([25780]); // 1 August 2020
  expect(reader.getDataVariable("LAT").slice(0, 2)).toEqual([-90, -89]);
  expect(reader.getDataVariable("LON").slice(-1)).toEqual([359]);

  const [anomaly] = reader.getDataVariable("anom") as number[][];
  const steps = anomaly!.slice(1).map((v, i) => Math.abs(v - anomaly![i]!));
  const spread = Math.hypot(...anomaly!) / Math.sqrt(anomaly!.length);
  expect(anomaly).toHaveLength(181 * 360);
  expect(spread).toBeGreaterThan(0.8);
  expect(spread).toBeLessThan(1.8);
  expect(Math.max(...steps)).toBeLessThan(1); // a degree is a small part of the shortest wave
});

test("the station table has clean rows from all over China", async () => {
  const bytes = readFileSync((await makeSample(dir, SMALL)).stations);
  expect(bytes.subarray(0, 8).toString("hex")).toBe("d0cf11e0a1b11ae1"); // OLE2
  const book = read(bytes);
  const rows = utils.sheet_to_json<(string | number)[]>(book.Sheets[book.SheetNames[0]!]!, { header: 1 });
  expect(rows[0]).toEqual(["省份", "区站号", "站名", "纬度(度分)", "经度(度分)", "观测场海拔高度(米)"]);
  expect(rows).toHaveLength(1 + SMALL.stations);

  for (const [i, row] of rows.slice(1).entries()) {
    expect(row).toEqual([
      expect.stringMatching(/^[一-龥]{2,3}$/),
      50_000 + i,
      expect.stringMatching(/^[一-龥]{2}$/),
      expect.stringMatching(/^(1[89]|[2-4]\d|5[0-3])[0-5]\dN$/),
      expect.stringMatching(/^(07[3-9]|0[89]\d|1[0-2]\d|13[0-4])[0-5]\dE$/),
      expect.any(Number),
    ]);
  }
  expect(new Set(rows.slice(1).map((row) => row[0])).size).toBe(31);
  expect(rows[1]![0]).toBe("北京");
  expect(String(rows[1]![3])).toMatch(/^(39|40|41)/);
  expect(rows.at(-1)![0]).toBe("新疆");
});

describe("refuses", () => {
  test.each<[Partial<SampleOptions>, string]>([
    [{ resolution: 7 }, "resolution 7 is not a cell size in degrees that divides 180. Valid choices: 0.5, 1"],
    [{ resolution: 0 }, "resolution 0 "],
    [{ resolution: 0.1 }, "resolution 0.1 "],
    [{ resolution: Number.NaN }, "resolution NaN "],
    [{ months: 0 }, "months 0 is not a whole number from 1 to 870"],
    [{ months: 871 }, "months 871 "],
    [{ months: 1.5 }, "months 1.5 "],
    [{ stations: 0 }, "stations 0 is not a whole number from 1 to 50000"],
    [{ seed: -1 }, "seed -1 is not a whole number from 0 to 4294967295"],
  ])("%j", async (options, message) => {
    const failure = makeSample(dir, { ...SAMPLE_DEFAULTS, ...options });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ tag: "BadOption" });
  });

  test("a folder that cannot be made", async () => {
    const path = join(dir, "file");
    writeFileSync(path, "");
    const failure = makeSample(path, SMALL);
    await expect(failure).rejects.toBeInstanceOf(InputError);
    await expect(failure).rejects.toMatchObject({ tag: "FileNotFound", message: expect.stringContaining(path) });
  });
});
