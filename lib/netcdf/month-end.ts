import { isInputError } from "../errors.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { read } from "./decode.ts";
import { textOf } from "./roles.ts";
import { decodeTime } from "./time.ts";
import type { TimeSource } from "./time-source.ts";

/**
 * The times, or the starts of the months before them where the file says that its monthly means are dated with their
 * end, midnight of the next month's first day. Two things say so, and then of all times:
 *
 * - the time coordinate has `bounds`, and each time is the end of a cell that is one whole month;
 * - the variable was GRIB (`GRIB_dataType` or `GRIB_stepType` say that it is a mean) and is a forecast from a month's
 *   first day: GRIB's step goes to the end of the mean. The mean of the first month has then a time after the start.
 *
 * @param seconds - UTC seconds since 1970
 * @param initial - the time that the forecast starts from
 */
export function startOfMonthMeant(
  dataset: Dataset,
  variable: Variable,
  source: TimeSource,
  seconds: Float64Array,
  initial: number | undefined,
): Float64Array {
  if (seconds.length === 0 || !seconds.every(isStartOfMonth)) return seconds;
  const before = seconds.map(monthBefore);
  if (source.kind === "time" && hasCells(dataset, source.coordinate, before, seconds)) return before;
  const isMean = MEAN.test(textOf(variable, "GRIB_dataType")) || MEAN.test(textOf(variable, "GRIB_stepType"));
  const isStep = initial !== undefined && isStartOfMonth(initial) && seconds.every((time) => time > initial);
  return isMean && isStep && !countsMonths(source) ? before : seconds;
}

/** `fcmean`, `emmean`; `avg`, `avgua`, `avgfc`. */
const MEAN = /^(avg|.*mean$)/i;

/** Leads of months are not GRIB's steps, and are dated already. */
function countsMonths(source: TimeSource): boolean {
  return (
    source.kind === "lead" &&
    !/^(days?|d|hours?|hrs?|h|minutes?|seconds?|s|nanoseconds?)$/i.test(textOf(source.lead, "units"))
  );
}

/** Whether the cells of a coordinate of one dimension go from `starts` to `ends`. */
function hasCells(dataset: Dataset, coordinate: Variable, starts: Float64Array, ends: Float64Array): boolean {
  const bounds = dataset.variables.get(textOf(coordinate, "bounds"));
  if (bounds === undefined || bounds.dimensions[0] !== coordinate.dimensions[0]) return false;
  if (coordinate.dimensions.length !== 1 || bounds.shape.length !== 2 || bounds.shape[1] !== 2) return false;
  // CF: bounds without units have those of their coordinate.
  const units = textOf(bounds, "units") || textOf(coordinate, "units");
  const calendar = textOf(bounds, "calendar") || textOf(coordinate, "calendar") || undefined;
  try {
    const { seconds } = decodeTime(read(dataset, bounds.name), units, calendar, dataset.file);
    return ends.every((end, i) => seconds[2 * i] === starts[i] && seconds[2 * i + 1] === end);
  } catch (error) {
    // Bounds that are no times say nothing of the times, which are right without them.
    if (isInputError(error, "BadTime", "NotNumeric")) return false;
    throw error;
  }
}

function isStartOfMonth(seconds: number): boolean {
  const date = new Date(seconds * 1000);
  return date.getUTCDate() === 1 && seconds % 86_400 === 0;
}

function monthBefore(seconds: number): number {
  const date = new Date(seconds * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1) / 1000;
}
