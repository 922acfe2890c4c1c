import { InputError } from "../errors.ts";
import { collectStations } from "./collect-stations.ts";
import { readCsv } from "./csv.ts";
import { decodeText } from "./decode-text.ts";
import type { Sheet } from "./header.ts";
import type { StationTable } from "./station.ts";
import { readXls, readXlsx } from "./workbook.ts";

const OLE_MAGIC = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];

/**
 * The stations of a table: .xls, .xlsx or CSV, told apart by content, as names often lie about it.
 *
 * @param file - what messages call it
 * @throws InputError `EmptyFile`, `UnsupportedFormat`, `BrokenFile`, `TooLarge`, and `BadTable` for a table without a
 * header row or without a usable row
 */
export async function readStationTable(bytes: Uint8Array, file: string): Promise<StationTable> {
  if (bytes.length === 0)
    throw new InputError("EmptyFile", "the station table has no bytes", { file, hint: "Fetch it again" });
  return collectStations(await readSheet(bytes, file), file);
}

async function readSheet(bytes: Uint8Array, file: string): Promise<Sheet> {
  const startsWith = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (startsWith(OLE_MAGIC)) return readXls(bytes, file);
  if (startsWith(ZIP_MAGIC)) return readXlsx(bytes, file);
  const text = decodeText(bytes, file);
  if (/^\s*</.test(text)) {
    throw new InputError("UnsupportedFormat", "HTML or XML, whatever its name says", {
      file,
      hint: "Open it in a spreadsheet program and save it as .xlsx",
    });
  }
  return readCsv(text, file);
}
