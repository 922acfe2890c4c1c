import { expect, test } from "vitest";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { earlierKeys, missingWarnings } from "../../lib/run/initialisations.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";

const prec = BUILT_IN_PRODUCTS[0]!;
const averaging = (last: number, within: string): Product => ({
  ...prec,
  forecast: { ...prec.forecast, initialisations: { last, within } },
});
const key = (day: string, target = "202008", end = "nc") => `forecasts/CFSv2.Prec.${day}.${target}.${end}`;

test("months and years end between the days of issue", () => {
  const keys = ["20191231", "20200228", "20200229", "20200301"].map((day) => key(day, "202004"));
  expect(earlierKeys(averaging(9, "2 days"), keys[3]!, keys)).toEqual([keys[2], keys[1]]);
  expect(earlierKeys(averaging(9, "61 days"), keys[3]!, keys)).toEqual([keys[2], keys[1], keys[0]]);
  expect(earlierKeys(averaging(2, "61 days"), keys[3]!, keys)).toEqual([keys[2]]);
});

test("of one day there is one file", () => {
  const keys = [key("20200624"), key("20200624", "202008", "nc.gz"), key("20200625")];
  const gz = { ...averaging(9, "9 days"), forecast: { ...averaging(9, "9 days").forecast, pattern: "CFSv2.Prec*" } };
  expect(earlierKeys(gz, keys[2]!, keys)).toEqual([keys[0]]);
});

test.each([
  [["20200625", "20200624", "20200623"], 3, []],
  [["20200625", "20200624", "20200622"], 3, ["2020-06-22 to 2020-06-25; there is none of 2020-06-23"]],
  [["20200625", "20200624"], 3, ["of 2 initialisations, and not of 3, issued 2020-06-24 to 2020-06-25"]],
  // What is issued once a week is missed once a week.
  [["20200625", "20200618", "20200611"], 3, []],
  [["20200625", "20200618", "20200604"], 3, ["there is none of 2020-06-11"]],
  [
    ["20200701", "20200630", "20200620"],
    3,
    ["there is none of 2020-06-21, 2020-06-22, 2020-06-23, 2020-06-24, 2020-06-25, 2020-06-26 and 3 more"],
  ],
])("of %j, %i are asked for", (days, last, parts) => {
  const warnings = missingWarnings(days, last);
  expect(warnings.map(({ kind }) => kind)).toEqual(parts.map(() => "initialisationsMissing"));
  for (const [i, part] of parts.entries()) expect(warnings[i]!.message).toContain(part);
});

test.each([
  [{ last: 1, within: "15 days" }, "products[0].forecast.initialisations.last is 1: it must be 2 or more"],
  [
    { last: 10, within: "2 weeks" },
    'products[0].forecast.initialisations.within is "2 weeks": it must be a number of days, such as "15 days"',
  ],
  [
    { last: 10, within: "1 day", first: 3 },
    "products[0].forecast.initialisations.first is no field. Valid choices: last, within",
  ],
])("%j is told what is right", (initialisations, problem) => {
  const product = { ...prec, forecast: { ...prec.forecast, initialisations } };
  expect(() => parseProducts(JSON.stringify({ products: [product] }), "products.json")).toThrow(problem);
});

test("a product of hindcasts has no mean of several starts", () => {
  const climatology = { key: "observations/hindcasts.nc" };
  const product = { ...prec, forecast: { ...averaging(10, "15 days").forecast, climatology } };
  expect(() => parseProducts(JSON.stringify({ products: [product] }), "products.json")).toThrow(
    "products[0].forecast.initialisations is",
  );
});
