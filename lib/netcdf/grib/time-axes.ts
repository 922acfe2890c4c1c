import { COORDINATE_ATTRIBUTES, type Coordinates, type Wanted } from "./coordinates.ts";
import type { Field } from "./field.ts";

/** The coordinates of time of a variable's fields, and where each field is along them. */
export interface TimeAxes {
  readonly axes: readonly Axis[];
  /** Makes the coordinates that depend on others. @param named - what the dimensions are called that became some */
  addAuxiliaries(coordinates: Coordinates, named: ReadonlyMap<string, string>): string[];
}

/** A coordinate, along which each field has a value. */
export interface Axis extends Wanted {
  readonly valueOf: (field: Field) => number;
  /** Whether it is a dimension even of one value. */
  readonly kept?: boolean;
}

const HOUR = 3600;

/**
 * Initial times and leads: months counted from that of the initial time, where each value is one of a calendar month; else
 * steps in hours. Where initial times and steps are no whole rectangle, and all valid times differ, there is one
 * dimension of these.
 */
export function timeAxesOf(fields: readonly Field[]): TimeAxes {
  const initial = axis("time", fields, ({ time }) => time.initial);
  if (fields.every(({ time }) => time.forecastMonth !== undefined)) {
    const months = axis("forecastMonth", fields, ({ time }) => time.forecastMonth!);
    return { axes: kept(initial, months), addAuxiliaries: () => [] };
  }
  const steps = axis("step", fields, ({ time }) => (time.end - time.initial) / HOUR);
  if (isSparse(fields, initial, steps)) return byValidTime(fields);
  return {
    axes: kept(initial, steps),
    addAuxiliaries(coordinates, named) {
      const along = [initial, steps].filter(({ name }) => named.has(name));
      const values = initial.values.length * steps.values.length;
      const valid = Float64Array.from({ length: values }, (_, i) => {
        const [row, column] = [Math.floor(i / steps.values.length), i % steps.values.length];
        return initial.values[row]! + steps.values[column]! * HOUR;
      });
      const wanted = { name: "valid_time", values: valid, attributes: COORDINATE_ATTRIBUTES.valid_time };
      return [
        coordinates.auxiliary(
          wanted,
          along.map(({ name }) => named.get(name)!),
        ),
      ];
    },
  };
}

/** Of one time and one lead, the one that tells more is a dimension: a field without any is no series. */
function kept(initial: Axis, lead: Axis): Axis[] {
  if (initial.values.length > 1 || lead.values.length > 1) return [initial, lead];
  return lead.values[0] === 0 ? [{ ...initial, kept: true }, lead] : [initial, { ...lead, kept: true }];
}

function isSparse(fields: readonly Field[], initial: Axis, steps: Axis): boolean {
  if (initial.values.length === 1 || steps.values.length === 1) return false;
  const pairs = new Map(fields.map(({ time }) => [`${time.initial} ${time.end}`, time.end]));
  return pairs.size < initial.values.length * steps.values.length && new Set(pairs.values()).size === pairs.size;
}

function byValidTime(fields: readonly Field[]): TimeAxes {
  const valid = axis("valid_time", fields, ({ time }) => time.end);
  return {
    axes: [{ ...valid, kept: true }],
    addAuxiliaries(coordinates, named) {
      const initials = new Map(fields.map(({ time }) => [time.end, time.initial]));
      const times = valid.values.map((time) => initials.get(time)!);
      const along = [named.get("valid_time")!];
      const wanted = { name: "time", values: times, attributes: COORDINATE_ATTRIBUTES.time };
      return [coordinates.auxiliary(wanted, along)];
    },
  };
}

type TimeName = "time" | "step" | "forecastMonth" | "valid_time";

function axis(name: TimeName, fields: readonly Field[], valueOf: (field: Field) => number): Axis {
  return { name, values: distinct(fields, valueOf), attributes: COORDINATE_ATTRIBUTES[name], valueOf };
}

/** The values of all fields, each once, rising. */
export function distinct(fields: readonly Field[], valueOf: (field: Field) => number): Float64Array {
  return Float64Array.from(new Set(fields.map(valueOf))).sort();
}
