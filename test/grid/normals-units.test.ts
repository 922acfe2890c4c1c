import { expect, test } from "vitest";
import type { FloatArray } from "../../lib/grid/floats.ts";
import { readNormals } from "../../lib/grid/normals.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../support/classic.ts";

/** Reads a climatology in some units for observations in others. */
async function normals(units: string | undefined, ours: string | undefined): Promise<FloatArray> {
  const axes = { time: monthsOf(2000, ...counting(0, 12)), lat: latitudes(10), lon: longitudes(20) };
  const path = classicFile({ variable: "clim", axes, attributes: units === undefined ? {} : { units } }, "clim.nc");
  const observations = { key: "t2m.nc", etag: "e" };
  return readNormals(await openUntilEnd(path, "clim.nc"), "clim", {
    lat: [10],
    lon: [20],
    shape: { cells: [1, 1], months: 12, tile: [1, 1] },
    archive: { type: "float32", timeAt: 0, latAt: 1, lonAt: 2, cells: [1, 1], chunkMonths: 1 },
    observations,
    ...(ours === undefined ? {} : { units: ours }),
  });
}

test.each([
  ["K", "K"],
  ["degK", "Kelvin"],
  ["°C", "degC"],
  ["mm/d", "kg m-2 day-1"],
  [undefined, "K"],
  [" ", "K"],
  ["K", undefined],
  ["psu", "psu"],
])("a climatology in %j is taken off observations in %j", async (units, ours) => {
  expect(await normals(units, ours)).toEqual(Float32Array.from(counting(0, 12)));
});

test.each([
  [["lat", "lon", "month"]],
  [["lon", "month", "lat"]],
  [["month", "level", "lat", "lon"]],
  [["lat", "level", "lon", "month"]],
])("the dimensions of a climatology may be in the order %j", async (order) => {
  const [months, lats, lons] = [counting(0, 12), [10, 20], [100, 110, 120]];
  const sizes: Record<string, number> = { month: 12, level: 1, lat: 2, lon: 3 };
  const at: Record<string, number> = { level: 0 };
  const values: number[] = [];
  const put = ([dimension, ...rest]: readonly string[]) => {
    if (dimension === undefined) return void values.push(100 * at["month"]! + 10 * at["lat"]! + at["lon"]!);
    for (const position of counting(0, sizes[dimension]!)) {
      at[dimension] = position;
      put(rest);
    }
  };
  put(order);
  const axes = { month: { values: months }, level: { values: [2] }, lat: latitudes(...lats), lon: longitudes(...lons) };
  const path = classicFile({
    variable: "clim",
    axes: Object.fromEntries(order.map((dimension) => [dimension, axes[dimension as keyof typeof axes]])),
    values,
  });
  const read = readNormals(await openUntilEnd(path, "clim.nc"), "clim", {
    lat: lats,
    lon: lons,
    shape: { cells: [2, 3], months: 12, tile: [2, 3] },
    archive: { type: "float32", timeAt: 0, latAt: 1, lonAt: 2, cells: [2, 3], chunkMonths: 1 },
    observations: { key: "t2m.nc", etag: "e" },
  });
  const expected = months.flatMap((month) => lats.flatMap((_, y) => lons.map((__, x) => 100 * month + 10 * y + x)));
  expect(Array.from(read)).toEqual(expected);
});

test.each([
  ["degC", "K"],
  ["degF", "degC"],
  ["mm/month", "mm/day"],
  ["m", "K"],
  ["psu", "K"],
])("a climatology in %j is not taken off observations in %j", async (units, ours) => {
  await expect(normals(units, ours)).rejects.toMatchObject({
    tag: "BadUnits",
    message: `clim.nc: "clim" is in ${units}, and the observations in t2m.nc in ${ours}. A climatology has the units of its observations: convert it, or set observations.units of the product`,
  });
});
