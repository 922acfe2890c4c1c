import { describe, expect, test } from "vitest";
import { cellsAway, distanceKm, makeAxis, nearestIndex } from "../../lib/grid/axis.ts";
import { golden } from "../support/golden.ts";

describe("nearest cell", () => {
  const cases = golden<{ name: string; axis: number[]; targets: number[]; indexes: number[] }[]>(
    "numbers/nearest.expected.json",
  );
  test.each(cases)("is pandas' nearest on the axis $name", ({ axis, targets, indexes }) => {
    const kind = Math.max(...axis.map(Math.abs)) > 90 ? "longitude" : "latitude";
    const made = makeAxis(kind, axis, "a.nc");
    expect(targets.map((target) => nearestIndex(made, target))).toEqual(indexes);
  });

  const globe = makeAxis(
    "longitude",
    Float64Array.from({ length: 360 }, (_, i) => i + 0.5),
    "a.nc",
  );
  test.each([
    [-157.9, 202], // Honolulu, given as west longitude
    [359.9, 359],
    [-0.4, 359],
    [0.2, 0],
    [0, 0], // a tie over the seam goes to the cell at 360.5, which is the first
    [360, 0],
    [720.6, 0],
  ])("longitude %d is in cell %d round the globe", (longitude, index) => {
    expect(nearestIndex(globe, longitude)).toBe(index);
  });

  test("longitudes from -180 to 180 serve stations given from 0 to 360", () => {
    const axis = makeAxis("longitude", [-135, -45, 45, 135], "a.nc");
    expect(axis.cyclic).toBe(true);
    expect([225, 179, 181, -179.9].map((lon) => nearestIndex(axis, lon))).toEqual([0, 3, 0, 0]);
  });

  test.each([
    ["0 to 180 and -180 to 0", [0.5, 90.5, 179.5, -179.5, -90.5, -0.5], [0.5, 90.5, 179.5, 180.5, 269.5, 359.5]],
    ["west to east of Greenwich", [350, 355, 0, 5], [350, 355, 360, 365]],
    ["east to west of it", [5, 0, 355, 350], [5, 0, -5, -10]],
    ["over the date line", [170, 175, -180, -175], [170, 175, 180, 185]],
    ["over 360 already", [350, 360, 370, 380], [350, 360, 370, 380]],
  ])("longitudes from %s are one axis", (_, values, turned) => {
    expect([...makeAxis("longitude", values, "a.nc").values]).toEqual(turned);
  });

  test("longitudes that begin within the turn find the same cells as those that begin with it", () => {
    const from = (first: number) => Array.from({ length: 144 }, (__, i) => (first + 2.5 * i) % 360);
    const plain = makeAxis("longitude", from(0), "a.nc");
    const turned = makeAxis("longitude", from(180), "a.nc");
    for (let station = -180; station <= 360; station += 0.7) {
      expect(from(180)[nearestIndex(turned, station)]).toBe(from(0)[nearestIndex(plain, station)]);
    }
    expect(turned.cyclic).toBe(true);
  });

  test("a region over Greenwich has cells on both sides of it", () => {
    const axis = makeAxis("longitude", [350, 355, 0, 5], "a.nc");
    expect([-10, 350, -2, 0, 2.6, 5, 8, 340].map((lon) => nearestIndex(axis, lon))).toEqual([0, 0, 2, 2, 3, 3, 3, 0]);
  });

  test.each([
    ["twice back", [0, 10, 5, 15, 12]],
    ["back by no turn", [0, 90, 180, 100, 200, 300]],
    ["round more than once", [0, 120, 240, 0, 120]],
  ])("longitudes that go %s are refused", (_, values) => {
    expect(() => makeAxis("longitude", values, "a.nc")).toThrow("its longitude axis goes from");
  });

  test("a regional axis does not wrap: places off it belong to its nearer end", () => {
    const axis = makeAxis("longitude", [70, 80, 90], "a.nc");
    expect(axis.cyclic).toBe(false);
    expect([65, 200, -170, 439].map((lon) => nearestIndex(axis, lon))).toEqual([0, 2, 2, 1]);
  });
});

test("the distance from the cell's centre is counted in cells", () => {
  const lat = makeAxis("latitude", [50, 48, 46], "a.nc");
  expect(cellsAway(lat, 0, 53)).toBe(1.5);
  expect(cellsAway(lat, 2, 46)).toBe(0);
  const lon = makeAxis("longitude", [1, 2, 3], "a.nc");
  expect(cellsAway(lon, 0, 359)).toBe(2);
  const alone = makeAxis("longitude", [1], "a.nc");
  expect([359.5, 2.5, 2.6, 100].map((degrees) => cellsAway(alone, 0, degrees))).toEqual([0, 0, Infinity, Infinity]);
});

test("kilometres are along the great circle", () => {
  expect(distanceKm(0, 0, 0, 90)).toBeCloseTo((6371.0088 * Math.PI) / 2, 6);
  // The haversine example of Rosetta Code, Nashville to Los Angeles, is for a radius of 6372.8 km.
  expect((distanceKm(36.12, -86.67, 33.94, -118.4) / 6371.0088) * 6372.8).toBeCloseTo(2887.2599506, 6);
  expect(distanceKm(10, 20, 10, 380)).toBeCloseTo(0, 6);
});

test.each([
  [[], "has no values"],
  [[1, Number.NaN, 3], "has NaN at position 1"],
  [[89, 90, 91], "has 91 at position 2"],
  [[1, 3, 2], "goes from 3 to 2 at position 2"],
  [[3, 2, 2], "goes from 2 to 2 at position 2"],
])("the axis %j is refused", (values, problem) => {
  expect(() => makeAxis("latitude", values, "bad.nc")).toThrow(
    expect.objectContaining({
      tag: "BadAxis",
      message: expect.stringContaining(`bad.nc: its latitude axis ${problem}`),
    }),
  );
});
