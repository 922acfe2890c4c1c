import { InputError } from "../errors.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { findVariable } from "./slab.ts";

export type Role = "lat" | "lon" | "time";

/** Names of the dimensions that place a variable's values; their coordinate variables have the same names. */
export type Roles = Readonly<Record<Role, string | undefined>>;

/** How a coordinate variable tells its role. */
interface Signs {
  /** Units of that role alone. */
  readonly units: RegExp;
  readonly standardName: string;
  readonly axis: string;
  /** In lower case. */
  readonly names: readonly string[];
  /** Units that do not forbid the role. */
  readonly vagueUnits: RegExp;
}

/** Source: CF Conventions 1.11, 4.1 Latitude Coordinate, 4.2 Longitude Coordinate, 4.4 Time Coordinate. */
const SIGNS: Readonly<Record<Role, Signs>> = {
  lat: {
    units: /^degrees?_?n(orth)?$/i,
    standardName: "latitude",
    axis: "Y",
    names: ["lat", "latitude"],
    vagueUnits: /^(deg(rees?)?)?$/i,
  },
  lon: {
    units: /^degrees?_?e(ast)?$/i,
    standardName: "longitude",
    axis: "X",
    names: ["lon", "long", "longitude"],
    vagueUnits: /^(deg(rees?)?)?$/i,
  },
  time: {
    units: /^\S+\s+since\s/i,
    standardName: "time",
    axis: "T",
    names: ["time"],
    vagueUnits: /^/,
  },
};

/** From the strongest. Axes and names alone prove little: a projection has an axis Y, too. */
const CRITERIA: readonly ((signs: Signs, coordinate: Variable) => boolean)[] = [
  ({ units }, coordinate) => units.test(text(coordinate, "units")),
  ({ standardName }, coordinate) => text(coordinate, "standard_name") === standardName,
  (signs, coordinate) => text(coordinate, "axis").toUpperCase() === signs.axis && isVague(signs, coordinate),
  (signs, coordinate) => signs.names.includes(coordinate.name.toLowerCase()) && isVague(signs, coordinate),
];

/**
 * Which dimensions of a variable are latitude, longitude and time: those whose coordinate variable says so by its
 * units, else its standard name, else its axis, else its own name; undefined where none does.
 *
 * @throws InputError `MissingVariable`; `MissingCoordinate` where latitude and longitude have two dimensions each
 */
export function findRoles(dataset: Dataset, variableName: string): Roles {
  const variable = findVariable(dataset, variableName);
  const coordinates = variable.dimensions.flatMap((name) => {
    const coordinate = dataset.variables.get(name);
    return coordinate?.dimensions.length === 1 ? [coordinate] : [];
  });
  const roles: Record<Role, string | undefined> = { lat: undefined, lon: undefined, time: undefined };
  for (const matches of CRITERIA) {
    for (const role of ["lat", "lon", "time"] as const) {
      const free = coordinates.filter(({ name }) => !Object.values(roles).includes(name));
      roles[role] ??= free.find((coordinate) => matches(SIGNS[role], coordinate))?.name;
    }
  }
  if (roles.lat === undefined || roles.lon === undefined) rejectCurvilinear(dataset, variable);
  return roles;
}

function rejectCurvilinear(dataset: Dataset, variable: Variable): void {
  const auxiliary = text(variable, "coordinates").split(/\s+/);
  const curved = auxiliary.filter((name) => {
    const coordinate = dataset.variables.get(name);
    if (coordinate === undefined || coordinate.dimensions.length < 2) return false;
    return CRITERIA.some((matches) => matches(SIGNS.lat, coordinate) || matches(SIGNS.lon, coordinate));
  });
  if (curved.length === 0) return;
  throw new InputError(
    "MissingCoordinate",
    `"${variable.name}" is on a curvilinear grid, placed by ${curved.join(" and ")}`,
    {
      file: dataset.file,
      hint: "Only grids with one latitude per row and one longitude per column are read. Regrid it first",
    },
  );
}

function isVague({ vagueUnits, standardName }: Signs, coordinate: Variable): boolean {
  const name = text(coordinate, "standard_name");
  return (name === "" || name === standardName) && vagueUnits.test(text(coordinate, "units"));
}

function text({ attributes }: Variable, attribute: string): string {
  const value = attributes[attribute]?.value;
  return typeof value === "string" ? value.trim() : "";
}
