import type { Report, ReportStation } from "../../lib/report/report.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import type { Warning } from "../../lib/warning.ts";

const PROVINCES = ["北京", "四川", "广东", "新疆", "云南", "黑龙江"];
const MONTHS = 498;

export interface MadeOptions {
  /** Stations, each with a cell of its own. */
  readonly stations?: number;
  readonly leads?: readonly string[];
  readonly units?: string;
  readonly variable?: string;
  /** Of the first stations. */
  readonly names?: readonly string[];
  readonly warnings?: readonly Warning[];
}

/** A report of stations spread over a part of Asia, with values at random. */
export function madeReport({
  stations: count = 50,
  leads = ["2020-08-01 00:00:00"],
  units = "mm/day",
  variable = "precip",
  names = [],
  warnings = [],
}: MadeOptions = {}): Report {
  const random = mulberry32(count);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const stations = Array.from({ length: count }, (_, i): ReportStation => {
    const [lat, lon] = [20 + 30 * random(), 80 + 50 * random()];
    return {
      id: String(50_000 + i),
      name: names[i] ?? `站${i}`,
      province: PROVINCES[i % PROVINCES.length]!,
      lat,
      lon,
      elevation: Math.round(3000 * random()),
      cellLat: Math.round(lat),
      cellLon: Math.round(lon),
      distanceKm: 40.5,
      key: `prec/20200625.202008/${50_000 + i}.prec.csv`,
      forecast: leads.map(() => Math.fround(normal())),
      series: i,
    };
  });
  return {
    runId: "prec-20200625.202008-0123456789ab",
    product: "prec",
    status: "complete",
    now: "2020-06-30 12:34:56",
    finishedAt: "2020-06-30 12:34:57",
    seconds: { total: 1.25 },
    inputs: { forecast: "CFSv2.Prec.nc", observations: "precip.nc", stations: "stations.xls" },
    forecast: { label: "20200625.202008", issued: "20200625" },
    leads,
    history: Array.from(
      { length: MONTHS },
      (_, i) => `${1979 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}-01 00:00:00`,
    ),
    variable: { column: "prec_ano", name: variable, units },
    baseline: [1981, 2010],
    counts: { planned: count, written: count },
    missing: [],
    warnings,
    stations,
    series: stations.map(() => Float32Array.from({ length: MONTHS }, normal)),
  };
}

/** The report of a run of which some stations, from the first on, were not written. */
export function partialReport(gone: number, options: MadeOptions = {}): Report {
  const report = madeReport(options);
  return {
    ...report,
    status: "partial",
    counts: { planned: report.stations.length, written: report.stations.length - gone },
    missing: [
      {
        chunkId: "0001",
        error: "grids/g/anomaly/2.8.0: this tile of the anomaly grid is gone",
        stations: report.stations.slice(0, gone).map(({ id }) => id),
      },
    ],
    stations: report.stations.map(({ series, ...station }, i) =>
      i < gone || series === undefined ? station : { ...station, series },
    ),
  };
}

/** The report of a run that failed before it knew its stations. */
export function failedReport(error: string): Report {
  return {
    ...madeReport({ stations: 0, leads: [] }),
    status: "failed",
    error,
    history: [],
    series: [],
    counts: { planned: 0, written: 0 },
  };
}
