import { expect, test } from "vitest";
import { readBiff } from "../../lib/stations/biff.ts";

/** A record of a workbook's stream. */
function record(type: number, ...data: number[]): number[] {
  return [type & 255, type >> 8, data.length & 255, data.length >> 8, ...data];
}

const START = record(0x809, 0, 6, 0x10, 0);
const END = record(0x0a);
/** Row 0, the column, and an RK number of 7. */
const cell = (column: number) => record(0x27e, 0, 0, column & 255, column >> 8, 0, 0, (7 << 2) | 2, 0, 0, 0);

/** A workbook whose sheets are said to begin where they do, or all where the first does. */
function workbook(kinds: readonly number[], column: number, same = false): Uint8Array {
  const sheet = [...START, ...cell(column), ...END];
  const head = START.length + kinds.length * record(0x85, 0, 0, 0, 0, 0, 0).length + END.length;
  const sheets = kinds.flatMap((kind, i) => {
    const at = head + (same ? 0 : i * sheet.length);
    return record(0x85, at & 255, at >> 8, 0, 0, 0, kind);
  });
  return Uint8Array.from([...START, ...sheets, ...END, ...kinds.flatMap(() => sheet)]);
}

test("sheets have their cells, and charts none", () => {
  const row = [{ number: 1, cells: [undefined, 7] }];
  expect(readBiff(workbook([0, 2, 0], 1))).toEqual({ sheets: [row, row] });
});

test("sheets that are said to begin at one place are one", () => {
  expect(readBiff(workbook([0, 0, 0], 0, true))).toMatchObject({ sheets: [[{ cells: [7] }]] });
});

test("sheets that share cells are damage", () => {
  const head = START.length + 2 * record(0x85, 0, 0, 0, 0, 0, 0).length + END.length;
  // The second one begins within a record of the first, and goes on with its cells.
  const inner = head + START.length + 4;
  const sheets = [head, inner].flatMap((at) => record(0x85, at, 0, 0, 0, 0, 0));
  const shared = [...START, ...record(0x1234, ...START), ...cell(0), ...END];
  expect(() => readBiff(Uint8Array.from([...START, ...sheets, ...END, ...shared]))).toThrow("its sheets share cells");
});

test("a cell beyond the last column is damage", () => {
  expect(readBiff(workbook([0], 255))).toMatchObject({ sheets: [[{ number: 1 }]] });
  expect(() => readBiff(workbook([0], 256))).toThrow(new RangeError("a cell is in column 257"));
});

test("rows of cells that are far to the right are refused before they fill the memory", () => {
  const rows = Array.from({ length: 2 ** 14 + 1 }, (_, row) => {
    return record(0x27e, row & 255, row >> 8, 255, 0, 0, 0, (7 << 2) | 2, 0, 0, 0);
  });
  const head = START.length + record(0x85, 0, 0, 0, 0, 0, 0).length + END.length;
  const book = [...START, ...record(0x85, head, 0, 0, 0, 0, 0), ...END, ...START, ...rows.flat(), ...END];
  expect(() => readBiff(Uint8Array.from(book))).toThrow("its rows are for more than 4194304 cells");
});
