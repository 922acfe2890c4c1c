import { InputError } from "../errors.ts";
import type { Cell, Row } from "./cells.ts";
import { parseCoordinate } from "./degrees.ts";
import type { ColumnName, Sheet } from "./header.ts";
import { idProblem, idText, sameFileKey } from "./safe-id.ts";
import type { RejectedRow, Station, StationTable } from "./station.ts";

/**
 * The stations below a sheet's header.
 *
 * A row with an empty cell is dropped and counted, as pandas' `dropna` does, but only the recognised columns count: a
 * column of remarks must not cost a station. A row in which all of them are empty separates or ends the table and is
 * passed over. Of rows with the same id the first usable one counts; ids that differ in case alone are the same, for
 * their files would be on some disks.
 *
 * @throws InputError `BadTable` if no row is usable
 */
export function collectStations(sheet: Sheet, file: string): StationTable {
  const stations: Station[] = [];
  const rejected: RejectedRow[] = [];
  const emptyRows: number[] = [];
  const firsts = new Map<string, { readonly row: number; readonly id: string }>();
  for (const row of sheet.rows) {
    if (row.number <= sheet.header.row) continue;
    const filled = [...sheet.header.columns.values()].filter((position) => row.cells[position] !== undefined).length;
    if (filled === 0) continue;
    if (filled < sheet.header.columns.size) {
      emptyRows.push(row.number);
      continue;
    }
    const station = toStation(row, sheet);
    if ("reason" in station) {
      rejected.push(station);
      continue;
    }
    const key = sameFileKey(station.id);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, { row: row.number, id: station.id });
      stations.push(station);
    } else {
      const theirs = first.id === station.id ? "" : `, written ${first.id}: letter case does not tell files apart`;
      const reason = `id ${station.id} is that of row ${first.row} already${theirs}`;
      rejected.push({ row: row.number, id: station.id, kind: "duplicate", reason });
    }
  }
  if (stations.length === 0) throw noStations(rejected, emptyRows, file);
  return { stations, rejected, emptyRows };
}

function toStation(row: Row, { header, width }: Sheet): Station | RejectedRow {
  const cell = (name: ColumnName): Cell => {
    const position = header.columns.get(name);
    return position === undefined ? undefined : row.cells[position];
  };
  const reject = (kind: RejectedRow["kind"], reason: string): RejectedRow => ({ row: row.number, id, kind, reason });

  const id = idText(cell("id") ?? "");
  if (row.cells.slice(width).some((extra) => extra !== undefined)) {
    const reason = `the row has ${row.cells.length} fields and the header ${width}: put quotes around a value with a delimiter in it, and write 39.8 for 39,8`;
    return reject("fields", reason);
  }
  const problem = idProblem(id);
  if (problem !== undefined) return { row: row.number, kind: "id", reason: problem };
  const lat = parseCoordinate(cell("lat") ?? "", "lat", header.notation.lat);
  if (typeof lat !== "number") return reject("coordinate", lat.reason);
  const lon = parseCoordinate(cell("lon") ?? "", "lon", header.notation.lon);
  if (typeof lon !== "number") return reject("coordinate", lon.reason);
  return {
    id,
    name: plainLine(cell("name")),
    province: plainLine(cell("province")),
    lat,
    lon,
    elevation: metres(cell("elevation")),
  };
}

function metres(cell: Cell): number {
  const number = Number(cell ?? Number.NaN);
  return Number.isFinite(number) ? number : Number.NaN;
}

/** Text on one line, whatever line breaks and control characters a cell has in it. */
function plainLine(cell: Cell): string {
  return String(cell ?? "")
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim();
}

function noStations(rejected: readonly RejectedRow[], emptyRows: readonly number[], file: string): InputError {
  const rows = rejected.length + emptyRows.length;
  if (rows === 0) {
    return new InputError("BadTable", "there are no rows below its header", {
      file,
      hint: "Write a row for each station",
    });
  }
  const reasons = [
    ...rejected.map(({ row, reason }) => ({ row, reason })),
    ...emptyRows.map((row) => ({ row, reason: "a cell is empty" })),
  ].sort((a, b) => a.row - b.row);
  const first = reasons.slice(0, 3).map(({ row, reason }) => `row ${row}: ${reason}`);
  return new InputError("BadTable", `none of its ${rows} rows is usable. ${first.join(". ")}`, { file });
}
