import { describe, expect, test } from "vitest";
import { converter } from "../../lib/units/converter.ts";
import { unitOf } from "../../lib/units/unit.ts";
import { golden } from "../support/golden.ts";

const at = (month: string) => Date.parse(`${month}-15T12:00:00Z`) / 1000;

/** The factor from one unit to another in a month; undefined where there is none, or a text is not understood. */
function factor(from: string, to: string, month = "2001-01"): number | undefined {
  const [a, b] = [unitOf(from), unitOf(to)];
  return a === undefined || b === undefined ? undefined : converter(a, b)?.(at(month));
}

interface Line {
  readonly to: string;
  readonly factors: Readonly<Record<string, number>>;
}

describe("a difference is what UDUNITS says", () => {
  const lines = golden<readonly Line[]>("units/udunits.expected.json");
  test.each(
    lines.flatMap(({ to, factors }) => Object.entries(factors).map(([from, value]) => [from, to, value] as const)),
  )("%j in %j", (from, to, value) => {
    expect(factor(from, to)! / value).toBeCloseTo(1, 12);
    expect(factor(to, from)! * value).toBeCloseTo(1, 12);
  });
});

/** How public archives and forecasts write them, among them spellings that UDUNITS does not know. */
const SPELLINGS: Readonly<Record<string, readonly (readonly [factor: number, spellings: string])[]>> = {
  // CHIRPS, CPC, NMME, PSL, CMIP, E-OBS, ERA5, IRI's data library, WRF, station files.
  "mm/day": [
    [
      1,
      "mm/day|mm day-1|mm d-1|mm/d|mm d**-1|mm day**-1|mm day^-1|mm.day-1|mm day⁻¹|mm per day|mm_per_day|MM/DAY|mm/Day",
    ],
    [1, "millimeters per day|millimetre/day|kg m-2 d-1|kg m-2 day-1|kg/m2/day|kg m**-2 day**-1|mm day^{-1}|  mm/day  "],
    [86_400, "kg m-2 s-1|kg/m^2/s|Kg/m^2/s|kg/m2/s|kg m**-2 s**-1|kg m^-2 s^-1|kg.m-2.s-1|kg m^{-2} s^{-1}|kg m⁻² s⁻¹"],
    [86_400, "mm/s|mm s-1|mm s**-1|mm/sec|mm/second|kg/(m^2 s)|kilogram meter-2 second-1"],
    [86_400_000, "m s-1|m s**-1|m/s|meter second-1|m/s       "],
    [1000, "m/day|m day**-1|m of water equivalent per day|m of water per day|m of water equivalent day-1"],
    [24, "mm/h|mm/hr|mm/hour|mm h-1|mm hr-1|kg m-2 h-1"],
    [25.4, "in/day|inches/day|inch day-1|inches per day"],
    [10, "cm/day|cm d-1"],
    [1 / 31, "mm/month|mm month-1|mm/mon|mm mon-1|mm/mo|mm per month|mm month**-1|kg m-2 month-1|mm/MONTH|mm/months"],
    [1000 / 31, "m/month|m month-1|m of water equivalent per month"],
    [86_400 / 3.15569259747e7, "mm/year|mm yr-1|mm/yr"],
  ],
  m: [
    [1, "m|meter|metres|Meters|M|m of water|m of water equivalent|m of liquid water equivalent|gpm|geopotential_meter"],
    [0.001, "mm|MM|kg m-2|kg m**-2|kg/m2|kg/m^2|mm of water equivalent|millimeter|millimeters|mm water equivalent"],
    [0.01, "cm|CM|centimeters|g cm-2"],
    [0.0254, "in|IN|inch|inches|Inches"],
    [10, "dam|gpdm|gpdam|decametres|10 m"],
  ],
  K: [
    [1, "K|k|kelvin|Kelvin|kelvins|degK|deg_K|deg K|°K|degrees K|degrees Kelvin|degree_Kelvin|Kelvin_scale"],
    [1, "degC|deg_C|deg C|DegC|deg. C|degree_C|degrees_C|degrees C|degreesC|Degrees C|°C|° C|º C|ºC|℃|C|c"],
    [1, "celsius|Celsius|Celsius_scale|degree Celsius|degrees Celsius|degrees celsius|degree_Celsius|degrees_celsius"],
    [1, "deg_Celsius|centigrade|degrees centigrade|degree celcius|DEGC"],
    [5 / 9, "degF|deg_F|°F|F|degrees F|fahrenheit|degrees Fahrenheit|Fahrenheit_scale|℉"],
  ],
  Pa: [
    [1, "Pa|PA|pa|pascal|Pascals|N m-2|N m**-2|kg m-1 s-2"],
    [100, "hPa|HPA|hpa|hectopascals|mb|MB|mbar|millibar|millibars|Millibars"],
  ],
  "m2 s-2": [
    [1, "m2 s-2|m**2 s**-2|m^2/s^2|m2/s2|m²/s²|J kg-1"],
    [9.806_65, "gpm"],
  ],
  fraction: [
    [1, "1|fraction|Fraction|unitless|dimensionless|Proportion|ratio|(0 - 1)|0-1|kg kg**-1|m3 m-3|m**3 m**-3|m3/m3"],
    [0.01, "%|percent|Percent|pct|1e-2"],
    [0.001, "g kg-1|g/kg|1e-3|1.e-3|10^-3"],
  ],
  "W m-2": [
    [1, "W m-2|W/m2|W/m^2|W m**-2|Watt/meter^2|J m-2 s-1|watts per meter2"],
    [1 / 86_400, "J m-2 day-1|J m**-2 day**-1"],
  ],
};

describe.each(Object.entries(SPELLINGS))("in %j", (to, rows) => {
  test.each(rows.flatMap(([value, spellings]) => spellings.split("|").map((from) => [from, value] as const)))(
    "an anomaly of 1 %j is %d",
    (from, value) => {
      expect(factor(from, to)! / value).toBeCloseTo(1, 14);
    },
  );
});

test("what is the same is the same to the last bit, so that no value changes", () => {
  const rates = ["mm/day", "kg m-2 d-1", "kg m**-2 day**-1", "86400 mm day-1 s-1 s", "1e-3 m/day", "mm per day"];
  for (const from of rates) {
    for (const to of rates)
      expect(factor(from, to)).toBe(from === to ? 1 : factor(from, "mm/day")! / factor(to, "mm/day")!);
  }
  for (const [from, to] of [
    ["kg m-2 s-1", "mm/s"],
    ["degC", "K"],
    ["mb", "hPa"],
    ["gpm", "m"],
    ["m of water equivalent", "m"],
    ["kg m-2 month-1", "mm/month"],
  ] as const) {
    expect(factor(from, to)).toBe(1);
    expect(factor(to, from)).toBe(1);
  }
  expect(factor("mm/s", "mm/day")).toBe(86_400);
  expect(factor("degF", "K")).toBe(5 / 9);
});

test.each([
  ["2001-01", 31],
  ["2001-02", 28],
  ["2000-02", 29],
  ["2100-02", 28],
  ["2001-04", 30],
  ["2001-12", 31],
])("%s has %d days", (month, days) => {
  expect(factor("mm/day", "mm/month", month)).toBe(days);
  expect(factor("mm/month", "mm/day", month)).toBe(1 / days);
  expect(factor("kg m-2 s-1", "mm/month", month)).toBe(days * 86_400);
});

test("the month of a time is the one in UTC, from its first to its last second", () => {
  const perMonth = converter(unitOf("mm/day")!, unitOf("mm/month")!)!;
  const [first, next] = [Date.parse("2000-02-01T00:00:00Z") / 1000, Date.parse("2000-03-01T00:00:00Z") / 1000];
  expect([first - 1, first, next - 1, next].map(perMonth)).toEqual([31, 29, 29, 31]);
});

test.each([
  ["mm/day", "degC"],
  ["mm", "mm/day"],
  ["m", "m s**-1"],
  ["mm/month", "mm"],
  ["m2 s-2", "m"],
  ["kg m-3", "1"],
  ["K", "%"],
  ["Pa", "m"],
  ["kg m-2", "kg"],
  ["m/s2", "m/month"],
  ["K", "K/day"],
])("%j and %j measure different things", (from, to) => {
  expect(unitOf(from)).toBeDefined();
  expect(unitOf(to)).toBeDefined();
  expect(factor(from, to)).toBeUndefined();
  expect(factor(to, from)).toBeUndefined();
});
