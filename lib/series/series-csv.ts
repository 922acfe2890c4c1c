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

/** Writes a run's CSVs, UTF-8 with lines that end in `\n`, in two parts: stations of one cell share the first. */
export interface SeriesWriter {
  /**
   * The header, with an empty index name, and the observed months.
   *
   * @param anomalies - as many as the frame's history; NaN is missing
   */
  history(anomalies: Float32Array): Uint8Array;
  /**
   * The whole CSV of a station: its cell's history, the row for now, the forecast.
   *
   * @param forecast - as many as the frame's leads; NaN is missing
   */
  csv(history: Uint8Array, forecast: readonly number[]): Uint8Array;
}

/** How the line of a time begins. */
export function lineStart(time: string): string {
  return `${time},`;
}

export function seriesWriter({ column, missing, history, gap, leads }: SeriesFrame): SeriesWriter {
  const utf8 = new TextEncoder();
  const header = utf8.encode(`,${column}\n`);
  const starts = history.map((start) => utf8.encode(start));
  const missingLine = utf8.encode(`${missing}\n`);
  const longest = LONGEST_NUMBER + 1 + missingLine.length;
  const most = header.length + starts.reduce((sum, start) => sum + start.length + longest, 0);
  return {
    history(anomalies) {
      requireLength(anomalies, history);
      // Not filled with zeros, and longer than needed: a copy of the right length would take longer than the rest of it.
      const buffer = Buffer.allocUnsafeSlow(most);
      let at = writeBytes(buffer, 0, header);
      for (let i = 0; i < anomalies.length; i++) {
        at = writeBytes(buffer, at, starts[i]!);
        const value = anomalies[i]!;
        if (Number.isNaN(value)) {
          at = writeBytes(buffer, at, missingLine);
        } else {
          at = writeFloat(buffer, at, value);
          buffer[at++] = NEWLINE;
        }
      }
      return buffer.subarray(0, at);
    },
    csv(past, forecast) {
      requireLength(forecast, leads);
      const lines = leads.map(
        (start, i) => `${start}${Number.isNaN(forecast[i]) ? missing : numberText(forecast[i]!)}\n`,
      );
      return Buffer.concat([past, utf8.encode(gap + lines.join(""))]);
    },
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
