import { BUILT_IN_PRODUCTS, type Product } from "../../lib/run/product.ts";
import { readNamedFile } from "./files.ts";

/** The products of a `products.json`, or the built-in ones. @throws InputError `FileNotFound`, `BadProduct` */
export async function loadProducts(file: string | undefined): Promise<readonly Product[]> {
  if (file === undefined) return BUILT_IN_PRODUCTS;
  const text = (await readNamedFile(file)).toString("utf8");
  // Loaded late: most runs have no such file, and what checks it takes a while to load.
  const { parseProducts } = await import("../../lib/run/product-file.ts");
  return parseProducts(text, file);
}
