import { valueOf } from "../run/planned-value.ts";
import type { TableStation } from "../run/records.ts";
import { timeText } from "../time.ts";
import { asText, BYTE_ORDER_MARK, lineOf } from "./csv-text.ts";
import { type Report, seriesPosition } from "./report.ts";
import { LAST_MONTHS } from "./report-history.ts";

/** The table of a run: a row for every station. Numbers are the shortest decimals of their doubles; what is missing is empty. */
export function stationsCsv(report: Report): Uint8Array {
  const { manifest, about, history, shares } = report;
  const last = about.seconds.slice(-LAST_MONTHS);
  const [steps, length] = about.weekly === true ? ["weeks", "YYYY-MM-DD".length] : ["months", "YYYY-MM".length];
  const leads = manifest.forecast?.targets ?? [];
  const warned = Map.groupBy(manifest.warnings, ({ station }) => station);
  const header = [
    "id",
    "name",
    "province",
    "lat",
    "lon",
    "elevation",
    "cell_lat",
    "cell_lon",
    "distance_km",
    steps,
    `missing_${steps}`,
    ...last.map((time) => `anomaly_${timeText(time).slice(0, length)}`),
    ...leads.map((time) => `forecast_${time.slice(0, length)}`),
    ...(shares === undefined ? [] : leads.map((time) => `percent_${time.slice(0, length)}`)),
    "units",
    "csv",
    "warnings",
  ];
  const cellsOf = (station: TableStation, at: number) => {
    const position = seriesPosition(report, station);
    const observed = position === undefined ? undefined : history.cells[position]!;
    return [
      ...[station.id, station.name, station.province].map(asText),
      station.lat,
      station.lon,
      station.elevation ?? Number.NaN,
      station.cellLat,
      station.cellLon,
      station.distanceKm,
      ...(observed === undefined ? ["", ""] : [about.seconds.length, observed.missing]),
      ...(observed === undefined ? last.map(() => "") : observed.last.map(valueOf)),
      ...station.forecast.map(valueOf),
      ...(shares?.[at] ?? []),
      asText(manifest.units ?? ""),
      asText(station.key),
      (warned.get(station.id) ?? []).map(({ kind }) => kind).join(" "),
    ];
  };
  // As bytes, some lines at a time: the cells of many stations would be most of a run's memory.
  const parts = [Buffer.from(`${BYTE_ORDER_MARK}${lineOf(header)}`)];
  for (let start = 0; start < about.stations.length; start += LINES_AT_ONCE) {
    const some = about.stations.slice(start, start + LINES_AT_ONCE);
    parts.push(Buffer.from(some.map((station, i) => lineOf(cellsOf(station, start + i))).join("")));
  }
  return Buffer.concat(parts);
}

const LINES_AT_ONCE = 500;
