import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import type { Product } from "../../lib/run/product.ts";
import { readNamed } from "./places.ts";
import { calledFile } from "./stdin.ts";

/**
 * The products of a `products.json`, or the built-in ones.
 *
 * @param file - a path, or `s3://bucket/key`
 * @throws InputError `BadProduct`; `FileNotFound` and others as {@link readNamed}
 */
export async function loadProducts(file: string | undefined): Promise<readonly Product[]> {
  if (file === undefined) return BUILT_IN_PRODUCTS;
  const text = new TextDecoder().decode(await readNamed(file));
  // Loaded late: most runs have no such file, and what checks it takes a while to load.
  const { parseProducts } = await import("../../lib/run/product-file.ts");
  return parseProducts(text, calledFile(file));
}
