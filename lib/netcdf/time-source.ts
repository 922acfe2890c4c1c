import { InputError } from "../errors.ts";
import { setAttribute } from "./commands.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { findInitialAttribute } from "./initial-time.ts";
import { findRoles, hasRole, type Role, type Roles } from "./roles.ts";
import { findVariable } from "./slab.ts";
import { textOf } from "./text-of.ts";
import type { ScaledTime } from "./time.ts";

/**
 * What tells when the values of a variable are valid: a coordinate of those times, or leads after an initial time. Where
 * there is nothing but initial times, `kind` is `initial`: the times of analyses, and of no forecast.
 */
export type TimeSource = {
  /** The dimension along which the valid times lie; undefined where all values have one time. */
  readonly along: string | undefined;
  /** The dimension of the initial times. */
  readonly init: string | undefined;
  /** Coordinate variable of initial times, along `init` or of one value; else the one of an attribute. */
  readonly initial: Variable | ScaledTime | undefined;
} & (
  | { readonly kind: "time" | "initial"; readonly coordinate: Variable }
  | { readonly kind: "lead"; readonly lead: Variable }
);

/**
 * Where the valid times of a variable come from: the coordinate of its time dimension; else a coordinate of valid times
 * along other dimensions; else the leads after the initial times; else the initial times alone. Undefined where there is
 * none of these.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`; `BadTime` where a dimension of times may be either kind
 */
export function findTimeSource(dataset: Dataset, name: string): TimeSource | undefined {
  const variable = findVariable(dataset, name);
  const roles = timeRoles(dataset, variable);
  const { init } = roles;
  const initialCoordinate = coordinateOf(dataset, init) ?? single(auxiliaries(dataset, variable, roles, "init"));
  const initial = initialCoordinate ?? findInitialAttribute(dataset, variable);

  const own = coordinateOf(dataset, roles.time);
  if (own !== undefined) return { kind: "time", coordinate: own, along: roles.time, init, initial };
  for (const coordinate of auxiliaries(dataset, variable, roles, "time")) {
    const along = alongWhich(variable, roles, coordinate);
    if (along !== undefined) return { kind: "time", coordinate, along: along.dimension, init, initial };
  }
  if (initial === undefined) return undefined;
  const lead =
    roles.lead === undefined
      ? single(auxiliaries(dataset, variable, roles, "lead"))
      : coordinateOf(dataset, roles.lead);
  if (lead !== undefined) return { kind: "lead", lead, along: roles.lead ?? init, init, initial };
  if (init === undefined || initialCoordinate === undefined || roles.lead !== undefined) return undefined;
  return { kind: "initial", coordinate: initialCoordinate, along: init, init, initial };
}

/** The roles, with a dimension called time, beside one of leads, taken for what it is. */
function timeRoles(dataset: Dataset, variable: Variable): Roles {
  const roles = findRoles(dataset, variable.name);
  const { time, lead, init } = roles;
  const own = coordinateOf(dataset, time);
  if (own === undefined || lead === undefined || init !== undefined) return roles;
  if (textOf(own, "standard_name") === "time" || sizeOf(variable, lead) === 1) return roles;
  // One start and several leads.
  if (sizeOf(variable, own.name) === 1) return { ...roles, time: undefined, init: own.name };
  throw new InputError("BadTime", `"${variable.name}" has times along ${own.name} and leads along ${lead}`, {
    file: dataset.file,
    hint:
      `Say what ${own.name} is by its standard_name: "time" where values are valid for it, "forecast_reference_time" ` +
      `where forecasts start from it, e.g. by: ${setAttribute("standard_name", own.name, "forecast_reference_time")}`,
  });
}

/** Other coordinates of a role whose dimensions the variable has, those that it names first. */
function auxiliaries(dataset: Dataset, variable: Variable, roles: Roles, role: Role): Variable[] {
  const placing = new Set(variable.dimensions.filter((name) => name !== roles.lat && name !== roles.lon));
  const global = dataset.attributes["coordinates"]?.value;
  const named = `${textOf(variable, "coordinates")} ${typeof global === "string" ? global : ""}`.split(/\s+/);
  const found = [...dataset.variables.values()].filter(
    (coordinate) =>
      coordinate.name !== variable.name &&
      !variable.dimensions.includes(coordinate.name) &&
      (isSingle(coordinate) || coordinate.dimensions.every((dimension) => placing.has(dimension))) &&
      hasRole(role, coordinate) &&
      (role === "lead" || /\ssince\s/i.test(textOf(coordinate, "units"))),
  );
  return [...found.filter(({ name }) => named.includes(name)), ...found.filter(({ name }) => !named.includes(name))];
}

/** The first coordinate of one value. */
function single(coordinates: readonly Variable[]): Variable | undefined {
  return coordinates.find(isSingle);
}

function isSingle({ shape }: Variable): boolean {
  return shape.every((size) => size === 1);
}

/**
 * Along which dimension of a variable a coordinate has its valid times; undefined where it does not tell them all apart.
 */
function alongWhich(
  variable: Variable,
  { init, lead }: Roles,
  { dimensions }: Variable,
): { readonly dimension: string | undefined } | undefined {
  const others = dimensions.filter((name) => name !== init);
  if (others.length > 1) return undefined;
  // Forecasts of several leads, or starts, are not all for one time.
  const untold = [lead, dimensions.length === 0 ? init : undefined].filter(
    (name) => name !== undefined && !dimensions.includes(name) && sizeOf(variable, name) > 1,
  );
  return untold.length > 0 ? undefined : { dimension: others[0] ?? lead ?? dimensions[0] };
}

function coordinateOf(dataset: Dataset, dimension: string | undefined): Variable | undefined {
  const coordinate = dimension === undefined ? undefined : dataset.variables.get(dimension);
  return coordinate?.dimensions.length === 1 ? coordinate : undefined;
}

function sizeOf({ dimensions, shape }: Variable, name: string): number {
  return shape[dimensions.indexOf(name)]!;
}
