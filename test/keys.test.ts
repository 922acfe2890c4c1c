import { expect, test } from "vitest";
import { ANY, keys, runOfClaim, runOfEntry } from "../lib/keys.ts";
import { BUILT_IN_PRODUCTS } from "../lib/run/built-in-products.ts";
import { seriesKeysOf } from "../lib/run/product.ts";

const prec = BUILT_IN_PRODUCTS[0]!;

test("a station's key is the product's, with its words filled in", () => {
  expect(seriesKeysOf(prec, { forecast: "20200625.202008", run: "0123" })("54511")).toBe(
    "prec/20200625.202008/0123/54511.prec.csv",
  );
  const key = "{suffix}/{station}/{product}-{forecast}-{run}-{station}";
  const product = { ...prec, series: { ...prec.series, key, suffix: "mm" } };
  expect(seriesKeysOf(product, { forecast: "f", run: "r" })("1")).toBe("mm/1/prec-f-r-1");
});

test("words are filled in once: those within a forecast's name stay", () => {
  expect(seriesKeysOf(prec, { forecast: "$&", run: "r" })("{forecast}")).toBe("prec/$&/r/{forecast}.prec.csv");
});

test("with any id, a key is the pattern of all such keys", () => {
  expect(keys.chunk(ANY, ANY)).toBe("runs/*/chunks/*.json");
  expect(keys.grid(ANY, ANY)).toBe("grids/*/*");
});

test("a run is told by its claim's key, and by no other", () => {
  expect(runOfClaim(keys.claim("prec-f-0123456789ab"))).toBe("prec-f-0123456789ab");
  for (const key of [keys.manifest("r"), "runs/claim.json", "runs/r/chunks/claim.json"]) {
    expect(runOfClaim(key)).toBeUndefined();
  }
});

test("an entry of the index is told by its key: the run, and when it ended", () => {
  const key = keys.indexEntry("prec-20200625.202008-0123456789ab", "20200630T123457");
  expect(runOfEntry(key)).toEqual({ runId: "prec-20200625.202008-0123456789ab", ended: "20200630T123457" });
  for (const other of [keys.manifest("r"), "index/r.json", "index/notes.txt", keys.indexEntry("a/b", "x")]) {
    expect(runOfEntry(other)).toBeUndefined();
  }
});
