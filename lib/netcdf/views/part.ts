import { InputError } from "../../errors.ts";
import { findCoordinates } from "../coordinates.ts";
import type { Attributes, Dataset, NumericType, Variable } from "../dataset.ts";
import { readCoordinate } from "../decode.ts";
import { findNumeric } from "../slab.ts";
import { findTimeSource } from "../time-source.ts";
import { readValidTimes } from "../valid-time.ts";
import { dayTimes } from "./day-times.ts";

/** One of several files; each is opened when it is read, and closed again. */
export interface Part {
  /** What messages call it. */
  readonly file: string;
  /** Opens it, with the variable in the shape (time, lat, lon), or with more dimensions of length 1. */
  readonly open: () => Promise<Dataset>;
  /** Whether its fields are days, or parts of days. */
  readonly isDaily?: boolean;
}

/** What is known of a part, once it was opened. */
export interface KnownPart extends Part {
  readonly variable: Variable;
  readonly type: NumericType;
  /** Positions of time, latitude and longitude among its dimensions. */
  readonly at: readonly [time: number, lat: number, lon: number];
  /** UTC seconds since 1970. */
  readonly times: Float64Array;
  /** How many of them are of dates that the real calendar lacks. */
  readonly moved: number;
  readonly lat: Float32Array | Float64Array;
  readonly lon: Float32Array | Float64Array;
  /** Of the whole file. */
  readonly attributes: Attributes;
}

/** Opens a part, and closes it again. @throws InputError `BadDimensions`, and as finding its coordinates does */
export async function lookAt(part: Part, name: string): Promise<KnownPart> {
  const dataset = await part.open();
  try {
    const { variable, type } = findNumeric(dataset, name);
    const { time, lat, lon } = findCoordinates(dataset, name);
    const at = [time, lat, lon].map((dimension) => variable.dimensions.indexOf(dimension)) as [number, number, number];
    const others = variable.dimensions.filter((_, d) => !at.includes(d) && variable.shape[d] !== 1);
    if (others.length > 0) {
      throw new InputError("BadDimensions", `"${name}" has the dimensions ${variable.dimensions.join(", ")}`, {
        file: part.file,
        hint: `Files are joined along time, where ${others.join(" and ")} has one value`,
      });
    }
    const source = findTimeSource(dataset, name)!;
    const { seconds, moved } = readValidTimes(dataset, name, source, 0);
    return {
      ...part,
      variable,
      type,
      at,
      times: part.isDaily === true ? dayTimes(dataset, name, source) : seconds,
      moved,
      lat: readCoordinate(dataset, lat),
      lon: readCoordinate(dataset, lon),
      attributes: dataset.attributes,
    };
  } finally {
    dataset.close();
  }
}
