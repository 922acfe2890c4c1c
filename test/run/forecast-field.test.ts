import { expect, test } from "vitest";
import { makeAxis } from "../../lib/grid/axis.ts";
import { unpackNumbers } from "../../lib/packed-numbers.ts";
import type { Forecast } from "../../lib/run/forecast.ts";
import { forecastField } from "../../lib/run/forecast-field.ts";

/** One lead of a forecast of the globe, with the value of a function in every cell. */
function madeForecast(degrees: number, valueAt: (lat: number, lon: number) => number, leads = 1): Forecast {
  const lats = Array.from({ length: 180 / degrees }, (_, i) => 90 - degrees * (i + 0.5));
  const lons = Array.from({ length: 360 / degrees }, (_, i) => degrees * (i + 0.5));
  const values = lats.flatMap((lat) => lons.map((lon) => valueAt(lat, lon)));
  return {
    key: "made.nc",
    seconds: new Float64Array(leads),
    moved: 0,
    allSeconds: new Float64Array(leads),
    initial: undefined,
    lat: makeAxis("latitude", lats, "made.nc"),
    lon: makeAxis("longitude", lons, "made.nc"),
    values: Float32Array.from(Array.from({ length: leads }, () => values).flat()),
    units: "mm/day",
    attributes: {},
  };
}

const valuesOf = (text: string, step: number) =>
  unpackNumbers(text).map((code) => (code === 0 ? Number.NaN : (code > 0 ? code - 1 : code) * step));

test("has the cells of the region that the stations are in, rounded, from west to east across the antimeridian", () => {
  const forecast = madeForecast(2, (lat, lon) => (lat === 1 && lon === 181 ? Number.NaN : (lat + lon) / 100));
  const field = forecastField(forecast, [
    { lat: -1, lon: 178 },
    { lat: 4, lon: -176 },
  ])!;
  expect(field.lat).toEqual([7, 5, 3, 1, -1, -3]);
  expect(field.lon).toEqual([175, 177, 179, 181, 183, 185, 187]);
  const values = valuesOf(field.leads[0]!, field.step);
  expect(values.length).toBe(42);
  const expected = field.lat.flatMap((lat) => field.lon.map((lon) => (lat + lon) / 100));
  expect(values[3 * 7 + 3]).toBeNaN();
  const wrong = values.filter((value, i) => Math.abs(value - expected[i]!) > field.step / 2 + 1e-6);
  expect(wrong).toEqual([]);
  expect(values.filter(Number.isNaN).length).toBe(1);
  expect(field.step).toBeLessThan(0.02);
});

test("has means of squares of cells where there are more than a map shows, and few bytes", () => {
  const world = [0, 90, 180, 270].map((lon) => ({ lat: lon === 0 ? -80 : 80, lon }));
  const field = forecastField(
    madeForecast(1, (lat, lon) => (lon < 180 ? lat : lat - 0.3), 12),
    world,
  )!;
  expect(field.lat.length * field.lon.length).toBeLessThanOrEqual(2000);
  expect(field.lat.length * field.lon.length).toBeGreaterThan(1000);
  expect(JSON.stringify(field).length).toBeLessThan(70_000);
  const values = valuesOf(field.leads[11]!, field.step);
  const middle = Math.floor(field.lat.length / 3) * field.lon.length;
  expect(Math.abs(values[middle]! - field.lat[Math.floor(field.lat.length / 3)]!)).toBeLessThan(field.step + 0.3);
});

test("is none where all is missing, or one row is all there is", () => {
  const stations = [{ lat: 10, lon: 20 }];
  expect(
    forecastField(
      madeForecast(2, () => Number.NaN),
      stations,
    ),
  ).toBeUndefined();
  expect(
    forecastField(
      madeForecast(180, () => 1),
      stations,
    ),
  ).toBeUndefined();
});
