import { InputError } from "../errors.ts";
import type { ZipEntry } from "./zip-archive.ts";

/** Bytes of all parts that are read: what is made of them takes ten times as many. */
const MOST_INFLATED = 2 ** 25;

/** Of all parts; a cell has four. */
const MOST_TAGS = 2 ** 21;

/** Places of cells up to the last one of each row, which take memory where there is no cell, too. */
const MOST_PLACES = 2 ** 23;

/**
 * The parts of a workbook that its reader is to see: those of XML. Of others, and where there are those of another format, it
 * would read a format that nothing here bounds.
 *
 * @throws InputError `TooLarge`
 */
export function partsToRead(entries: readonly ZipEntry[], file: string): ZipEntry[] {
  const parts = entries.filter(({ name }) => {
    const path = name.toLowerCase().replaceAll("\\", "/");
    return /\.(xml|rels)$/.test(path) && !/(^|\/)(meta-inf\/|index\/|objectdata\.xml$)/.test(path);
  });
  const inflated = parts.reduce((sum, { size }) => sum + size, 0);
  if (inflated <= MOST_INFLATED) return parts;
  throw tooLarge(
    `inflates to ${Math.round(inflated / 2 ** 20)} MB; at most ${MOST_INFLATED / 2 ** 20} MB are read`,
    file,
  );
}

/**
 * Makes sure that there is little enough to be read. A small archive can have many million cells, or few far to the right.
 *
 * @param content - of the parts
 * @throws InputError `TooLarge`
 */
export function requireFewCells(content: Uint8Array, file: string): void {
  let tags = 0;
  let places = 0;
  let column = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at];
    if (byte === TAG) tags++;
    else if (byte === TAG_END && endsWith(content, at, "row")) column = 0;
    else if ((byte === QUOTE || byte === APOSTROPHE) && endsWith(content, at, "r=")) {
      const next = columnAt(content, at + 1);
      // A column that is not further right is of another row, whatever the name of the cell says.
      places += next > column ? next - column : next;
      column = next === 0 ? column : next;
    }
  }
  if (tags > MOST_TAGS) throw tooLarge(`has ${tags} tags; at most ${MOST_TAGS} are read`, file);
  if (places > MOST_PLACES) throw tooLarge(`has rows for ${places} cells; at most ${MOST_PLACES} are read`, file);
}

const TAG = 0x3c;
const TAG_END = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const [A, Z] = [0x41, 0x5a];

function endsWith(content: Uint8Array, end: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (content[end - text.length + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The column of a cell's name such as `AB12`, counted from 1; 0 where there is none. */
function columnAt(content: Uint8Array, start: number): number {
  let column = 0;
  for (let at = start; at < start + 3 && content[at]! >= A && content[at]! <= Z; at++) {
    column = column * 26 + content[at]! - A + 1;
  }
  return column;
}

function tooLarge(problem: string, file: string): InputError {
  return new InputError("TooLarge", `the workbook ${problem}`, {
    file,
    hint: "Keep the station table alone, or save it as .csv",
  });
}
