import { TextReader } from "./biff-texts.ts";
import { type Cell, type Row, toCell } from "./cells.ts";

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

/** More sheets than anyone leafs through: in a damaged file each may name the same bytes. */
const MOST_SHEETS = 256;

/** A row has no more: what is said to lie further right is damage, and would fill the memory with empty cells. */
const MOST_COLUMNS = 256;

interface Record {
  readonly type: number;
  readonly data: DataView;
  /** Position of the record after it. */
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
export function readBiff(stream: Uint8Array): Biff {
  const first = recordAt(stream, 0);
  if (first.type !== RECORD.start || first.data.getUint16(0, true) !== EXCEL_97) return "old";
  const starts: number[] = [];
  let texts: readonly string[] = [];
  let record = first;
  for (; record.type !== RECORD.endOfPart; record = recordAt(stream, record.next)) {
    if (record.type === RECORD.filePass) return "encrypted";
    // A chart has no cells.
    if (record.type === RECORD.sheet && record.data.getUint8(5) === 0) starts.push(record.data.getUint32(0, true));
    if (record.type === RECORD.texts) texts = sharedTexts(stream, record);
  }
  return { sheets: [...new Set(starts)].slice(0, MOST_SHEETS).map((start) => readSheet(stream, start, texts)) };
}

function recordAt(stream: Uint8Array, at: number): Record {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const length = view.getUint16(at + 2, true);
  const data = new DataView(stream.buffer, stream.byteOffset + at + 4, length);
  if (at + 4 + length > stream.length) throw new RangeError("the last record is cut");
  return { type: view.getUint16(at, true), data, next: at + 4 + length };
}

function readSheet(stream: Uint8Array, start: number, texts: readonly string[]): Row[] {
  const rows: (Cell[] | undefined)[] = [];
  const put = (row: number, column: number, value: string | number | boolean | undefined): void => {
    if (column >= MOST_COLUMNS) throw new RangeError(`a cell is in column ${column + 1}`);
    (rows[row] ??= [])[column] = toCell(value);
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
  return rows.flatMap((cells, row) => (cells === undefined ? [] : [{ number: row + 1, cells: Array.from(cells) }]));
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
  stream: Uint8Array,
  { type, data, next }: Record,
  texts: readonly string[],
  put: (row: number, column: number, value: string | number | boolean | undefined) => void,
): void {
  const [row, column] = [data.getUint16(0, true), data.getUint16(2, true)];
  switch (type) {
    case RECORD.number:
      return put(row, column, data.getFloat64(6, true));
    case RECORD.rk:
      return put(row, column, rkNumber(data, 6));
    case RECORD.mulRk:
      for (let at = 4, c = column; at + 8 <= data.byteLength; at += 6, c++) put(row, c, rkNumber(data, at + 2));
      return;
    case RECORD.sharedText: {
      const text = texts[data.getUint32(6, true)];
      if (text === undefined) throw new RangeError("a cell names a text that there is not");
      return put(row, column, text);
    }
    case RECORD.boolean:
      return put(row, column, data.getUint8(7) === 0 ? data.getUint8(6) !== 0 : undefined);
    case RECORD.formula:
      return put(row, column, resultOf(stream, data, next));
    default:
      return put(row, column, textOf(data, 6));
  }
}

/** A formula's result: a number, or, where its last two bytes are ones that no number has, of the kind in its first. */
function resultOf(stream: Uint8Array, data: DataView, next: number): string | number | boolean | undefined {
  if (data.getUint16(12, true) !== 0xffff) return data.getFloat64(6, true);
  const kind = data.getUint8(6);
  if (kind === 1) return data.getUint8(8) !== 0;
  if (kind !== 0) return undefined;
  // The text is in a record of its own; one that formulas share may come before it.
  for (let at = next, seen = 0; seen < 3; seen++) {
    const record = recordAt(stream, at);
    if (record.type === RECORD.formulaText) return textOf(record.data, 0);
    at = record.next;
  }
  return undefined;
}

/** A number in 30 bits: whole, or the upper half of a double; and perhaps a hundredth of that. */
function rkNumber(data: DataView, at: number): number {
  const bits = data.getInt32(at, true);
  const double = new DataView(new ArrayBuffer(8));
  double.setInt32(0, bits & ~3);
  const value = (bits & 2) === 0 ? double.getFloat64(0) : bits >> 2;
  return (bits & 1) === 0 ? value : value / 100;
}

function textOf(data: DataView, at: number): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new TextReader([bytes.subarray(at)]).plainText();
}

function sharedTexts(stream: Uint8Array, { data, next }: Record): string[] {
  const parts = [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  for (let record = recordAt(stream, next); record.type === RECORD.continued; record = recordAt(stream, record.next)) {
    parts.push(new Uint8Array(record.data.buffer, record.data.byteOffset, record.data.byteLength));
  }
  return new TextReader(parts).sharedTexts();
}
