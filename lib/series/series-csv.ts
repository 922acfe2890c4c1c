import { timeText } from "../time.ts";
import { numberText } from "./number-text.ts";
import { LONGEST_NUMBER, writeDouble, writeFloat } from "./write-float.ts";

/**
 * CSVs are UTF-8 with lines that end in `\n`, in two parts: the history, which the stations of a cell share, today and
 * tomorrow, and the tail.
 */

/** How far times are written: to the second, or the day alone. */
export type Times = "second" | "day";

/** What the histories of a grid share. */
export interface HistoryFrame {
  /** Name of the value column. */
  readonly column: string;
  /** Text of a missing value. */
  readonly missing: string;
  /** UTC seconds since 1970 of the observed months, in order. */
  readonly seconds: readonly number[];
  readonly times?: Times | undefined;
}

/** What all tails of a run share. */
export interface TailFrame {
  readonly missing: string;
  /** The whole lines between history and forecast: the row for now, or nothing. */
  readonly gap: string;
  /** Start of every forecast line, one for each lead. */
  readonly leads: readonly string[];
}

/** How the line of a time begins. @param time - `YYYY-MM-DD HH:MM:SS` */
export function lineStart(time: string, times: Times = "second"): string {
  return times === "day" ? `${time.slice(0, "YYYY-MM-DD".length)},` : `${time},`;
}

/** What a history takes at most, in bytes. */
export function longestHistory({ column, missing, seconds }: HistoryFrame): number {
  const [header, value] = [Buffer.byteLength(column), Math.max(LONGEST_NUMBER, Buffer.byteLength(missing))];
  return header + ",\n".length + seconds.length * (lineStart(timeText(0)).length + value + "\n".length);
}

/**
 * Writes the history of a cell: the header, with an empty index name, and the observed months.
 *
 * @param anomalies - as many as the frame's months; NaN is missing
 * @param at - where in `into` it begins; the bytes up to {@link longestHistory} behind that may be written to
 * @returns where it ends
 */
export type WriteHistory = (anomalies: Float32Array | Float64Array, into: Uint8Array, at: number) => number;

export function historyWriter({ column, missing, seconds, times }: HistoryFrame): WriteHistory {
  const utf8 = new TextEncoder();
  const header = utf8.encode(`,${column}\n`);
  const starts = lineStartsOf(seconds, times);
  const missingLine = utf8.encode(`${missing}\n`);
  return (anomalies, into, from) => {
    requireLength(anomalies, seconds);
    const write = anomalies instanceof Float32Array ? writeFloat : writeDouble;
    let at = writeBytes(into, from, header);
    for (let i = 0; i < anomalies.length; i++) {
      at = writeBytes(into, at, starts[i]!);
      const value = anomalies[i]!;
      if (Number.isNaN(value)) {
        at = writeBytes(into, at, missingLine);
      } else {
        at = write(into, at, value);
        into[at++] = NEWLINE;
      }
    }
    return at;
  };
}

/** By the times, which the chunks of a process share: to write them takes as long as a tenth of their histories. */
const madeStarts = {
  second: new WeakMap<readonly number[], readonly Uint8Array[]>(),
  day: new WeakMap<readonly number[], readonly Uint8Array[]>(),
};

function lineStartsOf(seconds: readonly number[], times: Times = "second"): readonly Uint8Array[] {
  const utf8 = new TextEncoder();
  const made = madeStarts[times];
  const starts = made.get(seconds) ?? seconds.map((time) => utf8.encode(lineStart(timeText(time), times)));
  made.set(seconds, starts);
  return starts;
}

/** Makes the rest of a CSV: the row for now, and the forecast, of as many values as the frame's leads; NaN is missing. */
export function tailWriter({ missing, gap, leads }: TailFrame): (forecast: readonly number[]) => Uint8Array {
  const utf8 = new TextEncoder();
  return (forecast) => {
    requireLength(forecast, leads);
    const text = (value: number) => (Number.isNaN(value) ? missing : numberText(value));
    return utf8.encode(gap + leads.map((start, i) => `${start}${text(forecast[i]!)}\n`).join(""));
  };
}

const NEWLINE = 10;

/** For a few bytes faster than `set`. */
function writeBytes(into: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i]!;
  return at + bytes.length;
}

function requireLength(values: ArrayLike<number>, times: ArrayLike<unknown>): void {
  if (values.length !== times.length) throw new RangeError(`${values.length} values for ${times.length} times`);
}
