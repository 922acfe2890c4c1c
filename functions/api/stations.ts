import { readStationTable } from "../../lib/stations/read-table.ts";
import type { StationTable } from "../../lib/stations/station.ts";
import { readNamedFile } from "../local/files.ts";

/**
 * The stations of a table: .xls, .xlsx or CSV, told apart by content. Rows that cannot be used are listed, each with
 * its reason.
 *
 * @param table - a path, or the bytes of the file
 * @throws InputError `FileNotFound`, `EmptyFile`, `UnsupportedFormat`, `BrokenFile`, `TooLarge`, and `BadTable` for a
 *   table without a header row or without a usable row
 */
export async function readStations(table: string | Uint8Array): Promise<StationTable> {
  return typeof table === "string"
    ? readStationTable(await readNamedFile(table), table)
    : readStationTable(table, "station table");
}
