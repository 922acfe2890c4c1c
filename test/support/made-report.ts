import { coastOf, landFor } from "../../lib/report/coast.ts";
import type { Report } from "../../lib/report/report.ts";
import { NO_HISTORY, type ReportHistory, shownSeries } from "../../lib/report/report-history.ts";
import { loadLand } from "../../lib/report/template.ts";
import { NOTHING } from "../../lib/run/manifest.ts";
import type { InputRecord, TableStation } from "../../lib/run/records.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { coastRegion, type Region } from "../../lib/stations/region.ts";
import type { Warning } from "../../lib/warning.ts";

const PROVINCES = ["北京", "四川", "广东", "新疆", "云南", "黑龙江"];
const MONTHS = 498;
const CSV = "prec/20200625.202008/0123456789ab/{station}.prec.csv";

export interface MadeOptions {
  /** Stations, each with a cell of its own. */
  readonly stations?: number;
  readonly leads?: readonly string[];
  readonly units?: string;
  readonly variable?: string;
  /** Where the stations are, instead of anywhere in a part of Asia. */
  readonly places?: readonly (readonly [lat: number, lon: number])[];
  /** Of the first stations. */
  readonly names?: readonly string[];
  readonly warnings?: readonly Warning[];
}

const land = { fine: await loadLand("fine"), coarse: await loadLand("coarse") };

const coastAround = (region: Region) => coastOf(land[landFor(region)], region);

/** Series at random, one for every cell; their number and length make them. */
export function madeSeries(count: number): Float32Array[] {
  const random = mulberry32(count + 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => Float32Array.from({ length: MONTHS }, normal));
}

/** @param series - of the cells, in order of the stations, which have a cell each */
export function madeHistory(stations: readonly TableStation[], series = madeSeries(stations.length)): ReportHistory {
  return {
    ...shownSeries(series),
    positions: new Map(stations.map(({ cell }, i) => [cell.join(), i])),
    coast: stations.length === 0 ? [] : coastAround(coastRegion(stations)),
  };
}

/** A report of stations spread over a part of Asia, unless it is told where, with values at random. */
export function madeReport({
  places,
  stations: count = places?.length ?? 50,
  leads = ["2020-08-01 00:00:00"],
  units = "mm/day",
  variable = "precip",
  names = [],
  warnings = [],
}: MadeOptions = {}): Report {
  const random = mulberry32(count);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const stations = Array.from({ length: count }, (_, i): TableStation => {
    const [lat, lon] = places?.[i] ?? [20 + 30 * random(), 80 + 50 * random()];
    return {
      id: String(50_000 + i),
      name: names[i] ?? `站${i}`,
      province: PROVINCES[i % PROVINCES.length]!,
      lat,
      lon,
      elevation: Math.round(3000 * random()),
      cell: [i, i],
      cellLat: Math.round(lat),
      cellLon: Math.round(lon),
      distanceKm: 40.5,
      key: CSV.replace("{station}", String(50_000 + i)),
      forecast: leads.map(() => Math.fround(normal())),
    };
  });
  return {
    manifest: {
      runId: "prec-20200625.202008-0123456789ab",
      product: "prec",
      status: "complete",
      now: "2020-06-30 12:34:56",
      nowFrom: "request",
      finishedAt: "2020-06-30 12:34:57",
      seconds: { total: 1.25 },
      inputs: {
        forecast: record("CFSv2.Prec.nc"),
        observations: record("precip.nc"),
        stations: record("stations.xls"),
      },
      forecast: { label: "20200625.202008", issued: "20200625", targets: leads, base: null },
      grid: { id: "g", stored: true, months: MONTHS, firstMonth: "1979-01", lastMonth: "2020-06" },
      units,
      series: CSV,
      counts: { ...NOTHING, planned: count, written: count, usable: count, warnings: warnings.length },
      missing: [],
      warnings,
    },
    column: "prec_ano",
    about: {
      variable: { name: variable },
      baseline: [1981, 2010],
      seconds: Array.from({ length: MONTHS }, (_, i) => Date.UTC(1979, i) / 1000),
      stations,
    },
    history: madeHistory(stations),
    unwritten: new Set(),
  };
}

/** The report of a run of which some stations, from the first on, were not written. */
export function partialReport(missing: number, options: MadeOptions = {}): Report {
  const report = madeReport(options);
  const { manifest, about } = report;
  const stations = about.stations.slice(0, missing).map(({ id }) => id);
  const error = "grids/g/anomaly/2.8.0: this tile of the anomaly grid is gone";
  return {
    ...report,
    manifest: {
      ...manifest,
      status: "partial",
      counts: {
        ...manifest.counts,
        written: about.stations.length - missing,
        usable: about.stations.length - missing,
      },
      missing: [{ chunkId: "0001", error, stations }],
    },
    unwritten: new Set(stations),
  };
}

/** The report of a run that failed before it knew its stations. */
export function failedReport(error: string): Report {
  const { manifest, about, ...report } = madeReport({ stations: 0, leads: [] });
  const { forecast: _forecast, grid: _grid, series: _series, ...rest } = manifest;
  return {
    ...report,
    manifest: { ...rest, status: "failed", error, counts: NOTHING },
    about: { ...about, seconds: [] },
    history: NO_HISTORY,
  };
}

function record(key: string): InputRecord {
  return { key, etag: "e" };
}
