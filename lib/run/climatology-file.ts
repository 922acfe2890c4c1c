import type { GridPlan } from "../grid/description.ts";
import type { FloatArray } from "../grid/floats.ts";
import { normalWarnings, readNormals } from "../grid/normals.ts";
import { withDataset } from "../netcdf/open.ts";
import { allValid } from "../netcdf/valid-range.ts";
import type { Warning } from "../warning.ts";
import { pathOf, type RunInputs } from "./inputs.ts";
import type { Claim } from "./records.ts";

/** The fields of a climatology file, and what is not known of them. */
export interface Normals {
  readonly values: FloatArray;
  readonly warnings: readonly Warning[];
}

/**
 * The fields of the climatology file that a run's grid is made with, of shape (12, lat, lon); undefined for any other grid.
 *
 * @throws InputError as {@link readNormals}; `InputChanged` where the file was replaced since the run began
 */
export async function normalsOf(
  { inputs: { climatology }, claim }: { readonly inputs: Pick<RunInputs, "climatology">; readonly claim: Claim },
  grid: GridPlan,
): Promise<Normals | undefined> {
  const { normal } = grid;
  if (normal === undefined || normal === "none") return undefined;
  if (climatology === undefined || claim.climatology === undefined) {
    throw new TypeError(`run ${claim.runId} has no climatology file, and its grid ${grid.id} needs one`);
  }
  const path = await pathOf(climatology, claim.climatology);
  return withDataset(path, climatology.key, (opened) => {
    const dataset = grid.ignoreValidRange === true ? allValid(opened, normal.variable) : opened;
    return {
      values: readNormals(dataset, normal.variable, grid),
      warnings: normalWarnings(dataset, normal.variable, grid),
    };
  });
}
