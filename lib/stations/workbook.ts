import type { CellObject, WorkSheet } from "@e965/xlsx";
import { brokenFile, type ErrorDetails, InputError, messageOf } from "../errors.ts";
import { outOfTime, withinTime } from "../within-time.ts";
import { zipEntries } from "../zip-directory.ts";
import { readBiff } from "./biff.ts";
import { type Row, toShortCell } from "./cells.ts";
import { checkedArchive } from "./checked-archive.ts";
import { findHeader, MOST_ROWS, noHeader, type Sheet, tooManyRows } from "./header.ts";
import { oleStreams } from "./ole-file.ts";
import { partsToRead, requireFewCells } from "./workbook-size.ts";

/** Of a row, as .xls has them: what lies to the right of them is no table of stations. */
const MOST_COLUMNS = 256;

/** More sheets than anyone leafs through. */
const MOST_SHEETS = 256;

const SAVE_AGAIN = "Open it in a spreadsheet program and save it as .xlsx";

/**
 * The first sheet of an old workbook (.xls) that has a header row. The workbook library is not used for it: from some
 * damaged files it never comes back, and takes ever more memory.
 *
 * @throws InputError `UnsupportedFormat` (encrypted, older than Excel 97, no workbook), `BrokenFile`, `BadTable`
 */
export function readXls(bytes: Uint8Array, file: string): Sheet {
  const streams = oleStreams(bytes, file);
  if (streams.has("EncryptedPackage")) throw encrypted(file);
  const stream = streams.get("Workbook")?.();
  if (stream === undefined && !streams.has("Book")) {
    throw new InputError("UnsupportedFormat", "an OLE2 file without a workbook, which is not read", {
      file,
      hint: SAVE_AGAIN,
    });
  }
  const biff = stream === undefined ? "old" : orBroken(file, () => readBiff(stream));
  if (biff === "encrypted") throw encrypted(file);
  if (biff === "old") {
    // Its text is in a code page, and would come out as other characters without anyone noticing.
    throw new InputError("UnsupportedFormat", "a workbook of Excel 95 or older, which is not read", {
      file,
      hint: SAVE_AGAIN,
    });
  }
  return pickSheet(biff.sheets, file);
}

/**
 * The first sheet of an .xlsx workbook that has a header row.
 *
 * @throws InputError `UnsupportedFormat` (no workbook in the archive), `TooLarge`, `BrokenFile`, `BadTable`
 */
export async function readXlsx(bytes: Uint8Array, file: string): Promise<Sheet> {
  const entries = zipEntries(bytes, file);
  if (!entries.some(({ name }) => /(^|\/)workbook\d*\.xml$/i.test(name))) {
    const names = entries.slice(0, 3).map(({ name }) => name);
    const problem = `a zip archive without an .xlsx workbook in it (${names.join(", ")} …)`;
    throw new InputError("UnsupportedFormat", problem, { file, hint: SAVE_AGAIN });
  }
  const checked = checkedArchive(bytes, partsToRead(entries, file), file);
  requireFewCells(checked, file);
  const { read } = await import("@e965/xlsx");
  // One sheet at a time: thousands can share one part, and most are behind the one that is wanted.
  const rowsOfSheets = function* (): Generator<Row[]> {
    const { SheetNames: names } = orBroken(file, () => read(checked, { ...OPTIONS, bookSheets: true }));
    for (const [i, name] of names.slice(0, MOST_SHEETS).entries()) {
      yield sheetRows(orBroken(file, () => read(checked, { ...OPTIONS, sheets: i })).Sheets[name], name, file);
    }
  };
  const done = withinTime(() => pickSheet(rowsOfSheets(), file));
  if ("value" in done) return done.value;
  throw outOfTime("reading the workbook", done.processor, { file, hint: SAVE_AGAIN });
}

/** @param sheet - null where its part is nowhere in the archive */
function sheetRows(sheet: WorkSheet | null | undefined, name: string, file: string): Row[] {
  if (sheet === undefined || sheet === null) throw broken(`the sheet ${name} cannot be read`, { file });
  const data: Cells = sheet["!data"] ?? [];
  // The library says how far a sheet goes of which it read a part. And it takes cells far below those that it is to read for
  // rows of its own.
  const last = Number(/\d+$/.exec(String(sheet["!fullref"] ?? ""))?.[0]);
  if (last > MOST_ROWS || data.length > MOST_ROWS) throw tooManyRows(file);
  return rowsOf(data);
}

/** Values alone: formulas, formats and rich text cost more time than the cells. */
const OPTIONS = {
  type: "buffer",
  dense: true,
  // One more than are read, to tell that there are more.
  sheetRows: MOST_ROWS + 1,
  cellFormula: false,
  cellHTML: false,
  cellText: false,
  cellNF: false,
} as const;

function pickSheet(sheets: Iterable<readonly Row[]>, file: string): Sheet {
  let first: readonly Row[] = [];
  for (const rows of sheets) {
    if (rows.some(({ number }) => number > MOST_ROWS)) throw tooManyRows(file);
    const header = findHeader(rows, file);
    if (header !== undefined) return { rows, header, width: Number.POSITIVE_INFINITY };
    if (first.length === 0) first = rows;
  }
  throw noHeader(first, file);
}

type Cells = readonly (readonly (CellObject | undefined)[] | undefined)[];

/** Rows with a cell in them; their numbers are those of the sheet. */
function rowsOf(data: Cells): Row[] {
  return data.flatMap((cells, index) => {
    if (cells === undefined) return [];
    // An error cell's value is a code number: #N/A is 42.
    const row = Array.from(cells.slice(0, MOST_COLUMNS), (cell) =>
      cell?.t === "e" ? undefined : toShortCell(cell?.v),
    );
    return [{ number: index + 1, cells: row }];
  });
}

/** What a reader gives; whatever it throws becomes an error about the file. */
function orBroken<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw broken(`the workbook cannot be read (${messageOf(cause)})`, { file, cause });
  }
}

function broken(problem: string, details: ErrorDetails): InputError {
  const hint = `It is truncated or damaged: fetch it again. ${SAVE_AGAIN} if that does not help`;
  return brokenFile(problem, { hint, ...details });
}

function encrypted(file: string): InputError {
  return new InputError("UnsupportedFormat", "the workbook is encrypted", {
    file,
    hint: "Open it with its password and save it without one",
  });
}
