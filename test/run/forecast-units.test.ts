import { expect, test } from "vitest";
import type { GridDescription } from "../../lib/grid/description.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import type { Forecast } from "../../lib/run/forecast.ts";
import { inUnitsOf } from "../../lib/run/forecast-units.ts";
import type { Product } from "../../lib/run/product.ts";

/** Units of the two files, and what the product says instead. */
interface Said {
  readonly archive?: string | undefined;
  readonly forecast?: string | undefined;
  readonly product?: string | undefined;
}

const LEADS = [Date.UTC(2000, 0), Date.UTC(2000, 1)].map((time) => time / 1000);

/** Two leads of two cells, in the units of an archive. */
function joined(said: Said, values: Float32Array | Float64Array = Float32Array.of(1.5, -0, Number.NaN, 0.1)) {
  const grid = { variable: "precip", observations: { key: "precip.nc" }, units: said.archive } as GridDescription;
  const prec = BUILT_IN_PRODUCTS[0]!;
  const product: Product = { ...prec, forecast: { ...prec.forecast, units: said.product } };
  const { key, seconds, units } = { key: "CFSv2.nc", seconds: Float64Array.from(LEADS), units: said.forecast };
  const forecast = { key, seconds, units, values } as Forecast;
  return { forecast, result: () => inUnitsOf(grid, forecast, product) };
}

test.each([
  [{ archive: "mm/day", forecast: "mm/day" }],
  [{ archive: "mm/day", forecast: "kg m-2 d-1" }],
  [{ archive: "mm/month", forecast: "mm month-1" }],
  [{ archive: "degC", forecast: "K" }],
  [{ archive: "index", forecast: "index " }],
  [{ archive: "mm/day", product: "mm/day" }],
])("%j: no value is touched", (said) => {
  const { forecast, result } = joined(said);
  const { forecast: same, converted, warnings } = result();
  expect(same).toBe(forecast);
  expect(converted).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("a value is multiplied in double precision and rounded once to the type that it had", () => {
  const single = joined({ archive: "mm/day", forecast: "kg m-2 s-1" }).result();
  expect(single.converted).toEqual({ from: "kg m-2 s-1", factors: [86_400, 86_400] });
  expect(single.forecast.values).toEqual(
    Float32Array.of(129_600, -0, Number.NaN, Math.fround(Math.fround(0.1) * 86_400)),
  );
  const double = joined({ archive: "K", forecast: "degF" }, Float64Array.of(9, -0.9, 1.8, 0)).result();
  expect(double.forecast.values).toEqual(Float64Array.from([9, -0.9, 1.8, 0], (value) => value * (5 / 9)));
});

test("each lead has the factor of its month", () => {
  const { forecast, converted } = joined(
    { archive: "mm/month", forecast: "mm/day" },
    Float32Array.of(1, 2, 1, 2),
  ).result();
  expect(converted).toEqual({ from: "mm/day", factors: [31, 29] });
  expect(forecast.values).toEqual(Float32Array.of(31, 62, 29, 58));
});

test("a product's word counts in place of an attribute, which is told where they contradict each other", () => {
  const told = joined({ archive: "mm/day", forecast: "mm/d", product: "mm/s" }).result();
  expect(told.converted).toEqual({ from: "mm/s", factors: [86_400, 86_400] });
  expect(told.warnings).toEqual([
    {
      kind: "unitsOverridden",
      message: 'the units of "anom" in CFSv2.nc are mm/d by its attribute and mm/s by the product, whose word counts',
    },
  ]);
  for (const forecast of ["kg m-2 s-1", "kg m2 s-1 of rain", " "]) {
    expect(joined({ archive: "mm/day", forecast, product: "mm/s" }).result().warnings).toEqual([]);
  }
});

test.each([
  [{ archive: "mm/day" }, '"anom" in CFSv2.nc has no units', "forecast.units"],
  [{ archive: "mm/day", forecast: "  " }, '"anom" in CFSv2.nc has no units', "forecast.units"],
  [{ forecast: "mm/day" }, '"precip" in precip.nc has no units', "observations.units"],
  [{}, '"precip" in precip.nc and "anom" in CFSv2.nc have no units', "observations.units and forecast.units"],
])("%j: a warning names what to set", (said, found, fields) => {
  const { forecast, result } = joined(said);
  const { forecast: same, converted, warnings } = result();
  expect(same).toBe(forecast);
  expect(converted).toBeUndefined();
  const message = `${found}: the forecast is joined as it is. Set ${fields} of product "prec"`;
  expect(warnings).toEqual([{ kind: "unitsMissing", message }]);
});

test.each([
  [
    { archive: "degC", forecast: "mm/day" },
    'CFSv2.nc: "anom" is in mm/day and "precip" of precip.nc in degC, which measure different things. If a file says it wrong, set forecast.units or observations.units of product "prec"',
  ],
  [
    { archive: "mm", forecast: "kg m-2 s-1" },
    'CFSv2.nc: "anom" is in kg m-2 s-1 and "precip" of precip.nc in mm, which measure different things. A total of a month is mm/month, and ERA5\'s monthly mean of daily totals m/day, whatever the file says. If a file says it wrong, set forecast.units or observations.units of product "prec"',
  ],
  [
    { archive: "mm/day", forecast: "rain" },
    'CFSv2.nc: "anom" is in rain and "precip" of precip.nc in mm/day, and "rain" is not understood, so that one cannot be converted to the other. Write it as UDUNITS does, such as mm/day, mm/month, kg m-2 s-1, degC, K, m2 s-2. If a file says it wrong, set forecast.units or observations.units of product "prec"',
  ],
  [
    { archive: "mm/day", forecast: "mm/day", product: "K" },
    'CFSv2.nc: "anom" is in K and "precip" of precip.nc in mm/day, which measure different things. If a file says it wrong, set forecast.units or observations.units of product "prec"',
  ],
])("%j is refused", (said, message) => {
  expect(joined(said).result).toThrow(expect.objectContaining({ tag: "BadUnits", message }));
});
