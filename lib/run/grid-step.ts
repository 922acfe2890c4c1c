import { storeGrid } from "../grid/compute.ts";
import { keys } from "../keys.ts";
import { withDataset } from "../netcdf/open.ts";
import { requireJson } from "../store/store.ts";
import { joinBands } from "./bands.ts";
import { normalsOf } from "./climatology-file.ts";
import { pathOf, requireSame } from "./inputs.ts";
import type { PlannedGrid } from "./records.ts";
import type { Run } from "./run.ts";
import { requirePlan } from "./superseded.ts";

/** Whether a run's anomaly grid was there, or was computed for it. */
export type GridState = "stored" | "computed";

/**
 * Computes and stores the anomaly grid of a planned run, unless it is there; or makes it of its bands, which are stored.
 *
 * @param bandErrors - why bands could not be made, by their ids
 * @throws InputError `Superseded` where another has taken the run over; `InputChanged` where the archive was replaced since
 *   the run began, `BandsMissing` where bands are
 */
export async function makeGrid(run: Run, bandErrors: Readonly<Record<string, string>> = {}): Promise<GridState> {
  const { store, inputs, claim, limits, onProgress } = run;
  const plan = await requirePlan(store, claim);
  if (plan.grid.stored) return "stored";
  const { observations } = inputs;
  const { bands, ...grid } = await requireJson<PlannedGrid>(store, keys.gridPlan(claim.runId));
  if (bands !== undefined) {
    await joinBands(run, { ...grid, bands }, bandErrors, () => requireSame(observations, claim.observations));
    return "computed";
  }
  const checkInput = () => pathOf(observations, claim.observations);
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
