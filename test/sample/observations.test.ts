import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, File, ready } from "h5wasm/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeObservations } from "../../lib/sample/observations.ts";
import { mulberry32 } from "../../lib/sample/random.ts";

const RESOLUTION = 5;
const MONTHS = 18;
const MISSING = Math.fround(-9.96921e36);
const dir = mkdtempSync(join(tmpdir(), "s2s-"));
const progress: number[] = [];
let file: File;

beforeAll(async () => {
  const path = join(dir, "precip.nc");
  await writeObservations(path, { resolution: RESOLUTION, months: MONTHS }, mulberry32(7), (done) =>
    progress.push(done),
  );
  await ready;
  file = new File(path, "r");
});
afterAll(() => {
  file.close();
  rmSync(dir, { recursive: true });
});

const dataset = (name: string): Dataset => file.get(name) as Dataset;
const values = (name: string): number[] => Array.from(dataset(name).value as Float32Array);
const attribute = (name: string, of: string): unknown => dataset(name).attrs[of]?.json_value;

/** The value of a cell in a month, counted from the first. */
function cell(month: number, lat: number, lon: number): number {
  const row = Math.floor((90 - lat) / RESOLUTION);
  const column = Math.floor(lon / RESOLUTION);
  const slab = dataset("precip").slice([
    [month, month + 1],
    [row, row + 1],
    [column, column + 1],
  ]);
  return (slab as Float32Array)[0]!;
}

test("stores one month per chunk, shuffled, then deflated", () => {
  expect(dataset("precip").filters).toEqual([
    { id: 2, name: "shuffle", cd_values: [4] },
    { id: 1, name: "deflate", cd_values: [2] },
  ]);
  expect(dataset("precip").metadata).toMatchObject({ shape: [18, 36, 72], chunks: [1, 36, 72], size: 4 });
  expect(dataset("precip").metadata.maxshape?.slice(1)).toEqual([36, 72]);
  expect(dataset("precip").metadata.maxshape?.[0]).toBeGreaterThan(2 ** 60); // unlimited
});

test("names the dimensions by scales, in the order that NetCDF-4 wrote them down", () => {
  const precip = dataset("precip");
  expect([0, 1, 2].map((i) => precip.get_attached_scales(i))).toEqual([["/time"], ["/lat"], ["/lon"]]);
  expect(["time", "lat", "lon"].map((name) => attribute(name, "_Netcdf4Dimid"))).toEqual([[0], [1], [2]]);
});

test("has cell centres from north to south and from 0 to 360 degrees", () => {
  const lat = values("lat");
  const lon = values("lon");
  expect([lat[0], lat[1], lat.at(-1)]).toEqual([87.5, 82.5, -87.5]);
  expect([lon[0], lon[1], lon.at(-1)]).toEqual([2.5, 7.5, 357.5]);
});

test("counts hours from 1800 to the first of June 2020", () => {
  const hours = Array.from(dataset("time").value as Float64Array);
  const dates = hours.map((h) => new Date(Date.UTC(1800, 0) + h * 3_600_000).toISOString());
  expect(hours).toHaveLength(MONTHS);
  expect([dates[0], dates[1], dates.at(-1)]).toEqual([
    "2019-01-01T00:00:00.000Z",
    "2019-02-01T00:00:00.000Z",
    "2020-06-01T00:00:00.000Z",
  ]);
});

test("carries the attributes of PREC/L as text of fixed length", () => {
  expect(attribute("precip", "units")).toBe("mm/day");
  expect(attribute("precip", "long_name")).toBe("Average Monthly Rate of Precipitation");
  expect(attribute("precip", "missing_value")).toEqual([MISSING]);
  expect(attribute("precip", "valid_range")).toEqual([0, 70]);
  expect(attribute("time", "units")).toBe("hours since 1800-01-01 00:00:0.0");
  expect(attribute("lat", "standard_name")).toBe("latitude");
  expect(attribute("lon", "axis")).toBe("X");
  expect(dataset("precip").attrs["units"]?.metadata.vlen).toBe(false);
});

test("has rain on land, rounded to 0.01, and none at sea", () => {
  const all = values("precip");
  const land = all.filter((v) => v !== MISSING);
  expect(land.length / all.length).toBeGreaterThan(0.15);
  expect(land.length / all.length).toBeLessThan(0.35);
  expect(land.every((v) => v >= 0 && v <= 70 && Math.fround(Math.round(v * 100) / 100) === v)).toBe(true);
  expect(cell(0, 0, 180)).toBe(MISSING); // the Pacific
  // Beijing, Lhasa, Urumqi, Guangzhou
  for (const [lat, lon] of [
    [39.9, 116.4],
    [29.7, 91.1],
    [43.8, 87.6],
    [23.1, 113.3],
  ] as const) {
    expect(cell(0, lat, lon)).toBeGreaterThan(0);
  }
});

test("rains in the summer of either hemisphere", () => {
  const [january, july] = [0, 6];
  expect(cell(july, 39.9, 116.4)).toBeGreaterThan(2 * cell(january, 39.9, 116.4));
  expect(cell(january, -25, 134)).toBeGreaterThan(1.2 * cell(july, -25, 134));
});

test("tells of each month", () => {
  expect(progress).toEqual(Array.from({ length: MONTHS }, (_, i) => i + 1));
});

test("throws where the file cannot be written", async () => {
  const path = join(dir, "nowhere", "precip.nc");
  await expect(writeObservations(path, { resolution: 30, months: 1 }, mulberry32(7))).rejects.toThrow(
    "unable to synchronously create file",
  );
});
