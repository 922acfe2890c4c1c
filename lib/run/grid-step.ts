import { storeGrid } from "../grid/compute.ts";
import { keys } from "../keys.ts";
import { requireJson } from "../store/store.ts";
import { joinBands } from "./bands.ts";
import { normalsOf } from "./climatology-file.ts";
import { requireSame } from "./inputs.ts";
import { localArchive } from "./local-archive.ts";
import { withObservations } from "./observations.ts";
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
  const checkInput = () => requireSame(observations, claim.observations);
  const { bands, ...grid } = await requireJson<PlannedGrid>(store, keys.gridPlan(claim.runId));
  if (bands !== undefined) {
    await joinBands(run, { ...grid, bands }, bandErrors, checkInput);
    return "computed";
  }
  const normals = await normalsOf(run, grid);
  const archive = await localArchive(observations, claim.observations);
  await withObservations(archive, grid, (dataset) =>
    storeGrid(dataset, grid, store, {
      memoryBytes: limits.memoryBytes,
      normals: normals?.values,
      checkInput,
      onProgress,
    }),
  );
  return "computed";
}
