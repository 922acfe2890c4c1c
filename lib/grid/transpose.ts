import type { Words } from "./words.ts";

/** Cells of one latitude, and where their months lie in fields and in series. */
interface Lines {
  /** In the first field, from the first cell to the last; a field has `field` values. */
  readonly from: number;
  readonly stop: number;
  readonly field: number;
  readonly months: number;
  /** Of the first cell's first month; a cell has room for `cell` months. */
  readonly to: number;
  readonly cell: number;
  /** Cells of a tile that lie side by side, and from one tile to the next one. */
  readonly width: number;
  readonly tile: number;
}

/** Four months at a time: few cache lines of the fields are under way then, which takes half of the time. */
const TOGETHER = 4;

/** Turns the fields of some months into series, for the cells of one latitude; both of words of one size. */
export function transposeLines(fields: Words, series: Words, lines: Lines): void {
  // What is read from one fits the other.
  const [source, target] = [fields, series] as readonly Words[] as readonly [Int32Array, Int32Array];
  const { from, stop, field, months, cell, width, tile } = lines;
  for (let first = from, to = lines.to; first < stop; first += width, to += tile) {
    const cells = Math.min(width, stop - first);
    let month = 0;
    for (; month + TOGETHER <= months; month += TOGETHER) {
      const one = first + month * field;
      const [two, three, four] = [one + field, one + 2 * field, one + 3 * field];
      for (let i = 0, at = to + month; i < cells; i++, at += cell) {
        target[at] = source[one + i]!;
        target[at + 1] = source[two + i]!;
        target[at + 2] = source[three + i]!;
        target[at + 3] = source[four + i]!;
      }
    }
    for (; month < months; month++) {
      const one = first + month * field;
      for (let i = 0, at = to + month; i < cells; i++, at += cell) target[at] = source[one + i]!;
    }
  }
}

/** Copies words of the same size. */
export function setWords(into: Words, words: Words, at: number): void {
  (into as Int32Array).set(words as Int32Array, at);
}

/** Where a line of cells lies in every block of months, and in their series. */
interface Line {
  /** In a block: its first value, and how many there are. */
  readonly at: number;
  readonly length: number;
  /** Months that a cell has room for in a block, and months that it has in all. */
  readonly block: number;
  readonly all: number;
}

/** Copies the months of a line of cells from all blocks to their series. */
export function gather(parts: readonly Words[], into: Words, { at, length, block, all }: Line): void {
  const target = into as Int32Array;
  let start = 0;
  for (const part of parts) {
    const source = part as Int32Array;
    const count = Math.min(block, all - start);
    for (let from = at, to = start; from < at + length; from += block, to += all) {
      for (let t = 0; t < count; t++) target[to + t] = source[from + t]!;
    }
    start += block;
  }
}
