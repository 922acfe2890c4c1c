import { describe, expect, test } from "vitest";
import type { Slab } from "../../../lib/netcdf/dataset.ts";
import { reordered } from "../../../lib/netcdf/views/reordered.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../../support/classic.ts";
import { joined, picked } from "../../support/pieces.ts";

const sizes = { time: 5, lat: 3, lon: 4 };
const axes = {
  time: monthsOf(1990, ...counting(0, sizes.time)),
  lat: latitudes(10, 0, -10),
  lon: longitudes(100, 105, 110, 115),
};
type Name = keyof typeof axes;
const wanted: readonly Name[] = ["time", "lat", "lon"];

/** Each value tells its place: month, latitude and longitude, a digit each. */
const inOrder = counting(0, 5).flatMap((t) =>
  counting(0, 3).flatMap((y) => counting(0, 4).map((x) => 100 * t + 10 * y + x)),
);

async function opened(order: readonly Name[]) {
  const [a, b, c] = order.map((name) => counting(0, sizes[name])) as [number[], number[], number[]];
  const place = (at: Record<string, number>) => 100 * at["time"]! + 10 * at["lat"]! + at["lon"]!;
  const values = a.flatMap((i) =>
    b.flatMap((j) => c.map((k) => place({ [order[0]!]: i, [order[1]!]: j, [order[2]!]: k }))),
  );
  const path = classicFile({
    variable: "air",
    axes: Object.fromEntries(order.map((name) => [name, axes[name]])),
    values,
  });
  return openUntilEnd(path, "air.nc");
}

describe.each<[Name, Name, Name]>([
  ["time", "lon", "lat"],
  ["lat", "time", "lon"],
  ["lat", "lon", "time"],
  ["lon", "time", "lat"],
  ["lon", "lat", "time"],
])("an archive of the dimensions %s, %s, %s", (...order) => {
  test.each<{ which: string; slab: Slab }>([
    {
      which: "as a whole",
      slab: [
        [0, 5],
        [0, 3],
        [0, 4],
      ],
    },
    {
      which: "in part",
      slab: [
        [1, 4],
        [1, 3],
        [2, 3],
      ],
    },
    {
      which: "where nothing is asked for",
      slab: [
        [2, 2],
        [0, 3],
        [0, 4],
      ],
    },
  ])("is read $which as time, latitude and longitude", async ({ slab }) => {
    const view = reordered(await opened(order), "air", wanted);
    expect(view.variables.get("air")).toMatchObject({ dimensions: wanted, shape: [5, 3, 4] });
    const expected = picked(inOrder, [5, 3, 4], slab);
    expect(view.readRaw("air", slab)).toEqual(Float32Array.from(expected));
    expect(await joined(view, "air", slab)).toEqual(expected);
  });
});

test("one that is in order is no view", async () => {
  const dataset = await opened(wanted);
  expect(reordered(dataset, "air", wanted)).toBe(dataset);
});

test("the other variables are as they were", async () => {
  const view = reordered(await opened(["time", "lon", "lat"]), "air", wanted);
  expect(view.readRaw("lat")).toEqual(Float64Array.of(10, 0, -10));
  expect(await joined(view, "lon", [[1, 3]])).toEqual([105, 110]);
  expect(() => view.readRaw("air", [[0, 1]])).toThrow('air.nc: the slab [0:1] is not inside "air"');
});

test("months come whole where the file has them last, and one by one where it has them first", async () => {
  const chunksOf = async (...order: Name[]) =>
    reordered(await opened(order), "air", wanted).variables.get("air")!.chunks;
  expect(await chunksOf("time", "lon", "lat")).toEqual([1, 3, 1]);
  expect(await chunksOf("lat", "lon", "time")).toEqual([5, 1, 1]);
  expect(await chunksOf("lat", "time", "lon")).toEqual([5, 1, 4]);
});
