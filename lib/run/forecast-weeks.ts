import { InputError } from "../errors.ts";
import type { WeekOrder } from "../grid/grid-order.ts";
import { DAY, WEEK, weeksFrom } from "../grid/weeks.ts";
import type { Variable } from "../netcdf/dataset.ts";
import { textOf } from "../netcdf/text-of.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { cellsOf } from "../netcdf/views/day-times.ts";
import { timeText } from "../time.ts";
import { counted } from "../warning.ts";
import type { ForecastSelection } from "./forecast-selection.ts";
import type { Product } from "./product.ts";

/**
 * The weeks that a forecast is for, by its first lead: what the product says of its times; else the bounds of these; else the
 * end of the week for means and sums of GRIB, whose step goes there; else the first day, as public readers of CFSv2's
 * weeks take it.
 *
 * @throws InputError `BadTime` where its leads are no weeks
 */
export function weeksOfForecast(selection: ForecastSelection, product: Product): WeekOrder {
  const { dataset, seconds } = selection;
  const first = seconds[0]!;
  const other = seconds.find((time) => (time - first) % WEEK !== 0);
  if (other !== undefined)
    throw noWeeks(dataset.file, product, `it has leads for ${timeText(first)} and ${timeText(other)}`);
  return weeksFrom(beginOf(selection, first, product), first);
}

/** A time on the first day of the week that a lead is for. */
function beginOf({ dataset, variable, times }: ForecastSelection, time: number, product: Product): number {
  const { daysIntoWeek } = product.forecast;
  if (daysIntoWeek !== undefined) return time - daysIntoWeek * DAY;
  const source = findTimeSource(dataset, variable.name)!;
  const cells = source.kind === "time" ? cellsOf(dataset, source.coordinate) : undefined;
  if (cells?.length !== 2 * times.seconds.length) return isGribPeriod(variable) ? time - WEEK : time;
  const lead = times.seconds.indexOf(time);
  const [begin, end] = [cells[2 * lead]!, cells[2 * lead + 1]!];
  if (end - begin === WEEK) return begin;
  throw noWeeks(dataset.file, product, `its bounds are ${counted((end - begin) / DAY, "day")} apart`);
}

/** Whether the fields were GRIB's means or sums over a time that ends with their step. */
function isGribPeriod(variable: Variable): boolean {
  return /^(avg|accum)/.test(textOf(variable, "GRIB_stepType"));
}

function noWeeks(file: string, { name }: Product, problem: string): InputError {
  return new InputError("BadTime", `the product is of weeks, and ${problem}`, {
    file,
    hint: `Weeks are seven days apart: set forecast.select of product "${name}", or leave observations.weekly out`,
  });
}
