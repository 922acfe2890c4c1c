import { type GridOptions, storeGrid } from "../grid/compute.ts";
import { describeGrid } from "../grid/description.ts";
import { withDataset } from "../netcdf/open.ts";
import type { ObjectStore } from "../store/store.ts";
import type { Claim } from "./claim.ts";
import { pathOf, type RunInputs } from "./inputs.ts";
import type { RunPlan } from "./plan.ts";
import type { Product } from "./product.ts";

/** Whether a run's anomaly grid was there, or was computed for it. */
export type GridState = "stored" | "computed";

/** Computes and stores the anomaly grid that a plan needs, unless it is there. */
export async function makeGrid(
  store: ObjectStore,
  inputs: RunInputs,
  product: Product,
  claim: Claim,
  plan: RunPlan,
  options: Omit<GridOptions, "checkInput">,
): Promise<GridState> {
  if (plan.grid.stored) return "stored";
  const { observations } = inputs;
  await withDataset(await pathOf(observations, claim.observations), observations.key, async (dataset) => {
    const about = describeGrid(dataset, product.observations, claim.observations.etag);
    const checkInput = () => pathOf(observations, claim.observations);
    await storeGrid(dataset, about, store, { ...options, checkInput });
  });
  return "computed";
}
