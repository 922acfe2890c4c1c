import { valueOf } from "../run/planned-value.ts";
import type { TableStation } from "../run/records.ts";
import { timeText } from "../time.ts";
import { type Report, seriesPosition } from "./report.ts";
import { LAST_MONTHS } from "./report-history.ts";

/**
 * The table of a run: a row for every station. Numbers are the shortest decimals of their doubles; what is
 * missing is empty.
 *
 * It begins with a byte order mark: without it, spreadsheets of a Chinese system take UTF-8 for GBK. Texts that a
 * spreadsheet would run as a formula get an apostrophe before it, which it takes for "text"; numbers stay numbers.
 */
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
  const parts = [Buffer.from(`\u{feff}${lineOf(header)}`)];
  for (let start = 0; start < about.stations.length; start += LINES_AT_ONCE) {
    const some = about.stations.slice(start, start + LINES_AT_ONCE);
    parts.push(Buffer.from(some.map((station, i) => lineOf(cellsOf(station, start + i))).join("")));
  }
  return Buffer.concat(parts);
}

const LINES_AT_ONCE = 500;

/** A line of CSV, RFC 4180. A general library made 27 MB of garbage of the cells of 2000 stations, a third of a run's. */
function lineOf(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (typeof cell === "number" ? numberCell(cell) : quoted(cell))).join(",")}\n`;
}

function numberCell(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * What spreadsheets begin a formula with, also full-width, behind blanks or quotes; and not only at the beginning: a semicolon
 * begins a cell where the spreadsheet's language has decimal commas, and it then does not see the quotes around the text.
 */
const FORMULAS = /(?<=^|[;\t\r\n])(?=["'\p{Zs}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])/gu;

function asText(text: string): string {
  return text.replace(FORMULAS, "'");
}
