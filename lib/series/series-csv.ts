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

/** Makes the CSVs of a run: a header with an empty index name, the observed anomalies, the row for now, the forecast. */
export interface SeriesWriter {
  /**
   * The CSV's beginning, which the stations of a cell share: header and observed anomalies.
   *
   * @param anomalies - as many as the frame's history; NaN is missing
   */
  history(anomalies: Float32Array): Uint8Array;
  /**
   * The CSV of one station. Lines end in `\n`.
   *
   * @param history - as {@link SeriesWriter.history} gives it
   * @param forecast - forecast anomalies, as many as the frame's leads; NaN is missing
   */
  csv(history: Uint8Array, forecast: readonly number[]): Uint8Array;
}

export function seriesWriter({ column, missing, history, gap, leads }: SeriesFrame): SeriesWriter {
  const header = Buffer.from(`,${column}\n`);
  const starts = history.map((start) => Buffer.from(start));
  const gone = Buffer.from(`${missing}\n`);
  const longest =
    header.length +
    starts.reduce((sum, start) => sum + start.length, 0) +
    history.length * (LONGEST_NUMBER + gone.length);
  const buffer = new Uint8Array(longest);
  buffer.set(header);
  return {
    history(anomalies) {
      requireLength(anomalies, history);
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
      return buffer.slice(0, at);
    },

    csv(beginning, forecast) {
      requireLength(forecast, leads);
      const lines = leads.map(
        (start, i) => `${start}${Number.isNaN(forecast[i]) ? missing : numberText(forecast[i]!)}\n`,
      );
      return Buffer.concat([beginning, Buffer.from(gap + lines.join(""))]);
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
