import { cellDistance } from "../grid/axis.ts";
import { isFirstValid, type WeightedCell } from "../grid/station-method.ts";
import type { PlannedValue, Receipt } from "../run/chunk-records.ts";
import { plannedValue, valueOf } from "../run/planned-value.ts";
import type { Manifest, StationsRecord, TableStation } from "../run/records.ts";
import { nameOf } from "../run/station-series.ts";
import type { ReportHistory } from "./report-history.ts";
import type { Shares } from "./share-of-normal.ts";

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
  /** Of amounts: the forecast in percent of the month's normal. */
  readonly shares?: Shares | undefined;
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
  return {
    ...about,
    stations: about.stations.map((station) => {
      const forecast = forecastOf(station);
      return { ...station, forecast, ...rebasedSpread(station, forecast) };
    }),
  };
}

/** As far from the forecast as it was. */
function rebasedSpread({ spread, forecast: planned }: TableStation, forecast: readonly PlannedValue[]) {
  if (spread === undefined) return {};
  const moved = (values: readonly PlannedValue[]) =>
    values.map((value, lead) => plannedValue(valueOf(value) + valueOf(forecast[lead]!) - valueOf(planned[lead]!)));
  return { spread: { low: moved(spread.low), high: moved(spread.high) } };
}

/**
 * The stations with the cells that their observations were taken from, where a method has them taken from several that it may be.
 *
 * @param receipts - those that count
 */
export function withTakenCells(about: StationsRecord, receipts: Iterable<Receipt>): StationsRecord {
  const { method } = about;
  if (method === undefined) return about;
  const taken = new Map<string, readonly WeightedCell[]>();
  for (const { cells = {} } of receipts) for (const [id, of] of Object.entries(cells)) taken.set(id, of);
  return {
    ...about,
    stations: about.stations.map((station) => {
      const cells = taken.get(station.id);
      if (cells === undefined) return station;
      const [cell] = cells;
      if (cell === undefined || !isFirstValid(method)) return { ...station, cells };
      return { ...station, cells, cellLat: cell.lat, cellLon: cell.lon, distanceKm: cellDistance(station, cell) };
    }),
  };
}

/** Position of a station's series; undefined where it was not written, or there are no series. */
export function seriesPosition({ history, unwritten }: Report, station: TableStation): number | undefined {
  return unwritten.has(station.id) ? undefined : history.positions.get(nameOf(station));
}
