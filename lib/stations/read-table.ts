import { InputError } from "../errors.ts";
import type { Warning } from "../warning.ts";
import { quoted } from "./cells.ts";
import { collectStations } from "./collect-stations.ts";
import { readCsv } from "./csv.ts";
import { type DecodedText, decodeText } from "./decode-text.ts";
import type { Encoding } from "./encoding.ts";
import type { Sheet } from "./header.ts";
import type { Station, StationTable } from "./station.ts";
import { readXls, readXlsx } from "./workbook.ts";

/** More than any table of the world's stations has. */
const MOST_BYTES = 256 * 2 ** 20;

const OLE_MAGIC = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];

/**
 * The stations of a table: .xls, .xlsx or CSV, told apart by content, as names often lie about it.
 *
 * @param file - what messages call it
 * @param encoding - of the text of a CSV, where it is not to be found out
 * @throws InputError `EmptyFile`, `BadOption` (an encoding for a workbook), `UnsupportedFormat`, `BrokenFile`, `TooLarge`, and `BadTable` for a table without a
 * header row or without a usable row
 */
export async function readStationTable(bytes: Uint8Array, file: string, encoding?: Encoding): Promise<StationTable> {
  if (bytes.length === 0)
    throw new InputError("EmptyFile", "the station table has no bytes", { file, hint: "Fetch it again" });
  if (bytes.length > MOST_BYTES) {
    throw new InputError("TooLarge", `has ${Math.round(bytes.length / 2 ** 20)} MB; at most 256 MB are read`, {
      file,
      hint: "Keep the station table alone",
    });
  }
  const startsWith = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (encoding !== undefined && (startsWith(OLE_MAGIC) || startsWith(ZIP_MAGIC))) {
    throw new InputError("BadOption", `is a workbook, which is not read in ${encoding}`, {
      file,
      hint: "A workbook tells the encoding of its texts: name none",
    });
  }
  if (startsWith(OLE_MAGIC)) return collectStations(readXls(bytes, file), file);
  if (startsWith(ZIP_MAGIC)) return collectStations(await readXlsx(bytes, file), file);
  const decoded = decodeText(bytes, file, encoding);
  const table = collectStations(await readText(decoded.text, file), file);
  const warnings = [...encodingWarnings(decoded, table.stations), ...table.warnings];
  return { ...table, warnings, encoding: decoded.encoding };
}

function readText(text: string, file: string): Promise<Sheet> {
  if (/^\s*</.test(text)) {
    throw new InputError("UnsupportedFormat", "HTML or XML, whatever its name says", {
      file,
      hint: "Open it in a spreadsheet program and save it as .xlsx",
    });
  }
  return readCsv(text, file);
}

/** A guess shows in the texts alone: all that files and coordinates are made of is ASCII, but for the sign of degrees. */
function encodingWarnings({ text, encoding, guessed }: DecodedText, stations: readonly Station[]): Warning[] {
  if (!guessed) return [];
  const shown = stations.flatMap(({ name, province }) => [name, province]).find((word) => /[^\0-\x7f]/.test(word));
  const example = shown ?? /[^\s,;]*[^\0-\x7f][^\s,;]*/.exec(text)?.[0] ?? "";
  const message = `the text was taken for ${encoding}, in which it has ${quoted(example)}`;
  return [{ kind: "encodingGuessed", message }];
}
