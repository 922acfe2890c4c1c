import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { describeGrid } from "../../lib/grid/description.ts";
import { readNormals } from "../../lib/grid/normals.ts";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { findProduct, type Product } from "../../lib/run/product.ts";
import { openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden } from "../support/golden.ts";

interface Hint {
  readonly name: string;
  /** `values`: some of its values are read. */
  readonly role: "observations" | "climatology" | "forecast" | "values";
  readonly select?: Product["forecast"]["select"];
  readonly tag: string;
  /** That make-hints.py ran. */
  readonly command: string;
}

const variable = "tas";

function openZipped(name: string): Promise<Dataset> {
  const path = join(temporaryFolder(), "in.nc");
  writeFileSync(path, gunzipSync(readFileSync(fixture(`hints/${name}.nc.gz`))));
  return openUntilEnd(path, "in.nc");
}

const describeArchive = (dataset: Dataset) =>
  describeGrid(dataset, { variable, firstMonth: "2000-01", baseline: [2000, 2000] }, "etag");

/** How many values or months a product has of a file. */
async function use({ name, role, select = {} }: Hint, part: "before" | "after"): Promise<number> {
  const dataset = await openZipped(`${name}.${part}`);
  if (role === "observations") return describeArchive(dataset).seconds.length;
  if (role === "values") {
    return dataset.readRaw(
      variable,
      dataset.variables.get(variable)!.shape.map((size, i) => [0, i === 0 ? 1 : size]),
    ).length;
  }
  if (role === "climatology") {
    return readNormals(dataset, variable, describeArchive(await openZipped("observations"))).length;
  }
  const product = findProduct(BUILT_IN_PRODUCTS, "prec");
  return readForecast(dataset, { ...product, forecast: { ...product.forecast, variable, select } }).seconds.length;
}

describe("the command that a refused file is told makes a file that is read", () => {
  test.each(golden<Hint[]>("hints/hints.expected.json"))("$name", async (hint) => {
    const { tag, command } = hint;
    await expect(use(hint, "before")).rejects.toMatchObject({ tag, message: expect.stringContaining(`: ${command}`) });
    expect(await use(hint, "after")).toBeGreaterThan(0);
  });
});
