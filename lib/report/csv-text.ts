/** How the tables of stations are written: that of a run, and those that its page saves. */

/** What they begin with: without it, spreadsheets of a Chinese system take UTF-8 for GBK. */
export const BYTE_ORDER_MARK = "\u{feff}";

/** A line of CSV, RFC 4180. A general library made 27 MB of garbage of the cells of 2000 stations, a third of a run's. */
export function lineOf(cells: readonly (string | number)[]): string {
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

/** Whether there can be any: most texts have none, and to look for them takes ten times as long. */
const MAYBE_FORMULA = /^["'\p{Zs}=+\-@\uff1d\uff0b\uff0d\uff20\t\r]|[;\t\r\n]/u;

/** A text that no spreadsheet runs: what it would take for a formula gets an apostrophe before it, which it takes for "text". */
export function asText(text: string): string {
  return MAYBE_FORMULA.test(text) ? text.replace(FORMULAS, "'") : text;
}
