import { hash } from "node:crypto";
import { geoArea, geoContains } from "d3-geo";
import type { MultiPolygon } from "geojson";
import { describe, expect, test } from "vitest";
import { type Coast, coastOf, landFor } from "../../lib/report/coast.ts";
import { packRing, ringPoints, unpackRing } from "../../lib/report/packed-ring.ts";
import { SHOWN_VERSION } from "../../lib/report/report-history.ts";
import { loadLand } from "../../lib/report/template.ts";
import { type Region, regionOf } from "../../lib/stations/region.ts";

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

/** Its polygons as d3-geo has them. */
function polygonsOf(coast: Coast): MultiPolygon {
  const coordinates = coast.map((rings) => rings.map(ringPoints));
  return { type: "MultiPolygon", coordinates };
}

describe("the coast of a region", () => {
  const regions: readonly { name: string; region: Region; on: [number, number]; off: [number, number] }[] = [
    { name: "China", region: { west: 70, east: 140, south: 10, north: 60 }, on: [104, 30], off: [124, 28] },
    { name: "a sea in land", region: { west: 45, east: 60, south: 35, north: 50 }, on: [46, 44], off: [51, 42] },
    {
      name: "Chukotka, across the antimeridian",
      region: { west: 160, east: -150, south: 55, north: 75 },
      on: [182, 67],
      off: [185, 60],
    },
    { name: "the globe", region: { west: -180, east: 180, south: -60, north: 80 }, on: [20, 0], off: [-30, 0] },
    { name: "the Antarctic", region: { west: -180, east: 180, south: -90, north: -60 }, on: [0, -89.9], off: [0, -61] },
  ];
  test.each(regions)("has land where land is: $name", ({ region, on, off }) => {
    const polygons = polygonsOf(cut(region));
    expect(geoContains(polygons, on)).toBe(true);
    expect(geoContains(polygons, off)).toBe(false);
  });

  test.each(regions)("is whole polygons, which cover no more than the globe's land does: $name", ({ region }) => {
    const part = (of: Coast) => geoArea(polygonsOf(of)) / (4 * Math.PI);
    expect(part(cut(region))).toBeLessThan(0.31);
    for (const polygon of cut(region)) expect(part([polygon])).toBeLessThan(0.17);
  });

  test("has every point of the land in the region, and few of what is far away", () => {
    const region = { west: 100, east: 125, south: 18, north: 42 };
    const onGlobe = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
    const inside = ([lon, lat]: [number, number]) =>
      onGlobe(lon) > region.west && onGlobe(lon) < region.east && lat > region.south && lat < region.north;
    const text = ([lon, lat]: [number, number]) => `${onGlobe(lon).toFixed(2)} ${lat.toFixed(2)}`;
    const kept = new Set(
      polygonsOf(cut(region))
        .coordinates.flat(2)
        .map((point) => text(point as [number, number])),
    );
    const all = land.fine.flatMap(({ rings }) => rings.flatMap(ringPoints));
    const there = new Set(all.filter(inside).map(text));
    expect(there.size).toBeGreaterThan(1000);
    expect([...there].filter((point) => !kept.has(point))).toEqual([]);
    expect(kept.size - there.size).toBeLessThan(0.06 * all.length);
  });

  test("is the one that runs have kept: where it is to be another, SHOWN_VERSION is to be raised", () => {
    const coast = cut({ west: 72, east: 137, south: 16, north: 55 });
    expect([SHOWN_VERSION, hash("sha256", JSON.stringify(coast)).slice(0, 12)]).toEqual([2, "2920783208c7"]);
  });

  test("takes few bytes, of a country and of the globe", () => {
    expect(JSON.stringify(cut({ west: 72, east: 137, south: 16, north: 55 })).length).toBeLessThan(40_000);
    expect(JSON.stringify(cut({ west: -180, east: 180, south: -90, north: 90 })).length).toBeLessThan(25_000);
  });
});

describe("a packed ring", () => {
  const packed = packRing([179.994, -16.5, -179.5, -17.25, -179.5, -17.2501, 178, -90, 0, 90, -179.996, 0]);

  test("has its points to a hundredth of a degree, beyond the antimeridian", () => {
    expect(unpackRing(packed)).toEqual([179.99, -16.5, 180.5, -17.25, 178, -90, 0, 90, -180, 0]);
  });

  test("is closed where it is drawn", () => {
    const points = ringPoints(packed);
    expect(points.slice(0, 2)).toEqual([
      [179.99, -16.5],
      [180.5, -17.25],
    ]);
    expect(points).toHaveLength(6);
    expect(points[5]).toEqual(points[0]);
    expect(ringPoints(packRing([]))).toEqual([]);
  });
});
