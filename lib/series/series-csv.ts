import { numberText } from "./number-text.ts";
import { LONGEST_NUMBER, writeFloat } from "./write-float.ts";

/** What all CSVs of a run share. */
export interface SeriesFrame {
  /** Name of the value column. */
  readonly column: string;
  /** Text of a missing value. */
  readonly missing: string;
  /** Start of every line, a time and a comma: the observed months, in order. */
  readonly history: readonly string[];
  /** The whole lines between history and forecast: the row for now, or nothing. */
  readonly gap: string;
  /** Start of every forecast line, one for each lead. */
  readonly leads: readonly string[];
}

/**
 * The CSV of one station, UTF-8, lines ending in `\n`: a header with an empty index name, the observed anomalies, the row
 * for now, the forecast anomalies. The bytes are there until the next call.
 *
 * @param cell - names the anomalies: what was written of those of the last call's cell is not written anew
 * @param anomalies - as many as the frame's history; NaN is missing
 * @param forecast - as many as the frame's leads; NaN is missing
 */
export type WriteSeries = (cell: string, anomalies: Float32Array, forecast: readonly number[]) => Uint8Array;

/** A writer of a run's CSVs, all into one buffer. */
export function seriesWriter({ column, missing, history, gap, leads }: SeriesFrame): WriteSeries {
  const utf8 = new TextEncoder();
  const header = utf8.encode(`,${column}\n`);
  const starts = history.map((start) => utf8.encode(start));
  const gone = utf8.encode(`${missing}\n`);
  const lines = [...starts, ...leads.map((start) => utf8.encode(start))];
  const longest = LONGEST_NUMBER + 1 + gone.length;
  const buffer = new Uint8Array(
    header.length + utf8.encode(gap).length + lines.reduce((sum, start) => sum + start.length + longest, 0),
  );
  buffer.set(header);
  let written: { readonly cell: string; readonly end: number } | undefined;

  function writeHistory(anomalies: Float32Array): number {
    let at = header.length;
    for (let i = 0; i < anomalies.length; i++) {
      at = writeBytes(buffer, at, starts[i]!);
      const value = anomalies[i]!;
      if (Number.isNaN(value)) {
        at = writeBytes(buffer, at, gone);
      } else {
        at = writeFloat(buffer, at, value);
        buffer[at++] = NEWLINE;
      }
    }
    return at;
  }

  return (cell, anomalies, forecast) => {
    requireLength(anomalies, history);
    requireLength(forecast, leads);
    if (written?.cell !== cell) written = { cell, end: writeHistory(anomalies) };
    const rest = leads.map((start, i) => `${start}${Number.isNaN(forecast[i]) ? missing : numberText(forecast[i]!)}\n`);
    const tail = utf8.encodeInto(gap + rest.join(""), buffer.subarray(written.end));
    return buffer.subarray(0, written.end + tail.written);
  };
}

const NEWLINE = 10;

/** For a few bytes faster than `set`. */
function writeBytes(into: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i]!;
  return at + bytes.length;
}

function requireLength(values: ArrayLike<number>, times: readonly string[]): void {
  if (values.length !== times.length) throw new RangeError(`${values.length} values for ${times.length} times`);
}
