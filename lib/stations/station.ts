import type { Warning } from "../warning.ts";
import type { Encoding } from "./encoding.ts";

/** One row of the station table. */
export interface Station {
  /** Safe as a file name: 1 to 64 of `A-Z a-z 0-9 _ -`. Text ids keep their leading zeros. */
  readonly id: string;
  /** Any text without control characters; empty where the table has no such column. */
  readonly name: string;
  /** As `name`. */
  readonly province: string;
  /** Degrees north, [-90, 90]. */
  readonly lat: number;
  /** Degrees east, [-180, 360], as the table has it: not brought into one range. */
  readonly lon: number;
  /** Metres; NaN where the table has no such column or its text is not a number. It is never computed with. */
  readonly elevation: number;
}

/** A row that cannot be used, and why. */
export interface RejectedRow {
  /** Counted from 1, as a spreadsheet shows it. */
  readonly row: number;
  /** What stands in the id column, where that is not what is wrong with it. */
  readonly id?: string;
  /** A sentence with the value found and what would be valid. */
  readonly reason: string;
  readonly kind: RejectionKind;
}

export type RejectionKind =
  | "id" // not usable as a file name
  | "coordinate" // latitude or longitude not understood or off the globe
  | "duplicate" // an earlier row has the id
  | "fields"; // more fields than the header: a delimiter inside a value shifted the rest

export interface StationTable {
  /** In the order of the table. */
  readonly stations: readonly Station[];
  readonly rejected: readonly RejectedRow[];
  /** Numbers of the rows that were dropped because a recognised column is empty in them, as pandas' `dropna` does. */
  readonly emptyRows: readonly number[];
  /** What was read, and may not be what is meant. */
  readonly warnings: readonly Warning[];
  /** Of a CSV. */
  readonly encoding?: Encoding;
}
