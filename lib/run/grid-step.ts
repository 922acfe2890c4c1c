import { storeGrid } from "../grid/compute.ts";
import type { GridPlan } from "../grid/description.ts";
import { keys } from "../keys.ts";
import { withDataset } from "../netcdf/open.ts";
import { requireJson } from "../store/store.ts";
import { normalsOf } from "./climatology-file.ts";
import { pathOf } from "./inputs.ts";
import type { RunPlan } from "./records.ts";
import type { Run } from "./run.ts";

/** Whether a run's anomaly grid was there, or was computed for it. */
export type GridState = "stored" | "computed";

/**
 * Computes and stores the anomaly grid of a planned run, unless it is there.
 *
 * @throws InputError `InputChanged` where the archive was replaced since the run began
 */
export async function makeGrid(run: Run): Promise<GridState> {
  const { store, inputs, claim, limits, onProgress } = run;
  const plan = await requireJson<RunPlan>(store, keys.plan(claim.runId));
  if (plan.grid.stored) return "stored";
  const { observations } = inputs;
  const checkInput = () => pathOf(observations, claim.observations);
  const grid = await requireJson<GridPlan>(store, keys.gridPlan(claim.runId));
  const normals = await normalsOf(run, grid);
  await withDataset(await checkInput(), observations.key, (dataset) =>
    storeGrid(dataset, grid, store, {
      memoryBytes: limits.memoryBytes,
      normals: normals?.values,
      checkInput,
      onProgress,
    }),
  );
  return "computed";
}
