import { TextReader } from "./biff-texts.ts";
import { type Cell, type Row, toShortCell } from "./cells.ts";

/** Numbers of the records that hold what a table is made of; all others are passed over. */
const RECORD = {
  formula: 0x06,
  endOfPart: 0x0a,
  filePass: 0x2f,
  continued: 0x3c,
  sheet: 0x85,
  mulRk: 0xbd,
  richText: 0xd6,
  texts: 0xfc,
  sharedText: 0xfd,
  number: 0x203,
  text: 0x204,
  boolean: 0x205,
  formulaText: 0x207,
  rk: 0x27e,
  start: 0x809,
} as const;

/** The version in a start record; older ones have texts in a code page of their own. */
const EXCEL_97 = 0x600;

/** More sheets than anyone leafs through. */
const MOST_SHEETS = 256;

/** A row has no more: what is said to lie further right is damage, and would fill the memory with empty cells. */
const MOST_COLUMNS = 256;

/** Of all sheets, up to the last cell of each row: where there is no cell, its place takes memory, too. */
const MOST_PLACES = 2 ** 22;

/** One of the tens of thousands of records of a stream: a view of its own for each would take most of the time. */
interface Record {
  readonly type: number;
  /** Position of its data, and of the record after it. */
  readonly start: number;
  readonly next: number;
}

export type Biff = { readonly sheets: readonly Row[][] } | "encrypted" | "old";

/**
 * The cells of a workbook's stream as Excel 97 and later write .xls: raw values, formulas as their results, errors as
 * empty cells. Every step consumes bytes of the stream, so that no damage can make it endless.
 *
 * Source: "[MS-XLS]: Excel Binary File Format (.xls) Structure", 2.4 Records and 2.5.240 ShortXLUnicodeString.
 *
 * @throws RangeError where a record, or the stream, ends before what is in it
 */
export function readBiff(bytes: Uint8Array): Biff {
  const stream = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = recordAt(stream, 0);
  if (first.type !== RECORD.start || dataOf(stream, first).getUint16(0, true) !== EXCEL_97) return "old";
  const starts: number[] = [];
  let texts: readonly string[] = [];
  let record = first;
  for (; record.type !== RECORD.endOfPart; record = recordAt(stream, record.next)) {
    if (record.type === RECORD.filePass) return "encrypted";
    // A chart has no cells.
    if (record.type === RECORD.sheet) {
      const data = dataOf(stream, record);
      if (data.getUint8(5) === 0) starts.push(data.getUint32(0, true));
    }
    if (record.type === RECORD.texts) texts = sharedTexts(stream, record);
  }
  const sheets: Row[][] = [];
  let left = bytes.length - record.next;
  const room = { places: MOST_PLACES };
  for (const start of [...new Set(starts)].slice(0, MOST_SHEETS)) {
    const { rows, end } = readSheet(stream, start, texts, room);
    // Each has bytes of its own: of sheets that share them, a small file could have many large ones.
    left -= end - start;
    if (left < 0) throw new RangeError("its sheets share cells");
    sheets.push(rows);
  }
  return { sheets };
}

function recordAt(stream: DataView, at: number): Record {
  const start = at + 4;
  const next = start + stream.getUint16(at + 2, true);
  if (next > stream.byteLength) throw new RangeError("the last record is cut");
  return { type: stream.getUint16(at, true), start, next };
}

/** The data of a record, beyond which nothing is read. */
function dataOf(stream: DataView, { start, next }: Record): DataView {
  return new DataView(stream.buffer, stream.byteOffset + start, next - start);
}

function bytesOf(stream: DataView, { start, next }: Record): Uint8Array {
  return new Uint8Array(stream.buffer, stream.byteOffset + start, next - start);
}

/**
 * @param room - for cells, of which it takes its own
 * @returns its rows, and the position behind its last record
 */
function readSheet(
  stream: DataView,
  start: number,
  texts: readonly string[],
  room: { places: number },
): { rows: Row[]; end: number } {
  const rows: (Cell[] | undefined)[] = [];
  const put = (row: number, column: number, value: string | number | boolean | undefined): void => {
    if (column >= MOST_COLUMNS) throw new RangeError(`a cell is in column ${column + 1}`);
    const cells = (rows[row] ??= []);
    room.places -= Math.max(0, column + 1 - cells.length);
    if (room.places < 0) throw new RangeError(`its rows are for more than ${MOST_PLACES} cells`);
    cells[column] = toShortCell(value);
  };
  let record = recordAt(stream, start);
  if (record.type !== RECORD.start) throw new RangeError("a sheet does not begin where it should");
  // Charts within a sheet are parts of their own.
  for (let depth = 1; depth > 0; ) {
    record = recordAt(stream, record.next);
    if (record.type === RECORD.start) depth++;
    else if (record.type === RECORD.endOfPart) depth--;
    else if (depth === 1 && CELLS.has(record.type)) readCell(stream, record, texts, put);
  }
  return {
    rows: rows.flatMap((cells, row) => (cells === undefined ? [] : [{ number: row + 1, cells: Array.from(cells) }])),
    end: record.next,
  };
}

const CELLS: ReadonlySet<number> = new Set([
  RECORD.formula,
  RECORD.mulRk,
  RECORD.richText,
  RECORD.sharedText,
  RECORD.number,
  RECORD.text,
  RECORD.boolean,
  RECORD.rk,
]);

function readCell(
  stream: DataView,
  record: Record,
  texts: readonly string[],
  put: (row: number, column: number, value: string | number | boolean | undefined) => void,
): void {
  const { type, start, next } = record;
  if (next - start < (SIZES.get(type) ?? 4)) throw new RangeError("a cell ends before its value");
  const [row, column] = [stream.getUint16(start, true), stream.getUint16(start + 2, true)];
  const value = start + 6;
  switch (type) {
    case RECORD.number:
      return put(row, column, stream.getFloat64(value, true));
    case RECORD.rk:
      return put(row, column, rkNumber(stream, value));
    case RECORD.mulRk:
      for (let at = start + 4, c = column; at + 8 <= next; at += 6, c++) put(row, c, rkNumber(stream, at + 2));
      return;
    case RECORD.sharedText: {
      const text = texts[stream.getUint32(value, true)];
      if (text === undefined) throw new RangeError("a cell names a text that there is not");
      return put(row, column, text);
    }
    case RECORD.boolean:
      return put(row, column, stream.getUint8(value + 1) === 0 ? stream.getUint8(value) !== 0 : undefined);
    case RECORD.formula:
      return put(row, column, resultOf(stream, record));
    default:
      return put(row, column, textOf(bytesOf(stream, record).subarray(6)));
  }
}

/** Bytes that the records of cells have at least: row, column and format, and a value of a fixed size. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [RECORD.number, 14],
  [RECORD.rk, 10],
  [RECORD.sharedText, 10],
  [RECORD.boolean, 8],
]);

/** A formula's result: a number, or, where its last two bytes are ones that no number has, of the kind in its first. */
function resultOf(stream: DataView, formula: Record): string | number | boolean | undefined {
  const data = dataOf(stream, formula);
  if (data.getUint16(12, true) !== 0xffff) return data.getFloat64(6, true);
  const kind = data.getUint8(6);
  if (kind === 1) return data.getUint8(8) !== 0;
  if (kind !== 0) return undefined;
  // The text is in a record of its own; one that formulas share may come before it.
  for (let at = formula.next, seen = 0; seen < 3; seen++) {
    const record = recordAt(stream, at);
    if (record.type === RECORD.formulaText) return textOf(bytesOf(stream, record));
    at = record.next;
  }
  return undefined;
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/** A number in 30 bits: whole, or the upper half of a double; and perhaps a hundredth of that. */
function rkNumber(stream: DataView, at: number): number {
  const bits = stream.getInt32(at, true);
  DOUBLE.setInt32(0, bits & ~3);
  const value = (bits & 2) === 0 ? DOUBLE.getFloat64(0) : bits >> 2;
  return (bits & 1) === 0 ? value : value / 100;
}

function textOf(bytes: Uint8Array): string {
  return new TextReader([bytes]).plainText();
}

function sharedTexts(stream: DataView, texts: Record): string[] {
  const parts = [bytesOf(stream, texts)];
  for (let record = recordAt(stream, texts.next); record.type === RECORD.continued; ) {
    parts.push(bytesOf(stream, record));
    record = recordAt(stream, record.next);
  }
  return new TextReader(parts).sharedTexts();
}
