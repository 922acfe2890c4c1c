import type { Years } from "../../lib/grid/months.ts";
import { inputKeys } from "../../lib/keys.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { findProduct, type Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { type ObjectStore, requireObject } from "../../lib/store/store.ts";
import type { CoordinatorSettings } from "../settings.ts";

/** What says which products a deployment makes, and how. */
export type ProductSettings = Pick<CoordinatorSettings, "PRODUCTS" | "PRODUCTS_KEY" | "BASELINE" | "GRID">;

/** The products of this deployment. @throws InputError `BadProduct`, `FileNotFound` */
export async function deployedProducts(input: ObjectStore, settings: ProductSettings): Promise<readonly Product[]> {
  const defined = await definedProducts(input, settings.PRODUCTS_KEY);
  const products = settings.PRODUCTS?.map((name) => findProduct(defined, name)) ?? defined.filter(isMadeUnasked);
  const { BASELINE: baseline, GRID: grid } = settings;
  return products.map((product) => ({
    ...product,
    ...(grid === undefined ? {} : { grid }),
    observations: baseline === undefined ? product.observations : withBaseline(product.observations, baseline),
  }));
}

/** What is built in beside the first has an archive of its own: it is made by who names it. */
function isMadeUnasked(product: Product): boolean {
  return BUILT_IN_PRODUCTS.indexOf(product) < 1;
}

/** Observations with another baseline. What they are relative to in their files does not change with it. */
function withBaseline(observations: Product["observations"], baseline: Years): Product["observations"] {
  const { kind, climatology, base = observations.baseline } = observations;
  if (climatology !== undefined) return observations;
  return { ...observations, baseline, ...(kind === "anomaly" ? { base } : {}) };
}

/** Only the default file may be absent: one that was set by name is missed. */
async function definedProducts(input: ObjectStore, setKey: string | undefined): Promise<readonly Product[]> {
  const key = setKey ?? inputKeys.products;
  const found = setKey === undefined ? await input.get(key) : await requireObject(input, key);
  return found === undefined ? BUILT_IN_PRODUCTS : parseProducts(new TextDecoder().decode(found.body), key);
}
