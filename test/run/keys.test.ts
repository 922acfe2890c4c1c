import { expect, test } from "vitest";
import { seriesKeys } from "../../lib/run/keys.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/product.ts";

const prec = BUILT_IN_PRODUCTS[0]!;

test("a station's key is the product's, with its words filled in", () => {
  expect(seriesKeys(prec, "20200625.202008")("54511")).toBe("prec/20200625.202008/54511.prec.csv");
  const key = "{suffix}/{station}/{product}-{forecast}-{station}";
  const product = { ...prec, series: { ...prec.series, key, suffix: "mm" } };
  expect(seriesKeys(product, "f")("1")).toBe("mm/1/prec-f-1");
});

test("words are filled in once: those within a forecast's name stay", () => {
  expect(seriesKeys(prec, "$&")("{forecast}")).toBe("prec/$&/{forecast}.prec.csv");
});
