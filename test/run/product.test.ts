import { expect, test } from "vitest";
import { BUILT_IN_PRODUCTS, defaultProduct } from "../../lib/run/built-in-products.ts";
import { findProduct, matchesForecast } from "../../lib/run/product.ts";
import { parseProducts, productSchema } from "../../lib/run/product-file.ts";
import { RIGHT_FORM } from "../../lib/run/product-problems.ts";

const temp = {
  name: "temp",
  observations: { key: "observations/air.nc", variable: "air", firstMonth: "1979-01", baseline: [1991, 2020] },
  forecast: { pattern: "CFSv2.T2m.*.nc", variable: "anom" },
  series: { column: "temp_ano", suffix: "temp" },
};
const parse = (value: unknown) => parseProducts(JSON.stringify(value), "products.json");

test("what a product leaves out has the seed's values", () => {
  const [first, second] = parse({ products: [temp] });
  expect(first).toMatchObject({
    forecast: { select: {} },
    series: { key: "{product}/{forecast}/{run}/{station}.{suffix}.csv", gapRow: "0.0", missing: "0.0" },
  });
  expect(second).toBe(BUILT_IN_PRODUCTS[0]);
});

test("what is built in is a product like any other", () => {
  expect(BUILT_IN_PRODUCTS.map((product) => productSchema.parse(product))).toEqual(BUILT_IN_PRODUCTS);
});

test("a product of the same name takes the built-in one's place", () => {
  const products = parse({ products: [{ ...temp, name: "prec" }] });
  expect(products.map((p) => [p.name, p.observations.variable])).toEqual([
    ["prec", "air"],
    ["t2m-giss", "air"],
    ["t2m-era5", "t2m"],
  ]);
});

test.each([
  ["PREC", { ...temp, name: "../x" }, "a letter, then letters"],
  ["first month", { ...temp, observations: { ...temp.observations, firstMonth: "1979-13" } }, "a month as YYYY-MM"],
  [
    "baseline",
    { ...temp, observations: { ...temp.observations, baseline: [2010, 1981] } },
    "must have its first year not after its last",
  ],
  [
    "unknown word",
    { ...temp, colour: "red" },
    "products[0].colour is no field. Valid choices: name, grid, observations, forecast, series",
  ],
  ["column", { ...temp, series: { ...temp.series, column: "=cmd()" } }, "a letter or _"],
  ["missing text", { ...temp, series: { ...temp.series, missing: "a,b" } }, "text without comma"],
  ["no station", { ...temp, series: { ...temp.series, key: "{run}.csv" } }, "must hold {station}"],
  ["no run", { ...temp, series: { ...temp.series, key: "x/{forecast}/{station}.csv" } }, "must hold {run}"],
  ["prefix", { ...temp, series: { ...temp.series, key: "prec/{run}/{station}" } }, "must begin with {product}/"],
  ["reserved name", { ...temp, name: "Runs" }, "must be another word than runs, grids, index"],
  ["backslash", { ...temp, series: { ...temp.series, key: "a\\{run}/{station}" } }, "no backslash"],
  ["hidden folder", { ...temp, series: { ...temp.series, key: ".x/{run}/{station}" } }, "begins with a dot"],
  ["escape", { ...temp, series: { ...temp.series, key: "../{run}/{station}" } }, "begins with a dot"],
  [
    "base of what is no anomaly",
    { ...temp, observations: { ...temp.observations, base: [1951, 1980] } },
    'products[0].observations.base is [1951,1980]: it must be left out, or observations.kind be "anomaly"',
  ],
  [
    "climatology of what is an anomaly already",
    { ...temp, observations: { ...temp.observations, kind: "anomaly", climatology: { key: "x", variable: "y" } } },
    'products[0].observations.climatology is {"key":"x","variable":"y"}: it must be left out where observations.kind is "anomaly"',
  ],
  [
    "method",
    { ...temp, series: { ...temp.series, method: { box: { miles: 3 } } } },
    'products[0].series.method is {"box":{"miles":3}}: it must be "nearest", "bilinear", { "nearestValid": { "km": 100 } }, { "box": { "km": 100 } } or { "box": { "degrees": 1 } }, of at most 1000 km or 10 degrees',
  ],
  ["method's word", { ...temp, series: { ...temp.series, method: "linear" } }, 'must be "nearest", "bilinear", {'],
  [
    "distance",
    { ...temp, series: { ...temp.series, method: { box: { degrees: 11 } } } },
    "series.method.box.degrees is 11: it must be 10 or less",
  ],
  ["other word", { ...temp, series: { ...temp.series, key: "{run}/{station}/{x}" } }, "no words in {} but"],
])("a wrong %s is refused by name", (_, product, problem) => {
  expect(() => parse({ products: [product] })).toThrow(
    expect.objectContaining({ tag: "BadProduct", message: expect.stringContaining(problem) }),
  );
});

test.each(["nearest", "bilinear", { nearestValid: { km: 100 } }, { box: { km: 1000 } }, { box: { degrees: 0.5 } }])(
  "the method %j is taken",
  (method) => {
    const [product] = parse({ products: [{ ...temp, series: { ...temp.series, method } }] });
    expect(product!.series.method).toEqual(method);
  },
);

test("a file that is no JSON, empty or with a name twice is refused", () => {
  expect(() => parseProducts("{", "products.json")).toThrow(/^products\.json: is not JSON: .*position 1/);
  expect(parseProducts(`\uFEFF${JSON.stringify({ products: [temp] })}`, "products.json")).toEqual(
    parse({ products: [temp] }),
  );
  expect(() => parse({ products: [temp, { ...temp, name: "TEMP" }] })).toThrow('has two products named "temp"');
  expect(() => parse({ products: [] })).toThrow(expect.objectContaining({ tag: "BadProduct" }));
  expect(() => parse({ products: [temp, temp] })).toThrow('has two products named "temp"');
});

test("what is right is shown as it can be written", () => {
  expect(parse(RIGHT_FORM).map(({ name }) => name)).toEqual(["temp", ...BUILT_IN_PRODUCTS.map(({ name }) => name)]);
});

const { name: _, ...nameless } = temp;
const [{ observations: right }] = RIGHT_FORM.products as [(typeof RIGHT_FORM.products)[0]];
test.each([
  ["", "is empty. The right form: {"],
  ["{ products: [] }", "is not JSON: "],
  [[temp], "is a list. The right form: {"],
  [temp, 'is a product, and not a list of products: put it into { "products": [ … ] }. The right form: {'],
  [{}, "products is missing: it must be a list. The right form: {"],
  [{ product: [temp] }, 'product is no field: did you mean "products"?'],
  [{ products: temp }, "products is {"],
  [{ products: [nameless] }, 'products[0].name is missing: it must be a text, such as "name": "temp"'],
  [{ products: [{ ...temp, forcast: 1 }] }, 'products[0].forcast is no field: did you mean "forecast"?'],
  [{ products: [{ ...temp, Series: 1 }] }, 'products[0].Series is no field: did you mean "series"?'],
  [
    { products: [{ ...temp, firstMonth: "1979-01" }] },
    "products[0].firstMonth is no field there: it is one of observations",
  ],
  [
    { products: [{ ...temp, observations: { ...right, baseline: "1991-2020" } }] },
    'products[0].observations.baseline is "1991-2020": it must be a first and a last year, such as "baseline": [1991, 2020]',
  ],
  [
    { products: [{ ...temp, observations: { ...right, variable: 5 } }] },
    'products[0].observations.variable is 5: it must be a text, such as "variable": "air"',
  ],
  [
    { products: [temp, { ...temp, name: "x", series: { column: "a", suffix: "b", expect: { usable: 90 } } }] },
    "products[1].series.expect.usable is 90: it must be 1 or less",
  ],
])("%j is told what is right", (value, problem) => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  expect(() => parseProducts(text, "products.json")).toThrow(
    expect.objectContaining({ tag: "BadProduct", message: expect.stringContaining(problem) }),
  );
});

test.each([
  ["what is built in", BUILT_IN_PRODUCTS, "prec"],
  ["the only one that is defined", parse({ products: [temp] }), "temp"],
  ["of several the one called prec", parse({ products: [temp, { ...temp, name: "prec" }] }), "prec"],
])("where no product is named, it is %s", (_what, products, name) => {
  expect(defaultProduct(products)).toBe(products.find((product) => product.name === name));
});

test("where no product is named, and several are defined, none is guessed", () => {
  const products = parse({ products: [temp, { ...temp, name: "snow" }] });
  const message =
    "several products are defined, and none is called prec. Valid choices: temp, snow. Name the one to make as the product";
  expect(() => defaultProduct(products)).toThrow(expect.objectContaining({ tag: "BadProduct", message }));
});

test("an unknown product is answered with the known ones", () => {
  expect(() => findProduct(BUILT_IN_PRODUCTS, "snow")).toThrow(
    'there is no product "snow". Valid choices: prec, t2m-giss, t2m-era5.',
  );
  expect(findProduct(BUILT_IN_PRODUCTS, "prec").series.column).toBe("prec_ano");
});

test.each([
  ["forecasts/CFSv2.Prec.20200625.202008.nc", true],
  ["CFSv2.Prec.nc", true],
  ["forecasts/CFSv2.Prec. 预报+1.nc", true],
  ["forecasts/CFSv2xPrec.nc", false],
  ["CFSv2.Prec.x/other.nc", false],
  ["CFSv2.Prec.20200625.202008.nc.tmp", false],
])("whether %s starts prec: %s", (key, matches) => {
  expect(matchesForecast(BUILT_IN_PRODUCTS[0]!, key)).toBe(matches);
});
