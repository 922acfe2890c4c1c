import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isInputError } from "../../lib/errors.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { forecastWarnings } from "../../lib/run/forecast-warnings.ts";
import type { Product } from "../../lib/run/product.ts";
import { timeText } from "../../lib/time.ts";
import { openUntilEnd } from "../support/classic.ts";

/** Files in the layouts that are published, with what xarray, cftime and pandas read in them: make-layouts.py makes both. */
const LAYOUTS = join(import.meta.dirname, "../fixtures/layouts");

/** What a product takes of a file, and what comes of it: see make-layouts.py. */
interface Case {
  readonly as: "forecast" | "observations";
  readonly variable: string;
  readonly select?: Product["forecast"]["select"];
  /** A part of the error's message. */
  readonly refused?: string;
}

const prec = BUILT_IN_PRODUCTS[0]!;

function read(dataset: Dataset, { as, variable, select = {} }: Case) {
  if (as === "observations") {
    const { seconds } = describeGrid(
      dataset,
      { variable, firstMonth: "1900-01", baseline: [1981, 2026], minYears: 1 },
      "etag",
    );
    return { as, variable, times: seconds.map(timeText) };
  }
  const product: Product = { ...prec, forecast: { pattern: "*", variable, select } };
  try {
    const forecast = readForecast(dataset, product);
    const { initial, seconds, values } = forecast;
    return {
      as,
      variable,
      select,
      times: Array.from(seconds, timeText),
      values: Array.from(values),
      issued: initial === undefined ? null : timeText(initial).slice(0, 10).replaceAll("-", ""),
      monthly: !forecastWarnings(forecast).some(({ kind }) => kind === "forecastNotMonthly"),
    };
  } catch (error) {
    if (isInputError(error)) return { as, variable, select, refused: error.message };
    throw error;
  }
}

describe.each(readdirSync(LAYOUTS).filter((name) => name.endsWith(".nc")))("%s", (name) => {
  const text = readFileSync(join(LAYOUTS, name.replace(/nc$/, "expected.json")), "utf8");
  const cases = (JSON.parse(text) as Case[]).map((each) => [JSON.stringify(each.select ?? each.as), each] as const);

  test.each(cases)("%s", async (_, { refused, ...rest }) => {
    const dataset = await openUntilEnd(join(LAYOUTS, name), name);
    expect({ refused: "", ...read(dataset, rest) }).toEqual({
      ...rest,
      refused: expect.stringContaining(refused ?? ""),
    });
  });
});
