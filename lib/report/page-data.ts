import type { WarningKind } from "../warning.ts";
import { type Coast, coastOf, type Region, regionOf } from "./coast.ts";
import type { Land } from "./land.ts";
import type { PackedSeries } from "./packed.ts";
import { packSeries } from "./packed-series.ts";
import type { Report } from "./report.ts";

/** What a page holds of a run: columns instead of rows, and nothing twice, as it is to be small. */
export interface PageData
  extends Pick<
    Report,
    | "runId"
    | "product"
    | "status"
    | "error"
    | "now"
    | "finishedAt"
    | "seconds"
    | "inputs"
    | "forecast"
    | "leads"
    | "variable"
    | "baseline"
    | "counts"
  > {
  /** `YYYY-MM` of the observed months. */
  readonly history: readonly string[];
  readonly stations: {
    readonly id: readonly string[];
    readonly name: readonly string[];
    readonly province: readonly string[];
    readonly lat: readonly number[];
    readonly lon: readonly number[];
    readonly elevation: readonly (number | null)[];
    readonly distanceKm: readonly number[];
    readonly written: readonly (0 | 1)[];
    /** By lead; null is missing. */
    readonly forecast: readonly (readonly (number | null)[])[];
    /** Position of the packed series, -1 for none. */
    readonly series: readonly number[];
  };
  /** Key of a station's CSV, with {station} for its id. */
  readonly csv: string;
  readonly series: PackedSeries | null;
  readonly region: Region;
  readonly coast: Coast;
  readonly missing: readonly { readonly chunkId: string; readonly error: string; readonly stations: number }[];
  readonly warnings: readonly WarningGroup[];
}

/** Warnings of a kind and with the same words. */
export interface WarningGroup {
  readonly kind: WarningKind;
  readonly message: string;
  /** Positions of the stations that it is about. */
  readonly stations: readonly number[];
  /** Rows of the station table that it is about. */
  readonly rows: readonly number[];
}

/** Letters that the packed series may take: with them, the page of 2000 stations in 2000 cells stays below 1 MB. */
const SERIES_LETTERS = 620_000;
/** Of what is shown; the CSVs have all. */
const FORECAST_DIGITS = 4;

export function pageData(report: Report, csv: string, land: Land): PageData {
  const { stations, missing, warnings, series, history, counts } = report;
  const position = new Map(stations.map(({ id }, i) => [id, i]));
  const unwritten = new Set(missing.flatMap((chunk) => chunk.stations));
  const region = regionOf(stations, 2);
  // So much more than the stations' own region that no corner of a map shows where the land was cut.
  const margin = Math.max(15, 0.9 * (region.north - region.south));
  const { runId, product, status, error, now, finishedAt, seconds, inputs, forecast, leads, variable, baseline } =
    report;
  return {
    runId,
    product,
    status,
    now,
    finishedAt,
    seconds,
    inputs,
    forecast,
    leads,
    variable,
    baseline,
    counts,
    ...(error === undefined ? {} : { error }),
    history: history.map((time) => time.slice(0, "YYYY-MM".length)),
    stations: {
      id: stations.map(({ id }) => id),
      name: stations.map(({ name }) => name),
      province: stations.map(({ province }) => province),
      lat: stations.map(({ lat }) => round(lat, 6)),
      lon: stations.map(({ lon }) => round(lon, 7)),
      elevation: stations.map(({ elevation }) => (Number.isNaN(elevation) ? null : round(elevation, 5))),
      distanceKm: stations.map(({ distanceKm }) => distanceKm),
      written: stations.map(({ id }) => (unwritten.has(id) ? 0 : 1)),
      forecast: leads.map((_, lead) =>
        stations.map((station) => {
          const value = station.forecast[lead]!;
          return Number.isFinite(value) ? round(value, FORECAST_DIGITS) : null;
        }),
      ),
      series: stations.map((station) => station.series ?? -1),
    },
    csv,
    series: series.length === 0 ? null : packSeries(series, SERIES_LETTERS),
    region,
    coast: stations.length === 0 ? [] : coastOf(land, regionOf(stations, margin)),
    missing: missing.map(({ chunkId, error: why, stations: ids }) => ({ chunkId, error: why, stations: ids.length })),
    warnings: groups(warnings, position),
  };
}

function groups(warnings: Report["warnings"], position: ReadonlyMap<string, number>): WarningGroup[] {
  const same = Map.groupBy(warnings, ({ kind, message }) => `${kind} ${message}`);
  return Array.from(same.values(), (list) => ({
    kind: list[0]!.kind,
    message: list[0]!.message,
    stations: list.flatMap(({ station }) => (station === undefined ? [] : (position.get(station) ?? []))),
    rows: list.flatMap(({ row }) => row ?? []),
  }));
}

function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
