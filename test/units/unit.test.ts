import { expect, test } from "vitest";
import { prettyUnits } from "../../lib/units/pretty.ts";
import { unitOf } from "../../lib/units/unit.ts";

test.each([
  "furlong",
  // A wrong m s-1, and no millisecond.
  "ms-1",
  "mm day -1",
  "mm/",
  "/day",
  "mm//day",
  "(mm",
  "mm)",
  "()",
  "",
  "mm^",
  "mm^0.5",
  "kg m-2 s-1 of rain",
  "0 mm",
  "-1",
  "1e400",
  "1e-400",
  "m99",
  "(((1e19)12)12)12",
  "days since 1950-01-01",
  "degrees_north",
  "mmHg",
  "none",
  "unknown",
  "constructor",
  "毫米",
  "mm\u0000",
  "\ud800",
  "m ".repeat(200),
])("%j is not understood", (text) => {
  expect(unitOf(text)).toBeUndefined();
});

test("no text takes long, however it is nested", () => {
  const started = performance.now();
  for (const piece of ["(", "m/", "1 ", "deg ", " per ", "m**", "e+", " of water", "9".repeat(99), "(m)2"]) {
    for (const length of [1, 50, 199, 100_000]) unitOf(piece.repeat(length).slice(0, Math.max(length, 1)));
  }
  // Some milliseconds: only a search without an end would reach this.
  expect(performance.now() - started).toBeLessThan(30_000);
});

test.each([
  ["degC", "°C"],
  ["degrees Celsius", "°C"],
  ["Celsius_scale", "°C"],
  ["degF", "°F"],
  ["degK", "K"],
  ["Kelvin", "K"],
  ["mm/day", "mm/day"],
  ["mm day-1", "mm/day"],
  ["mm d**-1", "mm/day"],
  ["millimeters per day", "mm/day"],
  ["mm/mon", "mm/month"],
  ["kg m-2 s-1", "kg m⁻² s⁻¹"],
  ["kg/m^2/s", "kg m⁻² s⁻¹"],
  ["Kg m**-2 s**-1", "kg m⁻² s⁻¹"],
  ["m s**-1", "m/s"],
  ["m**2 s**-2", "m² s⁻²"],
  ["W/m2", "W m⁻²"],
  ["m of water equivalent", "m"],
  ["hectopascals", "hPa"],
  ["millibar", "mbar"],
  ["gpm", "gpm"],
  ["day-1", "day⁻¹"],
  ["m0 K", "K"],
  ["0.1 mm/day", "0.1 mm/day"],
  ["%", "%"],
  ["1", ""],
  ["fraction", ""],
  ["", ""],
  [" psu ", "psu"],
  ["<b>", "<b>"],
])("%j is shown as %j", (text, shown) => {
  expect(prettyUnits(text)).toBe(shown);
});
