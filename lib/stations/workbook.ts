import type { CellObject, WorkBook } from "@e965/xlsx";
import { InputError, messageOf } from "../errors.ts";
import { type Row, toCell } from "./cells.ts";
import { findHeader, noHeader, type Sheet } from "./header.ts";
import { checkEntries, zipEntries } from "./zip-archive.ts";

/** More than any table of the world's stations needs, and what a worker's memory can hold. */
const maxInflated = 256 * 2 ** 20;

const saveAgain = "Open it in a spreadsheet program and save it as .xlsx";

/**
 * The first sheet of an old workbook (.xls) that has a header row.
 *
 * @throws InputError `UnsupportedFormat` (encrypted, older than Excel 97, no workbook), `BrokenFile`, `BadTable`
 */
export async function readXls(bytes: Uint8Array, file: string): Promise<Sheet> {
  const { CFB, read } = await import("@e965/xlsx");
  const container = mending(file, () => CFB.read(buffer(bytes), { type: "buffer" }));
  const has = (stream: string) => CFB.find(container, stream) !== null;
  if (has("EncryptedPackage")) throw encrypted(file);
  if (!has("/Workbook")) {
    // The text of those is in a code page of its own, which would come out as other characters without a word.
    const what = has("/Book") ? "a workbook of Excel 95 or older" : "an OLE2 file without a workbook";
    throw new InputError("UnsupportedFormat", `${what}, which is not read`, { file, hint: saveAgain });
  }
  return pickSheet(
    mending(file, () => read(buffer(bytes), options)),
    file,
  );
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
    throw new InputError("UnsupportedFormat", problem, { file, hint: saveAgain });
  }
  const inflated = entries.reduce((sum, { size }) => sum + size, 0);
  if (inflated > maxInflated) {
    const problem = `the workbook inflates to ${Math.round(inflated / 2 ** 20)} MB; at most 256 MB are read`;
    throw new InputError("TooLarge", problem, { file, hint: "Keep the station table alone, or save it as .csv" });
  }
  checkEntries(bytes, entries, file);
  const { read } = await import("@e965/xlsx");
  return pickSheet(
    mending(file, () => read(buffer(bytes), options)),
    file,
  );
}

/** Values alone: formulas, formats and rich text cost more time than the cells. */
const options = {
  type: "buffer",
  dense: true,
  cellFormula: false,
  cellHTML: false,
  cellText: false,
  cellNF: false,
} as const;

function pickSheet(workbook: WorkBook, file: string): Sheet {
  const sheets = workbook.SheetNames.map((name) => rowsOf(workbook.Sheets[name]?.["!data"] ?? []));
  for (const rows of sheets) {
    const header = findHeader(rows, file);
    if (header !== undefined) return { rows, header, width: Number.POSITIVE_INFINITY };
  }
  const unread = workbook.SheetNames.find((name) => workbook.Sheets[name] === undefined);
  if (unread !== undefined) throw broken(file, `the sheet ${unread} cannot be read`);
  throw noHeader(sheets.find((rows) => rows.length > 0) ?? [], file);
}

/** Rows with a cell in them; their numbers are those of the sheet. */
function rowsOf(data: readonly (readonly (CellObject | undefined)[] | undefined)[]): Row[] {
  return data.flatMap((cells, index) => {
    if (cells === undefined) return [];
    // An error cell's value is a code number: #N/A is 42.
    return [{ number: index + 1, cells: Array.from(cells, (cell) => (cell?.t === "e" ? undefined : toCell(cell?.v))) }];
  });
}

/** Runs a reader that throws whatever it stumbles over. */
function mending<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (/password|encryption/i.test(messageOf(cause))) throw encrypted(file);
    throw broken(file, `the workbook cannot be read (${messageOf(cause)})`, cause);
  }
}

function broken(file: string, problem: string, cause?: unknown): InputError {
  const hint = `It is truncated or damaged: fetch it again. ${saveAgain} if that does not help`;
  return new InputError("BrokenFile", problem, { file, hint, cause });
}

function encrypted(file: string): InputError {
  return new InputError("UnsupportedFormat", "the workbook is encrypted", {
    file,
    hint: "Open it with its password and save it without one",
  });
}

/** The same bytes as a Buffer, on which the reader may hang its own fields. */
function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
