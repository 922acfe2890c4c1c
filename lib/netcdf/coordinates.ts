import { InputError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { read } from "./decode.ts";
import { findRoles } from "./roles.ts";
import { findVariable } from "./slab.ts";
import { decodeTime } from "./time.ts";

/** Names of the dimensions that place a variable's values, each with a coordinate variable of the same name. */
export interface Coordinates {
  readonly lat: string;
  readonly lon: string;
  readonly time: string;
}

/** The times of a coordinate variable, UTC seconds since 1970. @throws InputError `MissingCoordinate`, `BadTime` */
export function readTimes(dataset: Dataset, name: string): { seconds: Float64Array; moved: number } {
  const { attributes } = findVariable(dataset, name);
  const units = attributes.units?.value;
  const calendar = attributes.calendar?.value;
  if (typeof units !== "string") {
    throw new InputError("BadTime", `its time "${name}" has no units`, {
      file: dataset.file,
      hint: 'Give it units such as "days since 1950-01-01 00:00:00"',
    });
  }
  return decodeTime(read(dataset, name), units, typeof calendar === "string" ? calendar : undefined, dataset.file);
}

/**
 * The latitude, longitude and time of a variable.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`
 */
export function findCoordinates(dataset: Dataset, name: string): Coordinates {
  const { lat, lon, time } = findRoles(dataset, name);
  const found = { lat, lon, time };
  const missing = Object.entries(found).flatMap(([role, dimension]) => (dimension === undefined ? [role] : []));
  if (lat !== undefined && lon !== undefined && time !== undefined) return { lat, lon, time };
  const { dimensions } = findVariable(dataset, name);
  throw new InputError("MissingCoordinate", `no ${missing.join(" and no ")} was found for "${name}"`, {
    file: dataset.file,
    hint: `Its dimensions are ${dimensions.join(", ") || "none"}; a coordinate variable is known by its units, axis or standard_name, or by its name`,
  });
}
