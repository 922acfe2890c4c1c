import type { Attribute, Attributes, Dimension, Variable } from "../dataset.ts";

/** A coordinate variable and its values. */
interface Coordinate {
  readonly variable: Variable;
  readonly values: Float64Array;
}

/** What a coordinate is to have. */
export interface Wanted {
  readonly name: string;
  readonly values: Float64Array;
  readonly attributes: Attributes;
}

/**
 * The coordinates of a file. Variables share those that are the same; others of the same name have a number behind it, from
 * 2 on: `step_2`.
 */
export class Coordinates {
  readonly #all = new Map<string, Coordinate>();
  readonly #dimensions = new Map<string, Dimension>();

  /** The name of a dimension with these values. */
  dimension(wanted: Wanted): string {
    const name = this.#add(wanted, (own) => [own], [wanted.values.length]);
    this.#dimensions.set(name, { name, size: wanted.values.length, unlimited: false });
    return name;
  }

  /** The name of a coordinate along other dimensions, or of one value along none. */
  auxiliary(wanted: Wanted, dimensions: readonly string[]): string {
    const shape = dimensions.map((dimension) => this.#dimensions.get(dimension)!.size);
    return this.#add(wanted, () => dimensions, shape);
  }

  get dimensions(): ReadonlyMap<string, Dimension> {
    return this.#dimensions;
  }

  get variables(): readonly Variable[] {
    return Array.from(this.#all.values(), ({ variable }) => variable);
  }

  /** Undefined where there is no such coordinate. */
  valuesOf(name: string): Float64Array | undefined {
    return this.#all.get(name)?.values;
  }

  #add(
    { name, values, attributes }: Wanted,
    dimensionsOf: (own: string) => readonly string[],
    shape: readonly number[],
  ): string {
    for (let number = 1; ; number++) {
      const own = number === 1 ? name : `${name}_${number}`;
      const dimensions = dimensionsOf(own);
      const found = this.#all.get(own);
      if (found === undefined) {
        this.#all.set(own, { variable: { name: own, type: "float64", dimensions, shape, attributes }, values });
        return own;
      }
      const same =
        found.variable.dimensions.join("\n") === dimensions.join("\n") &&
        found.values.length === values.length &&
        found.values.every((value, i) => value === values[i]);
      if (same) return own;
    }
  }
}

export function text(value: string): Attribute {
  return { type: "char", value };
}

/** Attributes of texts. */
export function texts(values: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
}

/** Attributes of coordinates, as cfgrib gives them. */
export const COORDINATE_ATTRIBUTES = {
  number: texts({ long_name: "ensemble member numerical id", units: "1", standard_name: "realization" }),
  time: texts({
    long_name: "initial time of forecast",
    units: "seconds since 1970-01-01T00:00:00",
    calendar: "proleptic_gregorian",
    standard_name: "forecast_reference_time",
  }),
  step: texts({
    long_name: "time since forecast_reference_time",
    units: "hours",
    standard_name: "forecast_period",
  }),
  valid_time: texts({
    long_name: "time",
    units: "seconds since 1970-01-01T00:00:00",
    calendar: "proleptic_gregorian",
    standard_name: "time",
  }),
  forecastMonth: texts({
    long_name: "months since forecast_reference_time",
    units: "1",
    standard_name: "forecast_period",
  }),
  latitude: texts({ units: "degrees_north", standard_name: "latitude", long_name: "latitude" }),
  longitude: texts({ units: "degrees_east", standard_name: "longitude", long_name: "longitude" }),
} as const;

/** Kinds of levels that CF has a name for. */
const LEVELS: Readonly<Record<string, Attributes>> = {
  isobaricInhPa: texts({ long_name: "pressure", units: "hPa", positive: "down", standard_name: "air_pressure" }),
  isobaricLayer: texts({ long_name: "pressure", units: "hPa", positive: "down", standard_name: "air_pressure" }),
  heightAboveGround: texts({
    long_name: "height above the surface",
    units: "m",
    positive: "up",
    standard_name: "height",
  }),
  heightAboveSea: texts({
    long_name: "height above mean sea level",
    units: "m",
    positive: "up",
    standard_name: "altitude",
  }),
  depthBelowLand: texts({ long_name: "soil depth", units: "m", positive: "down", standard_name: "depth" }),
  depthBelowLandLayer: texts({ long_name: "soil depth", units: "m", positive: "down", standard_name: "depth" }),
  depthBelowSea: texts({ long_name: "depth", units: "m", positive: "down", standard_name: "depth" }),
};

export function levelAttributes(type: string): Attributes {
  return (
    LEVELS[type] ?? texts({ long_name: `original GRIB coordinate for key: level(${type})`, units: "1", axis: "Z" })
  );
}
