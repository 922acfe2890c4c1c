import { InputError } from "../errors.ts";
import type { Dataset, Slab } from "./dataset.ts";
import { readCoordinate } from "./decode.ts";
import { findPlaces, findRoles } from "./roles.ts";
import { findVariable } from "./slab.ts";
import { textOf } from "./text-of.ts";
import { type DecodedTimes, decodeDates, decodeTime } from "./time.ts";
import { findTimeSource } from "./time-source.ts";

/** Names of the dimensions that place a variable's values. */
export interface Coordinates {
  readonly lat: string;
  readonly lon: string;
  /** Along which the times that the values are valid for lie: that of the times, or of the leads. */
  readonly time: string;
}

/**
 * The latitudes or longitudes of a variable along one of its dimensions.
 *
 * @throws InputError those of {@link readCoordinate}
 */
export function readPlaces(dataset: Dataset, variable: string, dimension: string) {
  return readCoordinate(dataset, findPlaces(dataset, variable).get(dimension) ?? dimension);
}

/** Dates written as numbers, such as 20240101; CDO has the second spelling, with the time of day as a part of the day. */
const DATE_UNITS = /^(yyyymmdd|day as %Y%m%d(\.%f)?)$/i;

/**
 * The times of a coordinate variable, UTC seconds since 1970, all by default. Integers without units that all are dates
 * YYYYMMDD are taken as such.
 *
 * @throws InputError `MissingVariable`, `BadTime`, and those of {@link readCoordinate}
 */
export function readTimes(dataset: Dataset, name: string, slab?: Slab): DecodedTimes {
  const { file } = dataset;
  const coordinate = findVariable(dataset, name);
  const units = textOf(coordinate, "units");
  const calendar = textOf(coordinate, "calendar") || undefined;
  const values = readCoordinate(dataset, name, slab);
  if (DATE_UNITS.test(units) || (units === "" && values.length > 0 && values.every(looksLikeDate))) {
    return decodeDates(values, calendar, file);
  }
  if (units !== "") return decodeTime(values, units, calendar, file);
  throw new InputError("BadTime", `its time "${name}" has no units`, {
    file,
    hint: 'Give it units such as "days since 1950-01-01 00:00:00"',
  });
}

function looksLikeDate(value: number): boolean {
  return Number.isInteger(value) && /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(String(value));
}

/**
 * The latitude, longitude and time of a variable.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`
 */
export function findCoordinates(dataset: Dataset, name: string): Coordinates {
  const { lat, lon } = findRoles(dataset, name);
  const time = findTimeSource(dataset, name)?.along;
  if (lat !== undefined && lon !== undefined && time !== undefined) return { lat, lon, time };
  throw missingCoordinates(dataset, name, { lat, lon, time });
}

/** The error for a variable of which some of these were not found. */
export function missingCoordinates(
  dataset: Dataset,
  name: string,
  found: Readonly<Record<string, string | undefined>>,
): InputError {
  const missing = Object.entries(found).flatMap(([role, dimension]) => (dimension === undefined ? [role] : []));
  const { dimensions } = findVariable(dataset, name);
  return new InputError("MissingCoordinate", `no ${missing.join(" and no ")} was found for "${name}"`, {
    file: dataset.file,
    hint: `Its dimensions are ${dimensions.join(", ") || "none"}; a coordinate variable is known by its units, axis or standard_name, or by its name`,
  });
}
