import { InputError, messageOf } from "../errors.ts";
import { type Row, toCell } from "./cells.ts";
import { findHeader, MOST_ROWS, noHeader, SEARCHED_ROWS, type Sheet, tooManyRows } from "./header.ts";

/** Of a line: one of more is in no table of stations, and its cells could fill the memory. */
const MOST_LETTERS = 2 ** 20;

/** Of all lines: several times as many as stations have columns. */
const MOST_VALUES = 2 ** 22;

const DELIMITERS = [",", ";", "\t"] as const;

/**
 * The rows of a CSV text: separated by commas, semicolons or tabs, whichever makes a header row of its beginning.
 *
 * Row numbers are those that a spreadsheet shows: blank lines count, and a value with line breaks in quotes is one row.
 *
 * @throws InputError `BadTable` without a header row, or with quotes that do not close; `TooLarge`
 */
export async function readCsv(text: string, file: string): Promise<Sheet> {
  requireShort(text, file);
  const { CsvError, parse } = await import("csv-parse/sync");
  const rowsBy = (delimiter: string, limit = Number.POSITIVE_INFINITY): Row[] =>
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      relax_quotes: true, // 39°48'30"N is no quoted value
      ...(Number.isFinite(limit) ? { to: limit } : {}),
    }).map((fields, index) => ({ number: index + 1, cells: fields.map(toCell) }));

  let likeliest: Row[] = [];
  let failure: unknown;
  for (const delimiter of DELIMITERS) {
    try {
      const beginning = rowsBy(delimiter, SEARCHED_ROWS);
      const header = findHeader(beginning, file);
      if (header !== undefined) {
        const rows = rowsBy(delimiter);
        if (rows.length > MOST_ROWS) throw tooManyRows(file);
        requireClosedQuotes(rows, delimiter, file);
        return { rows, header, width: beginning[header.row - 1]?.cells.length ?? 0 };
      }
      if (fieldCount(beginning) > fieldCount(likeliest)) likeliest = beginning;
    } catch (error) {
      // Under a wrong delimiter, a quote may seem to open a value that never closes.
      if (!(error instanceof CsvError)) throw error;
      failure ??= error;
    }
  }
  if (failure === undefined) throw noHeader(likeliest, file);
  throw new InputError("BadTable", `the CSV cannot be read (${messageOf(failure)})`, {
    file,
    hint: "Close every quoted value, and write a quote in one as two quotes",
    cause: failure,
  });
}

/** A quote that is not closed takes the lines up to the next quote, and the stations in them, into one value. */
function requireClosedQuotes(rows: readonly Row[], delimiter: string, file: string): void {
  for (const { number, cells } of rows) {
    const swallowed = cells.find((cell) => typeof cell === "string" && /[\r\n]/.test(cell) && cell.includes(delimiter));
    if (swallowed === undefined) continue;
    throw new InputError("BadTable", `a value of row ${number} goes over several lines: ${JSON.stringify(swallowed)}`, {
      file,
      hint: `Close its quote; a value with line breaks may not have a ${JSON.stringify(delimiter)} in it`,
    });
  }
}

/** Lines are counted and measured, and values counted, before any is parsed. They end in a line feed, a carriage return, or both. */
function requireShort(text: string, file: string): void {
  let lines = 0;
  let start = 0;
  let delimiters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== LINE_FEED && code !== CARRIAGE_RETURN) {
      if ((code === COMMA || code === SEMICOLON || code === TAB) && ++delimiters > MOST_VALUES) {
        throw new InputError("TooLarge", `has more than ${MOST_VALUES} values`, {
          file,
          hint: "Keep the columns of the stations alone",
        });
      }
      if (at - start < MOST_LETTERS) continue;
      throw new InputError("BadTable", `line ${lines + 1} has more than ${MOST_LETTERS} letters`, {
        file,
        hint: "Give a table with one station in a line",
      });
    }
    start = at + 1;
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED) continue;
    if (++lines > MOST_ROWS) throw tooManyRows(file);
  }
}

const TAB = 9;
const COMMA = 44;
const SEMICOLON = 59;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

function fieldCount(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.cells.length, 0);
}
