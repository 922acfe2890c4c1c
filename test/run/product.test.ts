import { expect, test } from "vitest";
import { BUILT_IN_PRODUCTS, findProduct, matchesForecast } from "../../lib/run/product.ts";
import { parseProducts, productSchema } from "../../lib/run/product-file.ts";

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
    series: { key: "{product}/{forecast}/{station}.{suffix}.csv", gapRow: "0.0", missing: "0.0" },
  });
  expect(second).toBe(BUILT_IN_PRODUCTS[0]);
});

test("what is built in is a product like any other", () => {
  expect(BUILT_IN_PRODUCTS.map((product) => productSchema.parse(product))).toEqual(BUILT_IN_PRODUCTS);
});

test("a product of the same name takes the built-in one's place", () => {
  const products = parse({ products: [{ ...temp, name: "prec" }] });
  expect(products.map((p) => [p.name, p.observations.variable])).toEqual([["prec", "air"]]);
});

test.each([
  ["PREC", { ...temp, name: "../x" }, "a letter, then letters"],
  ["first month", { ...temp, observations: { ...temp.observations, firstMonth: "1979-13" } }, "a month as YYYY-MM"],
  ["baseline", { ...temp, observations: { ...temp.observations, baseline: [2010, 1981] } }, "not after its last"],
  ["unknown word", { ...temp, colour: "red" }, 'Unrecognized key: "colour"'],
  ["column", { ...temp, series: { ...temp.series, column: "=cmd()" } }, "a letter or _"],
  ["missing text", { ...temp, series: { ...temp.series, missing: "a,b" } }, "text without comma"],
  ["no station", { ...temp, series: { ...temp.series, key: "{forecast}.csv" } }, "the key holds {station}"],
  ["no forecast", { ...temp, series: { ...temp.series, key: "x/{station}.csv" } }, "the key holds {forecast}"],
  ["prefix", { ...temp, series: { ...temp.series, key: "prec/{forecast}/{station}" } }, "begins with {product}/"],
  ["reserved name", { ...temp, name: "Runs" }, "runs and grids are folders of their own"],
  ["backslash", { ...temp, series: { ...temp.series, key: "a\\{forecast}/{station}" } }, "no backslash"],
  ["hidden folder", { ...temp, series: { ...temp.series, key: ".x/{forecast}/{station}" } }, "begins with a dot"],
  ["escape", { ...temp, series: { ...temp.series, key: "../{forecast}/{station}" } }, "begins with a dot"],
  ["other word", { ...temp, series: { ...temp.series, key: "{forecast}/{station}/{x}" } }, "words in {} are"],
])("a wrong %s is refused by name", (_, product, problem) => {
  expect(() => parse({ products: [product] })).toThrow(
    expect.objectContaining({ tag: "BadProduct", message: expect.stringContaining(problem) }),
  );
});

test("a file that is no JSON, empty or with a name twice is refused", () => {
  expect(() => parseProducts("{", "products.json")).toThrow(/^products\.json: is not JSON: .*position 1/);
  expect(parseProducts(`\uFEFF${JSON.stringify({ products: [temp] })}`, "products.json")).toHaveLength(2);
  expect(() => parse({ products: [temp, { ...temp, name: "TEMP" }] })).toThrow('has two products named "temp"');
  expect(() => parse({ products: [] })).toThrow(expect.objectContaining({ tag: "BadProduct" }));
  expect(() => parse({ products: [temp, temp] })).toThrow('has two products named "temp"');
});

test("an unknown product is answered with the known ones", () => {
  expect(() => findProduct(BUILT_IN_PRODUCTS, "snow")).toThrow('there is no product "snow". Valid choices: prec.');
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
