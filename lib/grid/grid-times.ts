import { InputError } from "../errors.ts";
import { sortBy } from "../netcdf/commands.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { dayTimes } from "../netcdf/views/day-times.ts";
import { areWithinMonths, stepOf } from "../netcdf/views/days.ts";
import { monthText } from "../time.ts";
import { counted, type Warning } from "../warning.ts";
import { historyWarnings, rangeText } from "./archive-warnings.ts";
import type { GridRequest } from "./grid-order.ts";
import { emptyWeeks, rowTimes, weeksOf } from "./weeks.ts";

/** When the rows of a grid are, and the fields of the archive that they are made of. */
export interface GridTimes {
  /** Of every month, or week, UTC seconds since 1970. */
  readonly seconds: readonly number[];
  /** Position in the archive of the first field that is used, and the times of all from there on. */
  readonly firstIndex: number;
  readonly fields: readonly number[];
  /** What is missing between the first and the last. */
  readonly warnings: readonly Warning[];
  /** Dates of a model calendar that the real one lacks. */
  readonly moved: number;
}

/**
 * The times of a grid, from its first month on.
 *
 * @param along - the dimension of the times
 * @throws InputError `BadTime` where they fall, have no month or week from the first one on, or are days of which nothing is
 *   to be made
 */
export function gridTimes(dataset: Dataset, request: GridRequest, along: string): GridTimes {
  const { file } = dataset;
  const { times, moved } = fieldTimes(dataset, request);
  for (let i = 1; i < times.length; i++) {
    if (times[i]! < times[i - 1]!) {
      throw new InputError("BadTime", `its times go back from ${monthText(times[i - 1]!)} to ${monthText(times[i]!)}`, {
        file,
        hint: `Sort the archive by time first, e.g. by: ${sortBy(along)}`,
      });
    }
  }
  if (request.weekly === undefined && areWithinMonths(times)) throw noMonths(file, times);
  const first = Date.parse(`${request.firstMonth}-01T00:00:00Z`) / 1000;
  const firstIndex = times.findIndex((time) => time >= first);
  if (firstIndex === -1) {
    throw new InputError("BadTime", `has no month from ${request.firstMonth} on`, {
      file,
      hint: `Its times are ${rangeText(times)}: choose an earlier first month, or a newer archive`,
    });
  }
  const used = times.subarray(firstIndex);
  const fields = Array.from(used);
  if (request.weekly === undefined) {
    return { seconds: fields, firstIndex, fields, warnings: historyWarnings(fields), moved };
  }
  const weeks = weeksOf(used, request, file);
  return { seconds: rowTimes(weeks, request.weeks), firstIndex, fields, warnings: emptyWeeks(weeks), moved };
}

/** The times of all fields of an archive; those of days are the starts of what they are of. */
export function fieldTimes(dataset: Dataset, { variable, weekly }: Pick<GridRequest, "variable" | "weekly">) {
  const source = findTimeSource(dataset, variable)!;
  const { seconds, moved } = readValidTimes(dataset, variable, source, 0);
  return { times: weekly === undefined ? seconds : dayTimes(dataset, variable, source), moved };
}

function noMonths(file: string, seconds: Float64Array): InputError {
  const hours = stepOf(seconds)! / 3600;
  const apart = hours < 24 ? counted(hours, "hour") : counted(hours / 24, "day");
  return new InputError("BadTime", `its times are ${apart} apart, and not months`, {
    file,
    hint: 'Set observations.frequency of the product to "daily": months are then made of them',
  });
}
