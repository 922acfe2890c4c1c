import { expect, test } from "vitest";
import { makeAxis } from "../../lib/grid/axis.ts";
import type { Forecast } from "../../lib/run/forecast.ts";
import { meanOfForecasts } from "../../lib/run/forecast-mean.ts";

/** A forecast of one lead on two cells. */
function forecast(values: Forecast["values"], changes: Partial<Forecast> = {}): Forecast {
  return {
    key: "new.nc",
    seconds: Float64Array.of(86_400),
    moved: 0,
    allSeconds: Float64Array.of(86_400),
    initial: undefined,
    lat: makeAxis("latitude", Float64Array.of(10), "new.nc", "lat"),
    lon: makeAxis("longitude", Float64Array.of(20, 30), "new.nc", "lon"),
    values,
    units: "K",
    attributes: { climatoloy_period: "1999-2010" },
    ...changes,
  };
}

test("what is missing in one is left out, and what is missing in all is missing", () => {
  const { values } = meanOfForecasts([
    forecast(Float32Array.of(1, Number.NaN)),
    forecast(Float32Array.of(Number.NaN, Number.NaN)),
    forecast(Float32Array.of(4, Number.NaN)),
  ]);
  expect(values).toEqual(Float32Array.of(2.5, Number.NaN));
});

test("the sum is of doubles, and rounded once: to float32 where all are", () => {
  const big = forecast(Float32Array.of(2 ** 24, 0));
  const one = forecast(Float32Array.of(1, 0));
  // In float32 either one would be lost.
  expect(meanOfForecasts([big, one, one]).values).toEqual(Float32Array.of(Math.fround((2 ** 24 + 2) / 3), 0));
  const double = forecast(Float64Array.of(0.1, 0));
  expect(meanOfForecasts([one, double]).values).toEqual(Float64Array.of(0.55, 0));
});

const values = Float32Array.of(1, 2);
test.each([
  ["BadTime", "times", { seconds: Float64Array.of(172_800) }],
  ["BadAxis", "latitudes", { lat: makeAxis("latitude", Float64Array.of(11), "old.nc", "lat") }],
  ["BadAxis", "longitudes", { lon: makeAxis("longitude", Float64Array.of(30, 40), "old.nc", "lon") }],
  ["BadUnits", "units", { units: "degC" }],
  ["BadBaseline", "base years", { attributes: { climatoloy_period: "1991-2020" } }],
])("one is refused (%s) that has other %s", (tag, what, changes) => {
  const old = forecast(values, { key: "old.nc", ...changes });
  const message = `old.nc: has other ${what} than new.nc, so that there is no mean of both. Take it away from there, or leave forecast.initialisations out of the product`;
  expect(() => meanOfForecasts([forecast(values), old])).toThrow(expect.objectContaining({ tag, message }));
  expect(() => meanOfForecasts([old, old])).not.toThrow();
});
