import { InputError } from "../../errors.ts";
import { setAttribute } from "../commands.ts";
import { textOf } from "../text-of.ts";
import type { KnownPart } from "./part.ts";

/**
 * Makes sure that a file can be joined with the first one.
 *
 * @throws InputError `BadAxis` where its grid is another one, `BadUnits` where the variable's units are
 */
export function requireAlike(first: KnownPart, part: KnownPart): void {
  requireSameAxis("latitude", [first.lat, part.lat], [first, part]);
  requireSameAxis("longitude", [first.lon, part.lon], [first, part]);
  const [expected, units] = [first, part].map(({ variable }) => textOf(variable, "units").trim()) as [string, string];
  if (units === expected) return;
  const said = (text: string) => (text === "" ? "no units" : `the units "${text}"`);
  throw new InputError(
    "BadUnits",
    `"${part.variable.name}" has ${said(units)}, and ${said(expected)} in ${first.file}`,
    {
      file: part.file,
      hint: `Set them, if the values are in those, e.g. by: ${setAttribute("units", part.variable.name, expected)}`,
    },
  );
}

type Pair<T> = readonly [T, T];

function requireSameAxis(axis: string, [first, values]: Pair<ArrayLike<number>>, files: Pair<KnownPart>): void {
  const different = Array.from(values).findIndex((value, i) => value !== first[i]);
  if (values.length === first.length && different === -1) return;
  const [one, other] = files;
  const problem =
    values.length === first.length
      ? `${axis} ${different + 1} is ${values[different]}, and ${first[different]} in ${one.file}`
      : `has ${values.length} ${axis}s, and ${one.file} has ${first.length}`;
  throw new InputError("BadAxis", problem, {
    file: other.file,
    hint: `Files are joined along time alone: bring them to one grid first, e.g. by: cdo remapbil,first.nc in.nc out.nc`,
  });
}
