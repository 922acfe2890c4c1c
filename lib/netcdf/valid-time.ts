import { InputError } from "../errors.ts";
import { setAttribute } from "./commands.ts";
import { readTimes } from "./coordinates.ts";
import type { Dataset, Slab, Variable } from "./dataset.ts";
import { readCoordinate, requireFew } from "./decode.ts";
import { startOfMonthMeant } from "./month-end.ts";
import { findVariable } from "./slab.ts";
import { textOf } from "./text-of.ts";
import { type DecodedTimes, decodeLeads, decodeTime, type Leads, type ScaledTime } from "./time.ts";
import type { TimeSource } from "./time-source.ts";
import { timeUnit } from "./time-units.ts";

/** When values are valid, and when their forecast starts. */
export interface ValidTimes extends DecodedTimes {
  /** The dimension along which the times lie; undefined where all values have one. */
  readonly along: string | undefined;
  /** UTC seconds since 1970; undefined where the file does not tell. */
  readonly initial: number | undefined;
}

/**
 * The times that a variable's values are valid for, one for each position along `source.along`, or one where that is
 * undefined. Monthly means that are dated with the month's end have its start instead.
 *
 * @param source - as findTimeSource gives it for the variable
 * @param init - position along the dimension of initial times
 * @throws InputError `BadTime`; `MissingVariable`, `NotNumeric`, `BadSlab` and those of reading
 */
export function readValidTimes(dataset: Dataset, variableName: string, source: TimeSource, init: number): ValidTimes {
  const initial = initialOf(dataset, source, init);
  const known = initial === undefined ? undefined : utcOf(initial, dataset.file);
  const times = timesOf(dataset, source, init);
  const variable = findVariable(dataset, variableName);
  return {
    ...times,
    along: source.along,
    seconds: startOfMonthMeant(dataset, variable, source, times.seconds, known),
    initial: known,
  };
}

function timesOf(dataset: Dataset, source: TimeSource, init: number): DecodedTimes {
  switch (source.kind) {
    case "time":
    case "initial":
      return readTimes(dataset, source.coordinate.name, slabAt(source.coordinate, source, init));
    case "lead": {
      const leads = leadsOf(dataset, source.lead);
      // Of one lead, the forecasts of all starts.
      if (source.along === source.init && source.init !== undefined) return ofEveryStart(dataset, source, leads);
      return decodeLeads(initialOf(dataset, source, init)!, leads, dataset.file);
    }
    default:
      return source satisfies never;
  }
}

function ofEveryStart(dataset: Dataset, source: TimeSource, leads: Leads): DecodedTimes {
  const starts = findVariable(dataset, source.init!).shape[0]!;
  requireFew(dataset, source.init!, starts);
  const each = Array.from({ length: starts }, (_, i) =>
    decodeLeads(initialOf(dataset, source, i)!, leads, dataset.file),
  );
  return {
    seconds: Float64Array.from(each, ({ seconds }) => seconds[0]!),
    moved: each.reduce((sum, { moved }) => sum + moved, 0),
  };
}

/** The initial time at a position. */
function initialOf(dataset: Dataset, { initial }: TimeSource, position: number): ScaledTime | undefined {
  if (initial === undefined || "value" in initial) return initial;
  const at = initial.shape[0] === 1 ? 0 : position;
  const slab: Slab = initial.shape.map(() => [at, at + 1]);
  const units = textOf(initial, "units");
  if (/\ssince\s/i.test(units)) {
    const [value = Number.NaN] = readCoordinate(dataset, initial.name, slab);
    return { value, units, calendar: textOf(initial, "calendar") || undefined };
  }
  const [value = Number.NaN] = readTimes(dataset, initial.name, slab).seconds;
  return { value, units: "seconds since 1970-01-01", calendar: "proleptic_gregorian" };
}

function utcOf({ value, units, calendar }: ScaledTime, file: string): number {
  return decodeTime([value], units, calendar, file).seconds[0]!;
}

/** The part of a coordinate that belongs to the chosen initial time. */
function slabAt({ dimensions, shape }: Variable, { init, along }: TimeSource, position: number): Slab {
  return shape.map((size, d) => (dimensions[d] === init && init !== along ? [position, position + 1] : [0, size]));
}

/** Leads that count months from 1, the calendar month of the initial time; those called `step` are GRIB's `fcmonth`. */
const FROM_ONE = /^(forecastmonth|fcmonth|leadtime_month)(_\d+)?$/i;

function leadsOf(dataset: Dataset, lead: Variable): Leads {
  const units = textOf(lead, "units").toLowerCase();
  const values = readCoordinate(dataset, lead.name);
  const fromOne = FROM_ONE.test(lead.name);
  if (fromOne && ["", "1", "month", "months"].includes(units)) return { values, unit: "month", fromOne };
  const unit = timeUnit(units);
  if (unit !== undefined) {
    return { values, unit, fromOne: fromOne || (unit === "month" && lead.name.toLowerCase() === "step") };
  }
  throw new InputError("BadTime", `its lead "${lead.name}" has ${units === "" ? "no units" : `the units "${units}"`}`, {
    file: dataset.file,
    choices: ["months", "weeks", "days", "hours", "minutes", "seconds"],
    hint: `Set them, e.g. by: ${setAttribute("units", lead.name, "months")}`,
  });
}
