import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { COAST_UNITS, type Coast, coastOf, landFor } from "../../lib/report/coast.ts";
import { type Region, regionOf } from "../../lib/report/region.ts";
import { SHOWN_VERSION } from "../../lib/report/report-history.ts";
import { loadLand } from "../../lib/report/template.ts";

const land = { fine: await loadLand("fine"), coarse: await loadLand("coarse") };
const cut = (region: Region) => coastOf(land[landFor(region)], region);

const at = (lat: number, lon: number) => ({ lat, lon });

test.each([
  ["a country", [at(18, 74), at(53, 135)], { west: 72, east: 137, south: 16, north: 55 }],
  [
    "islands on both sides of the antimeridian",
    [at(-18, 178), at(-14, -171)],
    { west: 176, east: -169, south: -20, north: -12 },
  ],
  ["a table with longitudes beyond 180", [at(60, 190), at(64, 200)], { west: -172, east: -158, south: 58, north: 66 }],
  [
    "all round the globe",
    Array.from({ length: 80 }, (_, i) => at(70, i * 4.5)),
    { west: -180, east: 180, south: 68, north: 72 },
  ],
  ["one station at a pole", [at(90, 0)], { west: -2, east: 2, south: 88, north: 90 }],
])("the region of %s is the narrowest one", (_, points, region) => {
  expect(regionOf(points, 2)).toEqual(region);
});

/** Whether a point is in an odd number of rings, and so on land. */
function isLand(coast: Coast, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of coast) {
    const points: [number, number][] = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < ring.length; i += 2) {
      x += ring[i]!;
      y += ring[i + 1]!;
      points.push([x / COAST_UNITS, y / COAST_UNITS]);
    }
    for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
      const [[ax, ay], [bx, by]] = [points[i]!, points[j]!];
      if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

describe("the coast of a region", () => {
  test.each<[string, Region, land: [number, number], sea: [number, number]]>([
    ["of China", { west: 70, east: 140, south: 10, north: 60 }, [104, 30], [124, 28]],
    ["with a sea in it", { west: 45, east: 60, south: 35, north: 50 }, [46, 44], [51, 42]],
    ["of Chukotka, across the antimeridian", { west: 160, east: -150, south: 55, north: 75 }, [182, 67], [185, 60]],
    ["of the globe", { west: -180, east: 180, south: -60, north: 80 }, [20, 0], [-30, 0]],
  ])("%s has land where land is", (_, region, on, off) => {
    const coast = cut(region);
    expect(isLand(coast, ...on)).toBe(true);
    expect(isLand(coast, ...off)).toBe(false);
  });

  test("is the one that runs have kept: where it is to be another, SHOWN_VERSION is to be raised", () => {
    const coast = cut({ west: 72, east: 137, south: 16, north: 55 });
    expect([SHOWN_VERSION, hash("sha256", JSON.stringify(coast)).slice(0, 12)]).toEqual([1, "30cd2b30e7e0"]);
  });

  test("of a country takes few bytes", () => {
    expect(JSON.stringify(cut({ west: 72, east: 137, south: 16, north: 55 })).length).toBeLessThan(40_000);
  });
});
