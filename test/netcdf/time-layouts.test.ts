import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeGrid } from "../../lib/grid/description.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { asObservations } from "../../lib/run/observations.ts";
import { findProduct } from "../../lib/run/product.ts";
import { type ClassicAttributes, type ClassicVariable, writeClassic } from "../../lib/sample/classic-writer.ts";
import { timeText } from "../../lib/time.ts";
import { openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";

const DAYS = { units: "days since 2000-01-01" };
const START: ClassicAttributes = { ...DAYS, standard_name: "forecast_reference_time" };
const VALID: ClassicAttributes = { ...DAYS, standard_name: "time" };

const variable = (
  name: string,
  dimensions: readonly string[],
  values: readonly number[],
  attributes: ClassicAttributes,
): ClassicVariable => ({ name, dimensions, attributes, values: Float64Array.from(values) });

/** A file with "anom" along these dimensions of three, if any, and two latitudes and three longitudes. */
function open(dimensions: readonly string[], times: readonly ClassicVariable[], attributes: ClassicAttributes = {}) {
  const values = Float32Array.from({ length: 6 * 3 ** dimensions.length }, (_, i) => i);
  const bytes = writeClassic({
    dimensions: [
      ...dimensions.map((name) => ({ name, size: 3, unlimited: false })),
      { name: "lat", size: 2, unlimited: false },
      { name: "lon", size: 3, unlimited: false },
    ],
    attributes: {},
    variables: [
      variable("lat", ["lat"], [0, 1], { units: "degrees_north" }),
      variable("lon", ["lon"], [0, 1, 2], { units: "degrees_east" }),
      ...times,
      { name: "anom", dimensions: [...dimensions, "lat", "lon"], attributes: { units: "K", ...attributes }, values },
    ],
  });
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, bytes);
  return openUntilEnd(path, "a.nc");
}

const request = { variable: "anom", firstMonth: "2000-01", baseline: [2000, 2000] } as const;
const product = findProduct(BUILT_IN_PRODUCTS, "prec");
const months = (...days: string[]) => days.map((day) => `${day} 00:00:00`);

const hours = variable("step", ["step"], [24, 48, 72], { units: "hours" });
const quarter = (name: string, along: string) => variable(name, [along], [31, 60, 91], VALID);
const leads = variable("leadtime", ["leadtime"], [0, 1, 2], { units: "months" });

describe.each<[string, readonly string[], readonly ClassicVariable[], string[]]>([
  ["one time", [], [variable("time", [], [31], DAYS)], months("2000-02-01")],
  ["one time of another name", [], [variable("when", [], [31], VALID)], months("2000-02-01")],
  [
    "one start and one lead",
    [],
    [
      variable("reftime", [], [0], START),
      variable("leadtime", [], [1], { units: "months", standard_name: "forecast_period" }),
    ],
    months("2000-02-01"),
  ],
  [
    "step with valid_time(step)",
    ["step"],
    [hours, quarter("valid_time", "step"), variable("time", [], [0], START)],
    [],
  ],
  ["a dimension without a variable", ["record"], [quarter("time", "record")], []],
  [
    "leadtime after reftime",
    ["leadtime"],
    [leads, variable("reftime", [], [0], DAYS)],
    months("2000-01-01", "2000-02-01", "2000-03-01"),
  ],
])("a file with %s", (_, dimensions, times, expected) => {
  const dates = expected.length > 0 ? expected : months("2000-02-01", "2000-03-01", "2000-04-01");

  test("is a forecast of these times", async () => {
    const forecast = { ...product.forecast, variable: "anom" };
    const { seconds } = readForecast(await open(dimensions, times), { ...product, forecast });
    expect(Array.from(seconds, timeText)).toEqual(dates);
  });

  test.runIf(dimensions.length > 0)("is an archive of these times", async () => {
    const dataset = asObservations(await open(dimensions, times), request);
    expect(describeGrid(dataset, request, "etag").seconds.map(timeText)).toEqual(dates);
  });
});
