import type { PlannedValue } from "../run/chunk-records.ts";
import { valueOf } from "../run/planned-value.ts";
import type { ForecastField, ForecastRecord, Manifest, StationsRecord, TableStation } from "../run/records.ts";
import { REGION_MARGIN, type Region, regionOf } from "../stations/region.ts";
import { dayText, monthText } from "../time.ts";
import { prettyUnits } from "../units/pretty.ts";
import type { WarningKind } from "../warning.ts";
import type { Coast } from "./coast.ts";
import type { PackedSeries } from "./packed.ts";
import { type Report, seriesPosition } from "./report.ts";

/**
 * What a page holds of a run: the manifest's own words, and stations as columns instead of rows, nothing twice, as it is to
 * be small.
 */
export interface PageData
  extends Pick<Manifest, "runId" | "product" | "status" | "error" | "now" | "finishedAt" | "seconds" | "counts"> {
  /** Keys of the inputs. */
  readonly inputs: Readonly<Record<"forecast" | "observations" | "stations", string>>;
  readonly forecast: Pick<ForecastRecord, "label" | "issued" | "base" | "initialisations"> & {
    /** Its own units, for people, where it was converted. */
    readonly convertedFrom?: string;
  };
  /** Target times of the forecast. */
  readonly leads: readonly string[];
  /** `YYYY-MM` of the observed months, `YYYY-MM-DD` of weeks. */
  readonly history: readonly string[];
  /** Whether the rows are weeks. */
  readonly weekly?: true;
  /** `units`: of all values, for people, where they have any and it is known; `column`: of the CSVs. */
  readonly variable: StationsRecord["variable"] & { readonly units?: string; readonly column: string };
  readonly baseline: StationsRecord["baseline"];
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
    /** Where the forecast is the mean of several: the lowest and the highest, in the same way. */
    readonly spread?: Readonly<Record<"low" | "high", readonly (readonly (number | null)[])[]>>;
    /** Of amounts: the forecast in percent of the month's normal, in the same way. */
    readonly percent?: readonly (readonly (number | null)[])[];
    /** Position of the packed series, -1 for none. */
    readonly series: readonly number[];
  };
  /** Key of a station's CSV, with {station} for its id. */
  readonly csv: string;
  readonly series: PackedSeries | null;
  readonly region: Region;
  readonly coast: Coast;
  /** The forecast's own cells in the region, where they are relative to the same years as the stations' forecasts. */
  readonly field?: ForecastField;
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

/** Of what is shown; the CSVs have all. */
const FORECAST_DIGITS = 4;

export function pageData(report: Report): PageData {
  const { manifest, column, about, history: kept } = report;
  const { stations, variable, baseline, weekly, field, seconds: history } = about;
  const { inputs, forecast, grid: _, units, series: csv = "", missing, warnings, ...run } = manifest;
  const shown = prettyUnits(units ?? "");
  const position = new Map(stations.map(({ id }, i) => [id, i]));
  return {
    ...run,
    inputs: {
      forecast: inputs.forecast.key,
      observations: inputs.observations.key,
      stations: inputs.stations.key,
    },
    forecast: {
      label: forecast?.label ?? inputs.forecast.key,
      issued: forecast?.issued ?? null,
      base: forecast?.base ?? null,
      ...(forecast?.initialisations === undefined ? {} : { initialisations: forecast.initialisations }),
      ...(forecast?.converted === undefined ? {} : { convertedFrom: prettyUnits(forecast.converted.from) }),
    },
    leads: forecast?.targets ?? [],
    history: history.map(weekly === true ? dayText : monthText),
    ...(weekly === true ? { weekly } : {}),
    variable: { ...variable, ...(shown === "" ? {} : { units: shown }), column },
    baseline,
    stations: columnsOf(report, forecast?.targets.length ?? 0),
    csv,
    series: kept.packed,
    region: regionOf(stations, REGION_MARGIN),
    coast: kept.coast,
    ...(field === undefined || forecast?.base?.rebased === true ? {} : { field }),
    missing: missing.map((chunk) => ({ ...chunk, stations: chunk.stations.length })),
    warnings: groups(warnings, position),
  };
}

function columnsOf(report: Report, leads: number): PageData["stations"] {
  const { shares } = report;
  const { stations } = report.about;
  const byLead = (valuesOf: (station: TableStation) => readonly PlannedValue[] | undefined) =>
    Array.from({ length: leads }, (_, lead) =>
      stations.map((station) => {
        const value = valueOf(valuesOf(station)?.[lead] ?? null);
        return Number.isFinite(value) ? round(value, FORECAST_DIGITS) : null;
      }),
    );
  return {
    id: stations.map(({ id }) => id),
    name: stations.map(({ name }) => name),
    province: stations.map(({ province }) => province),
    lat: stations.map(({ lat }) => round(lat, 6)),
    lon: stations.map(({ lon }) => round(lon, 7)),
    elevation: stations.map(({ elevation }) => (elevation === null ? null : round(elevation, 5))),
    distanceKm: stations.map(({ distanceKm }) => distanceKm),
    written: stations.map(({ id }) => (report.unwritten.has(id) ? 0 : 1)),
    forecast: byLead(({ forecast }) => forecast),
    ...(stations.some(({ spread }) => spread !== undefined)
      ? { spread: { low: byLead(({ spread }) => spread?.low), high: byLead(({ spread }) => spread?.high) } }
      : {}),
    ...(shares === undefined
      ? {}
      : { percent: shares.map((of) => Array.from(of, (share) => (Number.isFinite(share) ? share : null))) }),
    series: stations.map((station) => seriesPosition(report, station) ?? -1),
  };
}

function groups(warnings: Manifest["warnings"], position: ReadonlyMap<string, number>): WarningGroup[] {
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
