import { InputError } from "../errors.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { findVariable } from "./slab.ts";

/**
 * What a dimension tells apart: `time` the times that values are valid for, `init` the times that forecasts start from,
 * `lead` how long after that values are valid.
 */
export type Role = "lat" | "lon" | "time" | "init" | "lead" | "member" | "level";

/** A variable's dimensions by what they tell apart. */
export type Roles = Readonly<Record<Role, string | undefined>>;

/** How a coordinate variable tells its role. */
interface Signs {
  /** Units of that role alone. */
  readonly units?: RegExp;
  readonly standardNames: readonly string[];
  readonly axis?: string;
  /** In lower case. */
  readonly names: ReadonlySet<string>;
  /** Units that do not forbid the role. */
  readonly vagueUnits: RegExp;
  /** Whether the name is enough where there is no coordinate variable. */
  readonly byNameAlone?: true;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const DEGREES = /^(deg(rees?)?)?$/i;
const SINCE = /^\S+\s+since\s/i;
const NOT_SINCE = /^(?!\S+\s+since\s)/i;

/**
 * The names are those of files that say no more: of CPC and NMME, of the IRI data library (S, L, M, T), of C3S and ERA5, and
 * of GRIB files that cfgrib or NCL converted.
 *
 * Source: CF Conventions 1.11, 4.1 Latitude Coordinate, 4.2 Longitude Coordinate, 4.3 Vertical Coordinate, 4.4 Time
 * Coordinate; standard name table.
 */
const SIGNS: Readonly<Record<Role, Signs>> = {
  lat: {
    units: /^degrees?_?n(orth)?$/i,
    standardNames: ["latitude"],
    axis: "Y",
    names: words("lat latitude"),
    vagueUnits: DEGREES,
  },
  lon: {
    units: /^degrees?_?e(ast)?$/i,
    standardNames: ["longitude"],
    axis: "X",
    names: words("lon long longitude"),
    vagueUnits: DEGREES,
  },
  time: {
    units: SINCE,
    standardNames: ["time"],
    axis: "T",
    names: words("time valid_time validtime verification_time verifying_time target date t"),
    vagueUnits: /^/,
  },
  init: {
    standardNames: ["forecast_reference_time"],
    names: words(`init inits init_time init_date initial_time initial_time0 initial_time0_hours initialization_time
      forecast_reference_time reference_time reftime base_time s start start_date start_time starttime
      issue_date issue_time`),
    vagueUnits: /^/,
    byNameAlone: true,
  },
  lead: {
    standardNames: ["forecast_period"],
    names: words(`l lead leads leadtime lead_time leadtime_month lead_month forecastmonth fcmonth forecast_period
      forecast_time forecast_time0 forecast_time1 step`),
    vagueUnits: NOT_SINCE,
    byNameAlone: true,
  },
  member: {
    standardNames: ["realization"],
    names: words("m ens ensmem ensemble ensemble_member member members number realization"),
    vagueUnits: NOT_SINCE,
    byNameAlone: true,
  },
  level: {
    standardNames: ["air_pressure", "height", "altitude", "depth"],
    axis: "Z",
    names: words("lev level levels plev pressure_level isobaricinhpa height depth z"),
    vagueUnits: NOT_SINCE,
    byNameAlone: true,
  },
};

const ROLES = Object.keys(SIGNS) as readonly Role[];

/** From the strongest. Axes and names alone prove little: a projection has an axis Y, too. */
const CRITERIA: readonly ((role: Role, coordinate: Variable) => boolean)[] = [
  (role, coordinate) =>
    SIGNS[role].units?.test(textOf(coordinate, "units")) === true && !(role === "time" && isInitial(coordinate)),
  (role, coordinate) => SIGNS[role].standardNames.includes(textOf(coordinate, "standard_name")),
  (role, coordinate) => textOf(coordinate, "axis").toUpperCase() === SIGNS[role].axis && isVague(role, coordinate),
  isNamed,
];

/**
 * Which dimensions of a variable have which role: those whose coordinate variable says so by its units, else its
 * standard name, else its axis, else its own name; undefined where none does. A dimension of initial times has units as
 * valid times have, so its standard name or its name decides. Members, levels and leads may lack a coordinate variable:
 * the dimension's name is then enough.
 *
 * @throws InputError `MissingVariable`; `MissingCoordinate` where latitude and longitude have two dimensions each
 */
export function findRoles(dataset: Dataset, variableName: string): Roles {
  const variable = findVariable(dataset, variableName);
  const coordinates = variable.dimensions.flatMap((name) => {
    const coordinate = dataset.variables.get(name);
    return coordinate?.dimensions.length === 1 ? [coordinate] : [];
  });
  const roles: Partial<Record<Role, string>> = {};
  const isFree = (name: string) => !Object.values(roles).includes(name);
  for (const matches of CRITERIA) {
    for (const role of ROLES) {
      const found = coordinates.find((coordinate) => isFree(coordinate.name) && matches(role, coordinate));
      if (found !== undefined) roles[role] ??= found.name;
    }
  }
  const bare = variable.dimensions.filter((name) => !dataset.variables.has(name));
  for (const role of ROLES.filter((r) => SIGNS[r].byNameAlone)) {
    const found = bare.find((name) => isFree(name) && SIGNS[role].names.has(name.toLowerCase()));
    if (found !== undefined) roles[role] ??= found;
  }
  const { lat, lon, time, init, lead, member, level } = roles;
  if (lat === undefined || lon === undefined) rejectCurvilinear(dataset, variable);
  return { lat, lon, time, init, lead, member, level };
}

/** Whether a coordinate variable of any shape has the role, by its standard name, or else by its units or its name. */
export function hasRole(role: Role, coordinate: Variable): boolean {
  const standardName = textOf(coordinate, "standard_name");
  if (standardName !== "") return SIGNS[role].standardNames.includes(standardName);
  return isNamed(role, coordinate);
}

/** An attribute's text without the spaces around it; empty where there is none. */
export function textOf({ attributes }: Variable, attribute: string): string {
  const value = attributes[attribute]?.value;
  return typeof value === "string" ? value.trim() : "";
}

function isInitial(coordinate: Variable): boolean {
  return hasRole("init", coordinate);
}

function isNamed(role: Role, coordinate: Variable): boolean {
  return SIGNS[role].names.has(coordinate.name.toLowerCase()) && isVague(role, coordinate);
}

function isVague(role: Role, coordinate: Variable): boolean {
  const { standardNames, vagueUnits } = SIGNS[role];
  const name = textOf(coordinate, "standard_name");
  return (name === "" || standardNames.includes(name)) && vagueUnits.test(textOf(coordinate, "units"));
}

function rejectCurvilinear(dataset: Dataset, variable: Variable): void {
  const auxiliary = textOf(variable, "coordinates").split(/\s+/);
  const curved = auxiliary.filter((name) => {
    const coordinate = dataset.variables.get(name);
    if (coordinate === undefined || coordinate.dimensions.length < 2) return false;
    return CRITERIA.some((matches) => matches("lat", coordinate) || matches("lon", coordinate));
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
