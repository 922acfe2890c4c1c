import { numberText } from "./number-text.ts";

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
 * The CSV of one station: a header with an empty index name, the observed anomalies, the row for now, the forecast
 * anomalies. Lines end in `\n`.
 *
 * @param anomalies - observed anomalies, as many as `frame.history`; NaN is missing
 * @param forecast - forecast anomalies, as many as `frame.leads`; NaN is missing
 */
export function seriesCsv(frame: SeriesFrame, anomalies: Float32Array, forecast: ArrayLike<number>): string {
  const { history, leads, missing } = frame;
  if (anomalies.length !== history.length || forecast.length !== leads.length) {
    throw new RangeError(
      `series of ${anomalies.length} + ${forecast.length} values for ${history.length} + ${leads.length} times`,
    );
  }
  let text = `,${frame.column}\n`;
  for (let i = 0; i < anomalies.length; i++) text += line(history[i]!, anomalies[i]!, missing);
  text += frame.gap;
  for (let i = 0; i < leads.length; i++) text += line(leads[i]!, forecast[i]!, missing);
  return text;
}

function line(start: string, value: number, missing: string): string {
  return `${start}${Number.isNaN(value) ? missing : numberText(value)}\n`;
}
