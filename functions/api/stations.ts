import type { Encoding } from "../../lib/stations/encoding.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import type { StationTable } from "../../lib/stations/station.ts";
import { readNamedFile } from "../local/files.ts";

export interface StationTableOptions {
  /** Of a CSV, in place of what is found out: `utf-8`, `utf-16le`, `utf-16be`, `gb18030` or `windows-1252`. */
  readonly encoding?: Encoding;
}

/**
 * The stations of a table: .xls, .xlsx or CSV, told apart by content. Rows that cannot be used are listed, each with
 * its reason, and what may have been read wrongly is in the warnings.
 *
 * @param table - a path, or the bytes of the file
 * @throws InputError `FileNotFound`, `EmptyFile`, `UnsupportedFormat`, `BrokenFile`, `TooLarge`, and `BadTable` for a
 *   table without a header row or without a usable row
 */
export async function readStations(
  table: string | Uint8Array,
  { encoding }: StationTableOptions = {},
): Promise<StationTable> {
  return typeof table === "string"
    ? readStationTable(await readNamedFile(table), table, encoding)
    : readStationTable(table, "station table", encoding);
}
