import { InputError } from "../errors.ts";
import { type Cell, quoted, type Row } from "./cells.ts";
import { type CoordinateFault, parseCoordinate } from "./degrees.ts";
import type { ColumnName, Header, Sheet } from "./header.ts";
import { type Identified, idWarnings } from "./ids-from-numbers.ts";
import { idProblem, idText, sameFileKey } from "./safe-id.ts";
import type { RejectedRow, Station, StationTable } from "./station.ts";
import { rowsLookSwapped, swapWarnings } from "./swapped.ts";

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
  const { usable, unusable, emptyRows } = readRows(sheet);
  const stations = usable.map(({ station }) => station);
  const misplaced = unusable.filter(({ kind }) => kind === "coordinate");
  const swappable = misplaced.filter(({ swapped }) => swapped !== undefined).length;
  const placed = { swappable, unreadable: misplaced.length - swappable, usable: stations };
  const areSwapped = rowsLookSwapped(placed);
  const rejected = unusable.map(({ swapped, ...row }) =>
    areSwapped ? { ...row, reason: swapped ?? row.reason } : row,
  );
  if (stations.length === 0) throw noStations(rejected, emptyRows, file, areSwapped);
  const warnings = [...swapWarnings(placed), ...idWarnings(usable)];
  return { stations, rejected, emptyRows, warnings };
}

/** A rejected row. */
interface UnusableRow extends RejectedRow {
  /** The reason, if the table turns out to have latitude and longitude swapped, where the row would be usable then. */
  readonly swapped?: string;
}

function readRows(sheet: Sheet): { usable: Identified[]; unusable: UnusableRow[]; emptyRows: number[] } {
  const usable: Identified[] = [];
  const unusable: UnusableRow[] = [];
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
    const read = toStation(row, sheet);
    if ("reason" in read) {
      unusable.push(read);
      continue;
    }
    const { id } = read.station;
    const key = sameFileKey(id);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, { row: row.number, id });
      usable.push(read);
    } else {
      const theirs = first.id === id ? "" : `, written ${first.id}: letter case does not tell files apart`;
      const reason = `id ${id} is that of row ${first.row} already${theirs}`;
      unusable.push({ row: row.number, id, kind: "duplicate", reason });
    }
  }
  return { usable, unusable, emptyRows };
}

function toStation(row: Row, { header, width }: Sheet): Identified | UnusableRow {
  const cell = (name: ColumnName): Cell => {
    const position = header.columns.get(name);
    return position === undefined ? undefined : row.cells[position];
  };
  const idCell = cell("id") ?? "";
  const id = idText(idCell);
  if (row.cells.slice(width).some((extra) => extra !== undefined)) {
    const reason = `the row has ${row.cells.length} fields and the header ${width}: put quotes around a value with a delimiter in it, and write 39.8 for 39,8`;
    return { row: row.number, id, kind: "fields", reason };
  }
  const problem = idProblem(id);
  if (problem !== undefined) return { row: row.number, kind: "id", reason: problem };
  const place = toPlace(cell("lat") ?? "", cell("lon") ?? "", header.notation);
  if ("reason" in place) return { row: row.number, id, kind: "coordinate", ...place };
  const station: Station = {
    id,
    name: plainLine(cell("name")),
    province: plainLine(cell("province")),
    ...place,
    elevation: metres(cell("elevation")),
  };
  return { cell: idCell, station };
}

function toPlace(
  latCell: string | number,
  lonCell: string | number,
  notation: Header["notation"],
): Pick<Station, "lat" | "lon"> | Pick<UnusableRow, "reason" | "swapped"> {
  const lat = parseCoordinate(latCell, "lat", notation.lat);
  const lon = parseCoordinate(lonCell, "lon", notation.lon);
  if (typeof lat === "number" && typeof lon === "number") return { lat, lon };
  const { reason } = typeof lat === "number" ? (lon as CoordinateFault) : lat;
  const swapped = [parseCoordinate(lonCell, "lat", notation.lon), parseCoordinate(latCell, "lon", notation.lat)];
  if (!swapped.every((value) => typeof value === "number")) return { reason };
  return {
    reason,
    swapped: `latitude ${quoted(latCell)} and longitude ${quoted(lonCell)} look swapped: they can be used only the other way round`,
  };
}

function metres(cell: Cell): number {
  // With three digits behind it, a comma may as well be one between thousands.
  const number = Number(typeof cell === "string" ? cell.replace(/^(-?\d+),(\d{1,2})$/, "$1.$2") : (cell ?? Number.NaN));
  return Number.isFinite(number) ? number : Number.NaN;
}

/** Text on one line, whatever a cell has in it of line breaks, control characters, and signs that change the direction of text. */
function plainLine(cell: Cell): string {
  return String(cell ?? "")
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, "")
    .trim();
}

function noStations(
  rejected: readonly RejectedRow[],
  emptyRows: readonly number[],
  file: string,
  areSwapped: boolean,
): InputError {
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
  return new InputError("BadTable", `none of its ${rows} rows is usable. ${first.join(". ")}`, {
    file,
    ...(areSwapped ? { hint: "Exchange the titles of the two columns" } : {}),
  });
}
