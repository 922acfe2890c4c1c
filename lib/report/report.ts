import type { PlannedValue, Receipt } from "../run/chunk-records.ts";
import type { Manifest, StationsRecord, TableStation } from "../run/records.ts";
import type { ReportHistory } from "./report-history.ts";

/** All that the page and the table of a run are made of. */
export interface Report {
  readonly manifest: Manifest;
  /** Name of the CSVs' value column. */
  readonly column: string;
  /** What the run knew of its stations; without stations where it failed before they were planned. */
  readonly about: StationsRecord;
  readonly history: ReportHistory;
  /** Ids of the stations that were not written. */
  readonly unwritten: ReadonlySet<string>;
}

/** Ids of the stations that a run did not write. */
export function unwrittenOf({ missing }: Manifest): Set<string> {
  return new Set(missing.flatMap(({ stations }) => stations));
}

/**
 * The stations with the forecasts that were written, where these are not the planned ones as they were rebased.
 *
 * @param receipts - those that count
 */
export function asWritten(about: StationsRecord, receipts: Iterable<Receipt>): StationsRecord {
  const rebased = new Map<string, readonly PlannedValue[]>();
  for (const receipt of receipts) {
    for (const [id, forecast] of Object.entries(receipt.rebased ?? {})) rebased.set(id, forecast);
  }
  // As planned it is relative to other years: of a station that was not written there is none to be shown.
  const forecastOf = ({ id, forecast }: TableStation) => rebased.get(id) ?? forecast.map(() => null);
  return { ...about, stations: about.stations.map((station) => ({ ...station, forecast: forecastOf(station) })) };
}

/** Position of a station's series; undefined where it was not written, or there are no series. */
export function seriesPosition({ history, unwritten }: Report, { id, cell }: TableStation): number | undefined {
  return unwritten.has(id) ? undefined : history.positions.get(cell.join());
}
