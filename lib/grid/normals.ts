import { InputError } from "../errors.ts";
import type { Dataset, Variable } from "../netcdf/dataset.ts";
import { read, readCoordinate } from "../netcdf/decode.ts";
import { findRoles, textOf } from "../netcdf/roles.ts";
import { findVariable } from "../netcdf/slab.ts";
import { sameScale } from "../units/chosen.ts";
import type { Warning } from "../warning.ts";
import { YEAR_MONTHS } from "./anomaly.ts";
import { makeAxis } from "./axis.ts";
import type { GridDescription, GridPlan } from "./description.ts";
import { firstCell } from "./region.ts";

/** Degrees that coordinates may differ by and still be those of the same cells. */
const SAME_CELL = 1e-3;

/**
 * The fields of a climatology file on the cells of a grid, which are taken off its observations: one for each calendar
 * month, January first, by their positions alone, as the times in such files are of any year.
 *
 * @returns shape (12, lat, lon) of the grid, row-major, as float32; NaN is missing
 * @throws InputError `MissingVariable`, `NotNumeric`; `BadDimensions` where it is not of shape (12, lat, lon) with the
 *   cells of the archive; `BadAxis` where its coordinates are those of other cells; `BadUnits` where its units are others
 */
export function readNormals(
  dataset: Dataset,
  name: string,
  grid: Pick<GridPlan, "lat" | "lon" | "region" | "shape" | "archive" | "observations" | "units">,
): Float32Array {
  const { file } = dataset;
  const variable = findVariable(dataset, name);
  const { dimensions, shape } = variable;
  requireSameUnits(dataset, variable, grid);
  const expected = [YEAR_MONTHS, ...grid.archive.cells];
  const sizes = shape.filter((size, i) => size !== 1 || i >= shape.length - expected.length);
  if (sizes.join() !== expected.join()) {
    throw new InputError("BadDimensions", `"${name}" has the shape (${shape.join(", ")})`, {
      file,
      hint: `As a climatology of ${grid.observations.key} it must have (${expected.join(", ")}): calendar months, latitudes, longitudes`,
    });
  }
  const roles = findRoles(dataset, name);
  const [firstLat, firstLon] = firstCell(grid);
  for (const [kind, role, ours, first] of [
    ["latitude", roles.lat, grid.lat, firstLat],
    ["longitude", roles.lon, grid.lon, firstLon],
  ] as const) {
    // Files that NCL made of GRIB have coordinates that nothing tells the role of: then the shape has to do.
    if (role === undefined) continue;
    const theirs = makeAxis(kind, readCoordinate(dataset, role), file).values.subarray(first, first + ours.length);
    const turns = (degrees: number) =>
      kind === "longitude" ? Math.abs(degrees - 360 * Math.round(degrees / 360)) : Math.abs(degrees);
    const other = theirs.findIndex((value, i) => turns(value - ours[i]!) > SAME_CELL);
    if (dimensions.indexOf(role) !== dimensions.length - (kind === "latitude" ? 2 : 1) || other !== -1) {
      const at = Math.max(0, other);
      throw new InputError(
        "BadAxis",
        `its ${kind} ${first + at + 1} is ${theirs[at]}, that of the observations ${ours[at]}`,
        {
          file,
          hint: `A climatology is on the cells of ${grid.observations.key}, in the same order; regrid it first, e.g. with cdo remapnn`,
        },
      );
    }
  }
  const fields = shape.map((all, d): readonly [number, number] => {
    if (d === shape.length - 2) return [firstLat, firstLat + grid.lat.length];
    return d === shape.length - 1 ? [firstLon, firstLon + grid.lon.length] : [0, all];
  });
  const values = read(dataset, name, fields);
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** What nobody can tell of a climatology: whether it has the units of its observations. */
export function normalWarnings(
  dataset: Dataset,
  name: string,
  { units, observations }: Pick<GridDescription, "units" | "observations">,
): Warning[] {
  if (units === undefined || textOf(findVariable(dataset, name), "units") !== "") return [];
  const message = `"${name}" in ${dataset.file} has no units: it is taken off ${observations.key} as if it were in ${units}`;
  return [{ kind: "unitsMissing", message }];
}

/** Files of climatologies often lack units. Where they differ, 273 degrees must not be taken for an anomaly. */
function requireSameUnits(
  { file }: Dataset,
  variable: Variable,
  { units: ours, observations }: Pick<GridDescription, "units" | "observations">,
): void {
  const units = textOf(variable, "units");
  if (units === "" || ours === undefined || sameScale(units, ours)) return;
  throw new InputError(
    "BadUnits",
    `"${variable.name}" is in ${units}, and the observations in ${observations.key} in ${ours}`,
    {
      file,
      hint: "A climatology has the units of its observations: convert it, or set observations.units of the product",
    },
  );
}
