import { describe, expect, test } from "vitest";
import { distanceKm, makeAxis } from "../../lib/grid/axis.ts";
import { stationCells } from "../../lib/grid/station-cells.ts";
import type { CellsMethod } from "../../lib/grid/station-method.ts";
import { golden } from "../support/golden.ts";
import { METHODS, type MethodsGolden, PLACES } from "../support/methods.ts";

const expected = golden<MethodsGolden>("methods/expected.json");

/** Digits of CDO's weights, which it iterates to. */
const CDO_DIGITS = 9;

function mapped<T>(weights: Readonly<Record<string, number>>, to: (weight: number) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, to(weight)]));
}

describe.each(["global", "regional", "forecast"] as const)("the cells of a station on the axes of %s", (name) => {
  const { lat, lon, stations } = expected[name];
  const axes = { lat: makeAxis("latitude", lat, name), lon: makeAxis("longitude", lon, name) };
  const cellsOf = (method: CellsMethod, id: string) => stationCells(method, axes, PLACES.get(id)!);
  // The end of the forecast's longitudes is their beginning once more; and at a pole any longitude is the same place.
  const named = (i: number, j: number) => (Math.abs(lat[i]!) === 90 ? `${i}` : `${i},${lon[j]! % 360}`);
  const byName = (cells: readonly (readonly [number, number, number])[]) => {
    const weights: Record<string, number> = {};
    for (const [i, j, weight] of cells) weights[named(i, j)] = weight + (weights[named(i, j)] ?? 0);
    return weights;
  };

  test("for bilinear are those of CDO's remapbil, with its weights", () => {
    const inside = stations.filter(({ bilinear }) => bilinear.cells !== null);
    expect(inside.length).toBeGreaterThan(4);
    for (const { id, bilinear } of inside) {
      const theirs = byName(bilinear.cells!.filter(([, , weight]) => weight > 0));
      const ours = byName(cellsOf("bilinear", id).map(({ cell, weight }) => [...cell, weight]));
      expect({ id, ...ours }).toEqual({ id, ...mapped(theirs, (weight) => expect.closeTo(weight, CDO_DIGITS)) });
    }
  });

  test("for a box are as many as xarray selects", () => {
    for (const { id, boxDegrees, boxKm } of stations) {
      const counts = [cellsOf(METHODS.boxDegrees, id), cellsOf(METHODS.boxKm, id)].map((cells) => cells.length);
      expect([id, ...counts]).toEqual([id, boxDegrees.count, boxKm.count]);
    }
  });

  test("for nearestValid begin with the nearest cell, and go on in order of their distance, none farther than is allowed", () => {
    for (const { id } of stations) {
      const place = PLACES.get(id)!;
      const [nearest, ...others] = cellsOf(METHODS.nearestValid, id);
      expect(nearest).toMatchObject(cellsOf({ nearestValid: { km: 0.001 } }, id)[0]!);
      const far = others.map((cell) => distanceKm(place.lat, place.lon, cell.lat, cell.lon));
      expect(Math.max(0, ...far)).toBeLessThanOrEqual(expected.km);
      expect(Math.min(0, ...far.map((km, i) => km - (far[i - 1] ?? 0)))).toBeGreaterThan(-1e-5);
    }
  });
});

describe("cells", () => {
  const lat = makeAxis("latitude", [10, 20, 30], "a.nc");
  const globe = makeAxis("longitude", [0, 90, 180, 270], "a.nc");
  const centres = (method: CellsMethod, place: { lat: number; lon: number }, lon = globe) =>
    stationCells(method, { lat, lon }, place).map((cell) => [cell.lat, cell.lon, cell.weight]);

  test("lie on both sides of the seam of a globe, whatever turn the station is given in", () => {
    const across = [
      [20, 0, 0.75],
      [20, 270, 0.25],
    ];
    for (const lon of [-22.5, 337.5]) expect(centres("bilinear", { lat: 20, lon })).toEqual(across);
  });

  test("end where a region does: beyond its last centre, that alone counts", () => {
    const region = makeAxis("longitude", [-10, 0, 10], "a.nc");
    expect(centres("bilinear", { lat: 33, lon: 14 }, region)).toEqual([[30, 10, 1]]);
    expect(centres("bilinear", { lat: 33, lon: -5 }, region)).toEqual([
      [30, 0, 0.5],
      [30, -10, 0.5],
    ]);
  });

  test("of a station at a centre are that one alone", () => {
    expect(centres("bilinear", { lat: 20, lon: 90 })).toEqual([[20, 90, 1]]);
  });

  test("on the rim of a box lie in it, and of coordinates in single precision, too", () => {
    const fine = makeAxis("longitude", Float32Array.of(359.7, 359.8, 359.9), "a.nc");
    expect(centres({ box: { degrees: 0.1 } }, { lat: 20, lon: -0.2 }, fine)).toHaveLength(3);
    expect(centres({ box: { degrees: 10 } }, { lat: 20, lon: 90 })).toEqual([
      [10, 90, 1],
      [20, 90, 1],
      [30, 90, 1],
    ]);
  });

  test("round a pole that lies in a circle are all that are near, whatever their longitude", () => {
    const north = makeAxis("latitude", [70, 85], "a.nc");
    const cells = stationCells({ box: { km: 1000 } }, { lat: north, lon: globe }, { lat: 89, lon: 10 });
    expect(cells.map((cell) => [cell.lat, cell.lon])).toEqual([
      [85, 0],
      [85, 90],
      [85, 180],
      [85, 270],
    ]);
  });

  test("of one axis value are that one", () => {
    const one = makeAxis("longitude", [100], "a.nc");
    expect(centres("bilinear", { lat: 20, lon: 101 }, one)).toEqual([[20, 100, 1]]);
  });

  test("as far as each other go to the larger latitude, then longitude", () => {
    const tens = makeAxis("longitude", [-10, 0, 10], "a.nc");
    const tries = centres({ nearestValid: { km: 1000 } }, { lat: 0, lon: 0 }, tens).map(([, lon]) => lon);
    expect(tries).toEqual([0]);
    const equator = { lat: makeAxis("latitude", [-5, 0, 5], "a.nc"), lon: makeAxis("longitude", [-5, 0, 5], "a.nc") };
    const around = stationCells({ nearestValid: { km: 600 } }, equator, { lat: 0, lon: 0 });
    expect(around.map((cell) => [cell.lat, cell.lon])).toEqual([
      [0, 0],
      [5, 0],
      [0, 5],
      [0, -5],
      [-5, 0],
    ]);
  });
});
