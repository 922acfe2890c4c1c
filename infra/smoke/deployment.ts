import { deployedProducts } from "../../functions/coordinator/products.ts";
import { openStore } from "../../functions/local/places.ts";
import type { Years } from "../../lib/grid/months.ts";
import type { Product } from "../../lib/run/product.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { SAMPLE_PRODUCT } from "./command-line.ts";

/** What is to be known of a deployment: names of its buckets, and those of its settings that have to do with its inputs. */
export interface DeploymentOptions {
  readonly inputBucket: string;
  readonly outputBucket: string;
  /** By default the product's own. */
  readonly observationsKey?: string;
  readonly stationsKey: string;
  readonly baseline?: Years;
}

/** A deployment, as it makes series of the made inputs. */
export interface Deployment {
  readonly input: ObjectStore;
  readonly output: ObjectStore;
  /** As the coordinator finds it: by `products.json`, if there is one, and the settings. */
  readonly product: Product;
  readonly observationsKey: string;
  readonly stationsKey: string;
}

/** @throws InputError `NoAccess` to a bucket, `BadProduct` for a `products.json` in it */
export async function openDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { inputBucket, outputBucket, stationsKey, baseline } = options;
  const [input, output] = await Promise.all([openStore(`s3://${inputBucket}`), openStore(`s3://${outputBucket}`)]);
  const [product] = await deployedProducts(input, {
    PRODUCTS: [SAMPLE_PRODUCT],
    ...(baseline === undefined ? {} : { BASELINE: baseline }),
  });
  const { observationsKey = product!.observations.key } = options;
  return { input, output, product: product!, observationsKey, stationsKey };
}
