import { isInputError } from "../../errors.ts";
import type { Dataset, Variable } from "../dataset.ts";
import { readCoordinate } from "../decode.ts";
import { textOf } from "../text-of.ts";
import { decodeTime } from "../time.ts";
import type { TimeSource } from "../time-source.ts";
import { readValidTimes } from "../valid-time.ts";

/**
 * The times of fields of days. Where the file says of all that they are dated with the end of what they are of, by the bounds
 * of its times, they have the start of it instead: the last day of January, as CESM dates it, is not of February.
 */
export function dayTimes(dataset: Dataset, name: string, source: TimeSource): Float64Array {
  const { seconds } = readValidTimes(dataset, name, source, 0);
  const cells = source.kind === "time" ? cellsOf(dataset, source.coordinate) : undefined;
  if (cells?.length !== 2 * seconds.length) return seconds;
  const areEnds = seconds.every((time, i) => cells[2 * i + 1] === time && cells[2 * i]! < time);
  return areEnds ? seconds.map((_, i) => cells[2 * i]!) : seconds;
}

/** Start and end of every cell of a coordinate; undefined where it has none that are times. */
export function cellsOf(dataset: Dataset, coordinate: Variable): Float64Array | undefined {
  const bounds = dataset.variables.get(textOf(coordinate, "bounds"));
  if (bounds === undefined || bounds.dimensions[0] !== coordinate.name || bounds.shape[1] !== 2) return undefined;
  // CF: bounds without units have those of their coordinate.
  const units = textOf(bounds, "units") || textOf(coordinate, "units");
  const calendar = textOf(bounds, "calendar") || textOf(coordinate, "calendar") || undefined;
  try {
    return decodeTime(readCoordinate(dataset, bounds.name), units, calendar, dataset.file).seconds;
  } catch (error) {
    // Bounds that are no times say nothing of the times, which are right without them.
    if (isInputError(error, "BadTime", "NotNumeric", "TooLarge")) return undefined;
    throw error;
  }
}
