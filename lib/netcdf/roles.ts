import type { Dataset, Variable } from "./dataset.ts";
import { requireRegular } from "./regular.ts";
import { findVariable } from "./slab.ts";
import { textOf } from "./text-of.ts";

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
  /** Names that are enough where there are units that do not forbid the role: alone, they may be of cells that are counted. */
  readonly namesInUnits?: ReadonlySet<string>;
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
    units: /^deg(rees?)?[_\s-]?n(orth)?$/i,
    standardNames: ["latitude"],
    axis: "Y",
    names: words("lat lats latitude latitudes"),
    namesInUnits: words("y nlat"),
    vagueUnits: DEGREES,
  },
  lon: {
    units: /^deg(rees?)?[_\s-]?e(ast)?$/i,
    standardNames: ["longitude"],
    axis: "X",
    names: words("lon lons long longitude longitudes"),
    namesInUnits: words("x nlon"),
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
  const coordinates = coordinatesOf(dataset, variable);
  const roles: Partial<Record<Role, string>> = {};
  const isFree = (name: string) => !Object.values(roles).includes(name);
  for (const [role, [dimension]] of coordinates) roles[role] = dimension;
  const bare = variable.dimensions.filter((name) => !dataset.variables.has(name));
  for (const role of ROLES.filter((r) => SIGNS[r].byNameAlone)) {
    const found = bare.find((name) => isFree(name) && SIGNS[role].names.has(name.toLowerCase()));
    if (found !== undefined) roles[role] ??= found;
  }
  const { lat, lon, time, init, lead, member, level } = roles;
  if (!isSure("lat", coordinates) || !isSure("lon", coordinates)) {
    const grid = lat === undefined || lon === undefined ? variable.dimensions : [lat, lon];
    requireRegular(dataset, variable, { grid, isPlaceOf });
  }
  return { lat, lon, time, init, lead, member, level };
}

/**
 * The coordinate variables that a grid's latitudes and longitudes are in, by the dimensions along which they lie: those
 * of the same name, or others along them alone, such as `lat(nlat)`.
 *
 * @throws InputError `MissingVariable`
 */
export function findPlaces(dataset: Dataset, variableName: string): ReadonlyMap<string, string> {
  const coordinates = coordinatesOf(dataset, findVariable(dataset, variableName));
  return new Map([...coordinates].map(([, [dimension, { name }]]) => [dimension, name]));
}

/** The dimension of each role that a coordinate variable tells, and that coordinate variable. */
function coordinatesOf(
  dataset: Dataset,
  { dimensions }: Variable,
): ReadonlyMap<Role, readonly [dimension: string, coordinate: Variable]> {
  const own = dimensions.flatMap((name) => {
    const coordinate = dataset.variables.get(name);
    return coordinate?.dimensions.length === 1 ? [[name, coordinate] as const] : [];
  });
  const found = new Map<Role, readonly [dimension: string, coordinate: Variable]>();
  const isFree = (name: string) => [...found.values()].every(([dimension]) => dimension !== name);
  for (const matches of CRITERIA) {
    for (const role of ROLES) {
      if (found.has(role)) continue;
      const first = own.find(([dimension, coordinate]) => isFree(dimension) && matches(role, coordinate));
      if (first !== undefined) found.set(role, first);
    }
  }
  for (const role of ["lat", "lon"] as const) {
    if (isSure(role, found)) continue;
    const before = found.get(role);
    // Along rows that may be only counted, what is sure; else along what has no other role.
    const first = othersAlong(dataset, dimensions).find(([dimension, coordinate]) =>
      before === undefined
        ? isFree(dimension) && isPlaceOf(role, coordinate)
        : dimension === before[0] && saysRole(role, coordinate),
    );
    if (first !== undefined) found.set(role, first);
  }
  return found;
}

/** Variables along one of these dimensions alone that have another name. */
function othersAlong({ variables }: Dataset, dimensions: readonly string[]) {
  return [...variables.values()].flatMap((coordinate) => {
    const [dimension = ""] = coordinate.dimensions;
    const isOther = coordinate.name !== dimension && coordinate.dimensions.length === 1;
    return isOther && dimensions.includes(dimension) ? [[dimension, coordinate] as const] : [];
  });
}

function isSure(role: Role, coordinates: ReturnType<typeof coordinatesOf>): boolean {
  const found = coordinates.get(role)?.[1];
  return found !== undefined && saysRole(role, found);
}

/** Whether units or a standard name tell a role: an axis or a name may be that of rows that are only counted. */
function saysRole(role: Role, coordinate: Variable): boolean {
  return CRITERIA.slice(0, 2).some((matches) => matches(role, coordinate));
}

function isPlaceOf(role: "lat" | "lon", coordinate: Variable): boolean {
  return CRITERIA.some((matches) => matches(role, coordinate));
}

/** Whether a coordinate variable of any shape has the role, by its standard name, or else by its units or its name. */
export function hasRole(role: Role, coordinate: Variable): boolean {
  const standardName = textOf(coordinate, "standard_name");
  if (standardName !== "") return SIGNS[role].standardNames.includes(standardName);
  return isNamed(role, coordinate);
}

function isInitial(coordinate: Variable): boolean {
  return hasRole("init", coordinate);
}

function isNamed(role: Role, coordinate: Variable): boolean {
  const { names, namesInUnits } = SIGNS[role];
  const name = coordinate.name.toLowerCase();
  const isOne = names.has(name) || (namesInUnits?.has(name) === true && textOf(coordinate, "units") !== "");
  return isOne && isVague(role, coordinate);
}

function isVague(role: Role, coordinate: Variable): boolean {
  const { standardNames, vagueUnits } = SIGNS[role];
  const name = textOf(coordinate, "standard_name");
  return (name === "" || standardNames.includes(name)) && vagueUnits.test(textOf(coordinate, "units"));
}
