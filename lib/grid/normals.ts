import { InputError } from "../errors.ts";
import { readPlaces } from "../netcdf/coordinates.ts";
import type { Dataset, Variable } from "../netcdf/dataset.ts";
import { read } from "../netcdf/decode.ts";
import { findRoles, type Roles } from "../netcdf/roles.ts";
import { findVariable } from "../netcdf/slab.ts";
import { textOf } from "../netcdf/text-of.ts";
import { requireInRange } from "../netcdf/valid-range.ts";
import { reordered } from "../netcdf/views/reordered.ts";
import { sameScale } from "../units/chosen.ts";
import type { Warning } from "../warning.ts";
import { makeAxis } from "./axis.ts";
import type { GridDescription, GridPlan } from "./description.ts";
import { asFloats, type FloatArray, floatType } from "./floats.ts";
import { YEAR_MONTHS } from "./months.ts";
import { firstCell } from "./region.ts";

/** Degrees that coordinates may differ by and still be those of the same cells. */
const SAME_CELL = 1e-3;

/**
 * The fields of a climatology file on the cells of a grid, which are taken off its observations: one for each calendar
 * month, January first, by their positions alone, as the times in such files are of any year. Its dimensions may be in any
 * order, where its coordinates tell which are which.
 *
 * @returns shape (12, lat, lon) of the grid, row-major, of its type; NaN is missing
 * @throws InputError `MissingVariable`, `NotNumeric`; `BadDimensions` where it has not 12 fields of the
 *   cells of the archive; `BadAxis` where its coordinates are those of other cells; `BadUnits` where its units are others
 */
export function readNormals(
  opened: Dataset,
  name: string,
  grid: Pick<GridPlan, "lat" | "lon" | "region" | "shape" | "archive" | "observations" | "units" | "type">,
): FloatArray {
  const { file } = opened;
  const roles = findRoles(opened, name);
  const dataset = fieldsLast(opened, name, roles);
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
  const [firstLat, firstLon] = firstCell(grid);
  for (const [kind, role, ours, first] of [
    ["latitude", roles.lat, grid.lat, firstLat],
    ["longitude", roles.lon, grid.lon, firstLon],
  ] as const) {
    // Files that NCL made of GRIB have coordinates that nothing tells the role of: then the shape has to do.
    if (role === undefined) continue;
    const theirs = makeAxis(kind, readPlaces(dataset, name, role), file).values.subarray(first, first + ours.length);
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
          hint: `A climatology is on the cells of ${grid.observations.key}, in the same order; regrid it, e.g. by: cdo remapnn,observations.nc in.nc out.nc`,
        },
      );
    }
  }
  const fields = shape.map((all, d): readonly [number, number] => {
    if (d === shape.length - 2) return [firstLat, firstLat + grid.lat.length];
    return d === shape.length - 1 ? [firstLon, firstLon + grid.lon.length] : [0, all];
  });
  const values = read(dataset, name, fields);
  if (values.every(Number.isNaN)) {
    requireInRange(dataset, { variable: name, slabs: [fields], field: "observations.ignoreValidRange" });
  }
  return asFloats(floatType(grid), values);
}

/** The file with the dimension of its months before latitude and longitude, and those of length 1 before it. */
function fieldsLast(dataset: Dataset, name: string, { lat, lon }: Roles): Dataset {
  // Of a file that NCL made of GRIB nothing tells which they are: it has to have them in order.
  if (lat === undefined || lon === undefined) return dataset;
  const { dimensions, shape } = findVariable(dataset, name);
  const others = dimensions.filter((dimension) => dimension !== lat && dimension !== lon);
  const isLong = (dimension: string) => Number(shape[dimensions.indexOf(dimension)] !== 1);
  return reordered(dataset, name, [...others.toSorted((a, b) => isLong(a) - isLong(b)), lat, lon]);
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
