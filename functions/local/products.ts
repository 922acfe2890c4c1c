import { readFile } from "node:fs/promises";
import { InputError, messageOf } from "../../lib/errors.ts";
import { BUILT_IN_PRODUCTS, type Product } from "../../lib/run/product.ts";

/** The products of a `products.json`, or the built-in ones. @throws InputError `FileNotFound`, `BadProduct` */
export async function loadProducts(file: string | undefined): Promise<readonly Product[]> {
  if (file === undefined) return BUILT_IN_PRODUCTS;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new InputError("FileNotFound", `cannot be read: ${messageOf(cause)}`, { file, cause });
  }
  // Loaded late: most runs have no such file, and what checks it takes a while to load.
  const { parseProducts } = await import("../../lib/run/product-file.ts");
  return parseProducts(text, file);
}
