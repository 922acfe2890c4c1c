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
      ...(shares ?? []).map((of) => of[at]!),
      asText(manifest.units ?? ""),
      asText(station.key),
      (warned.get(station.id) ?? []).map(({ kind }) => kind).join(" "),
    ];
  };
  return tableBytes(BYTE_ORDER_MARK + lineOf(header), about.stations.length, (at) =>
    lineOf(cellsOf(about.stations[at]!, at)),
  );
}

const LINES_AT_ONCE = 500;

/**
 * The bytes of a table. Its lines are made some at a time, in memory that is reckoned by those before: the cells of many stations, and
 * even their bytes twice, would be most of a run's.
 *
 * @param lineAt - each of `count` lines, with its end
 */
function tableBytes(header: string, count: number, lineAt: (at: number) => string): Uint8Array {
  let bytes = Buffer.from(header);
  let used = bytes.length;
  for (let start = 0; start < count; start += LINES_AT_ONCE) {
    const lines = Math.min(LINES_AT_ONCE, count - start);
    const part = Buffer.from(Array.from({ length: lines }, (_, i) => lineAt(start + i)).join(""));
    if (used + part.length > bytes.length) {
      const rest = (part.length / lines) * (count - start);
      const larger = Buffer.alloc(used + Math.ceil(1.05 * rest));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes.set(part, used);
    used += part.length;
  }
  return bytes.subarray(0, used);
}
