import { InputError } from "../errors.ts";
import { word } from "./commands.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { textOf } from "./text-of.ts";

/** What may place the cells of a grid. */
interface Places {
  /** The dimensions of the grid, as far as they are known. */
  readonly grid: readonly string[];
  /** Tells whether a coordinate variable of any shape has latitudes, or longitudes. */
  readonly isPlaceOf: (role: "lat" | "lon", coordinate: Variable) => boolean;
}

/** A grid that is read after regridding alone: what it is, and the command. */
interface OtherGrid {
  readonly words: string;
  readonly command: string;
}

/**
 * Checks that a variable whose axes of latitudes and longitudes are missing, or not sure, is on no grid of another kind.
 *
 * @throws InputError `MissingCoordinate`, with the command that regrids it
 */
export function requireRegular(dataset: Dataset, variable: Variable, places: Places): void {
  const grid = placedGrid(dataset, variable, places) ?? mappedGrid(dataset, variable);
  if (grid === undefined) return;
  throw new InputError("MissingCoordinate", `"${variable.name}" is on ${grid.words}`, {
    file: dataset.file,
    hint: `Only grids with one latitude per row and one longitude per column are read. Regrid it, e.g. by: ${grid.command}`,
  });
}

/** CDO interpolates between cells only where it knows which ones are neighbours. */
const REGRID_ROWS = "cdo remapbil,global_1";
const REGRID_CELLS = "cdo remapnn,global_1";

/** The grid of which each cell has a latitude and a longitude of its own. */
function placedGrid(dataset: Dataset, variable: Variable, { grid, isPlaceOf }: Places): OtherGrid | undefined {
  const placing = [...dataset.variables.values()].filter(
    ({ name, dimensions }) =>
      name !== variable.name &&
      dimensions.some((d) => grid.includes(d)) &&
      dimensions.every((d) => variable.dimensions.includes(d)),
  );
  const named = textOf(variable, "coordinates").split(/\s+/);
  const all = placing.toSorted((a, b) => Number(named.includes(b.name)) - Number(named.includes(a.name)));
  for (const lat of all.filter((coordinate) => isPlaceOf("lat", coordinate))) {
    const lon = all.find(
      (other) => other !== lat && other.dimensions.join() === lat.dimensions.join() && isPlaceOf("lon", other),
    );
    if (lon === undefined) continue;
    const kind = lat.dimensions.length > 1 ? "a curvilinear grid" : "an unstructured grid";
    const regrid = lat.dimensions.length > 1 ? REGRID_ROWS : REGRID_CELLS;
    const isKnown = [lat, lon].every(({ name }) => named.includes(name)) || mappingOf(dataset, variable) !== undefined;
    return {
      words: `${kind}, placed by ${lat.name} and ${lon.name}`,
      command: isKnown
        ? `${regrid} in.nc out.nc`
        : `ncatted -a coordinates,${word(variable.name)},o,c,"${word(lat.name)} ${word(lon.name)}" in.nc named.nc && ${regrid} named.nc out.nc`,
    };
  }
  return undefined;
}

/** The grid whose cells are placed by a projection, or by their numbers. */
function mappedGrid(dataset: Dataset, variable: Variable): OtherGrid | undefined {
  const mapping = mappingOf(dataset, variable);
  if (mapping === undefined || mapping === "latitude_longitude") return undefined;
  const command = mapping === "healpix" ? `${REGRID_CELLS} in.nc out.nc` : `${REGRID_ROWS} in.nc out.nc`;
  return { words: `a grid of the mapping "${mapping}"`, command };
}

/** What a variable's grid mapping is called. */
function mappingOf(dataset: Dataset, variable: Variable): string | undefined {
  const [name = ""] = textOf(variable, "grid_mapping").split(/[\s:]+/);
  const mapping = dataset.variables.get(name);
  return mapping && (textOf(mapping, "grid_mapping_name") || undefined);
}
