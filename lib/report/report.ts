import type { PlannedValue, Receipt } from "../run/chunk-records.ts";
import { keptSeries } from "../run/kept-series.ts";
import type { Manifest, StationsRecord, TableStation } from "../run/records.ts";

/** All that the page and the table of a run are made of. */
export interface Report {
  readonly manifest: Manifest;
  /** Name of the CSVs' value column. */
  readonly column: string;
  /** What the run knew of its stations; without stations where it failed before they were planned. */
  readonly about: StationsRecord;
  /**
   * Observed anomalies, in the archive's units, one for each of the observed months, of every cell that has stations;
   * NaN is missing. None for a run of too many cells: the CSVs alone then have them.
   */
  readonly series: readonly Float32Array[];
  /** Positions in `series` by the name of the cell, `lat,lon`. */
  readonly positions: ReadonlyMap<string, number>;
  /** Ids of the stations that were not written. */
  readonly unwritten: ReadonlySet<string>;
}

/** @param receipts - those that count */
export function reportOf(
  manifest: Manifest,
  column: string,
  about: StationsRecord,
  receipts: Iterable<Receipt>,
): Report {
  const series: Float32Array[] = [];
  const positions = new Map<string, number>();
  const rebased = new Map<string, readonly PlannedValue[]>();
  for (const receipt of receipts) {
    for (const [id, forecast] of Object.entries(receipt.rebased ?? {})) rebased.set(id, forecast);
    if (receipt.series === undefined) continue;
    for (const [cell, values] of keptSeries(receipt.series)) {
      // Neighbours of two chunks can share a cell.
      if (!positions.has(cell)) positions.set(cell, series.push(values) - 1);
    }
  }
  const unwritten = new Set(manifest.missing.flatMap(({ stations }) => stations));
  const isRebased = manifest.forecast?.base?.rebased === true;
  // As planned it is relative to other years: of a station that was not written there is none to be shown.
  const forecastOf = ({ id, forecast }: TableStation) => rebased.get(id) ?? forecast.map(() => null);
  const stations = isRebased ? about.stations.map((station) => ({ ...station, forecast: forecastOf(station) })) : [];
  return {
    manifest,
    column,
    about: isRebased ? { ...about, stations } : about,
    series,
    positions,
    unwritten,
  };
}

/** Position of a station's series; undefined where it was not written, or there are no series. */
export function seriesPosition({ positions, unwritten }: Report, { id, cell }: TableStation): number | undefined {
  return unwritten.has(id) ? undefined : positions.get(cell.join());
}
