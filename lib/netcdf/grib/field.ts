import type { Grid } from "./grid.ts";
import type { Level } from "./level.ts";
import type { Packing } from "./packing/unpack.ts";
import type { Parameter } from "./parameters.ts";

/** Bytes of the file. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** One field of a file: what its headers say, and where its values are. */
export interface Field {
  /** The number of its message, counted from 1. */
  readonly message: number;
  readonly edition: 1 | 2;
  readonly centre: number;
  readonly parameter: Parameter;
  readonly level: Level;
  readonly time: FieldTime;
  /** Of an ensemble. */
  readonly member: number | undefined;
  /** What kind of data it is, such as `an` or `fcmean`. */
  readonly dataType: string | undefined;
  /** Whatever else tells it from another field, such as which quantile it is. */
  readonly variant: string;
  readonly grid: Grid;
  readonly packing: Packing;
  /** How many values are packed. */
  readonly count: number;
  /** One bit for each point of the grid; absent where all have a value. */
  readonly bitmap?: Range;
  readonly data: Range;
}

/** When a field is valid, all in UTC seconds since 1970. */
export interface FieldTime {
  /** The time that its forecast starts from. */
  readonly initial: number;
  /** The time of the values, or the end of the interval that they are made of. */
  readonly end: number;
  /** The statistic of the interval as ecCodes calls it: `avg`, `accum` …; `instant` where there is none. */
  readonly statistic: string;
  /** Of a value for one calendar month: that month, counted from that of `initial`, which is 1. */
  readonly forecastMonth?: number;
}
