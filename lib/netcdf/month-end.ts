import { isInputError } from "../errors.ts";
import type { Dataset, Variable } from "./dataset.ts";
import { readCoordinate } from "./decode.ts";
import { product } from "./slab.ts";
import { textOf } from "./text-of.ts";
import { decodeTime } from "./time.ts";
import type { TimeSource } from "./time-source.ts";
import { timeUnit } from "./time-units.ts";

/**
 * The times, or the starts of what their values are of, where the file says that they are dated with its end: 1 February,
 * midnight, for January. Two things say so, and then of all times:
 *
 * - the time coordinate has bounds, and each time is the end of a cell that is a month, or its first days;
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
  // Most times are within their month whatever their cells are, and bounds need not be read.
  if (seconds.length === 0 || !seconds.some(isStartOfMonth)) return seconds;
  const starts = source.kind === "time" ? startsOfCells(dataset, source.coordinate, seconds) : undefined;
  if (starts !== undefined) return starts;
  const isMean = MEAN.test(textOf(variable, "GRIB_dataType")) || MEAN.test(textOf(variable, "GRIB_stepType"));
  const isStep = initial !== undefined && isStartOfMonth(initial) && seconds.every((time) => time > initial);
  const isEnd = isMean && isStep && !countsMonths(source) && seconds.every(isStartOfMonth);
  return isEnd ? seconds.map(monthBefore) : seconds;
}

/** `fcmean`, `emmean`; `avg`, `avgua`, `avgfc`. */
const MEAN = /^(avg|.*mean$)/i;

/** Leads of months are not GRIB's steps, and are dated already. */
function countsMonths(source: TimeSource): boolean {
  if (source.kind !== "lead") return false;
  const unit = timeUnit(textOf(source.lead, "units"));
  return unit === undefined || unit === "month";
}

/** The starts of the cells of a coordinate, where each is a month or its first days, and its end the time. */
function startsOfCells(dataset: Dataset, coordinate: Variable, ends: Float64Array): Float64Array | undefined {
  const bounds = boundsOf(dataset, coordinate);
  if (bounds === undefined) return undefined;
  // CF: bounds without units have those of their coordinate.
  const units = textOf(bounds, "units") || textOf(coordinate, "units");
  const calendar = textOf(bounds, "calendar") || textOf(coordinate, "calendar") || undefined;
  let edges: Float64Array;
  try {
    edges = decodeTime(readCoordinate(dataset, bounds.name), units, calendar, dataset.file).seconds;
  } catch (error) {
    // Bounds that are no times, or too many, say nothing of the times, which are right without them.
    if (isInputError(error, "BadTime", "NotNumeric", "TooLarge")) return undefined;
    throw error;
  }
  const starts = ends.map((_, i) => edges[2 * i]!);
  const areMonths = ends.every((end, i) => edges[2 * i + 1] === end && starts[i] === monthBefore(end));
  // Two parts of a month stay apart.
  return areMonths && new Set(starts).size === new Set(ends).size ? starts : undefined;
}

/** The variable of a coordinate's cells: the one that it names, or that is called as CDO and CESM call it. */
function boundsOf(dataset: Dataset, coordinate: Variable): Variable | undefined {
  const { name, shape, dimensions } = coordinate;
  const named = textOf(coordinate, "bounds");
  const names = named === "" ? [`${name}_bnds`, `${name}_bounds`, `${name}_bound`] : [named];
  const found = names.map((bounds) => dataset.variables.get(bounds)).find((bounds) => bounds !== undefined);
  if (found?.shape.at(-1) !== 2 || shape.length > 1) return undefined;
  // Of one time they may lack its dimension, or have it where the time is a scalar.
  if (product(shape) === 1 && product(found.shape) === 2) return found;
  if (found.shape.join() !== [...shape, 2].join()) return undefined;
  return dimensions.every((dimension, i) => found.dimensions[i] === dimension) ? found : undefined;
}

function isStartOfMonth(seconds: number): boolean {
  const date = new Date(seconds * 1000);
  return date.getUTCDate() === 1 && seconds % 86_400 === 0;
}

/** The start of the month that ends at a time, or within which it lies. */
function monthBefore(seconds: number): number {
  const date = new Date((seconds - 1) * 1000);
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
}
