import type { Dataset, Variable } from "../netcdf/dataset.ts";
import { isNumeric } from "../netcdf/numeric-types.ts";
import { findRoles, type Roles } from "../netcdf/roles.ts";
import { textOf } from "../netcdf/text-of.ts";
import { findTimeSource, type TimeSource } from "../netcdf/time-source.ts";

/** A variable on a grid, at one time or more. */
export interface Field {
  readonly dataset: Dataset;
  readonly variable: Variable;
  readonly roles: Roles;
  readonly source: TimeSource;
  readonly part: Part;
}

/** What a field can be of a run. */
export type Part = "archive" | "forecast" | "archive or forecast";

/** A file with more times than any forecast has is an archive. */
const ARCHIVE_TIMES = 24;

/** Variables that are looked at: for each, all of the file's are looked through. */
const MOST_VARIABLES = 256;

/**
 * The variables of a file that may be fields, in its order: those of two dimensions or more that are no bounds of a coordinate.
 * At most {@link MOST_VARIABLES} of them, and how many more there are.
 */
export function candidatesOf({ variables }: Dataset): { readonly first: readonly Variable[]; readonly more: number } {
  const bounds = new Set(
    [...variables.values()].flatMap((variable) => [textOf(variable, "bounds"), textOf(variable, "climatology")]),
  );
  const all = [...variables.values()].filter(({ name, dimensions }) => dimensions.length >= 2 && !bounds.has(name));
  return { first: all.slice(0, MOST_VARIABLES), more: Math.max(0, all.length - MOST_VARIABLES) };
}

/**
 * What a variable is as a field; undefined where it is none.
 *
 * @throws InputError `MissingCoordinate` where it is on a grid that is not read
 */
export function fieldOf(dataset: Dataset, variable: Variable): Field | undefined {
  if (!isNumeric(variable.type)) return undefined;
  const roles = findRoles(dataset, variable.name);
  if (roles.lat === undefined || roles.lon === undefined) return undefined;
  const source = findTimeSource(dataset, variable.name);
  return source === undefined ? undefined : { dataset, variable, roles, source, part: partOf(variable, roles, source) };
}

/** What a field is by its dimensions and by how many times it has; else by what is known of a start, or of anomalies. */
function partOf(variable: Variable, { init, lead, member }: Roles, { along, initial, kind }: TimeSource): Part {
  if (lead !== undefined || (init !== undefined && init !== along)) return "forecast";
  const times = along === undefined ? 1 : variable.shape[variable.dimensions.indexOf(along)]!;
  // Also of analyses, whose times are initial times with a lead of nothing.
  if (times >= ARCHIVE_TIMES) return "archive";
  // Of several starts there is one lead.
  const oneStart = (initial !== undefined || kind === "lead") && (init === undefined || times === 1);
  return oneStart || member !== undefined || isAnomaly(variable) ? "forecast" : "archive or forecast";
}

/** Whether a variable's name or attributes say that it is anomalies. */
export function isAnomaly({ name, attributes }: Variable): boolean {
  const texts = [name, ...["long_name", "standard_name", "statistic"].map((key) => attributes[key]?.value)];
  return texts.some((text) => typeof text === "string" && /anom/i.test(text));
}
