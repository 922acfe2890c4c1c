import { InputError } from "../errors.ts";
import type { ZipEntry } from "../zip-directory.ts";

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
 * Makes sure that there is little enough to be read. A small archive can have many million cells, or few far to the right,
 * and a link of a few letters makes cells of all that it covers.
 *
 * @param content - of the parts
 * @throws InputError `TooLarge`
 */
export function requireFewCells(content: Buffer, file: string): void {
  let tags = 0;
  let places = 0;
  let column = 0;
  let tag = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at];
    if (byte === TAG) {
      tags++;
      tag = at;
    } else if (byte === TAG_END && endsWith(content, at, "row")) column = 0;
    else if (byte === EQUALS) {
      const name = nameBefore(content, at);
      const value = name === "r" || name === "ref" ? valueBehind(content, at) : 0;
      if (name === "ref") {
        places += columnAt(content, value) + (isLink(content, tag) ? PLACES_OF_LINKED * areaAt(content, value) : 0);
      } else if (name === "r") {
        const next = columnAt(content, value);
        // A column that is not further right is of another row, whatever the name of the cell says.
        places += next > column ? next - column : next;
        column = next === 0 ? column : next;
      }
    }
  }
  if (tags > MOST_TAGS) throw tooLarge(`has ${tags} tags; at most ${MOST_TAGS} are read`, file);
  if (places > MOST_PLACES) throw tooLarge(`has rows for ${places} cells; at most ${MOST_PLACES} are read`, file);
}

/** A cell that is made for a link takes as much memory as so many places. */
const PLACES_OF_LINKED = 16;

const TAG = 0x3c;
const EQUALS = 0x3d;
const TAG_END = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BLANK = 0x20;
const [A, Z] = [0x41, 0x5a];
const LONGEST_NAME = 64;

function endsWith(content: Buffer, end: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (content[end - text.length + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The name of an attribute as the workbook library takes it: in small letters, without a prefix, and up to a `_`. */
function nameBefore(content: Buffer, equals: number): string {
  let end = equals;
  while (isBlank(content[end - 1])) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && !isBlank(content[start - 1])) start--;
  const name = content.toString("latin1", start, end);
  return name
    .slice(name.indexOf(":") + 1)
    .replace(/(?<=.)_.*/s, "")
    .toLowerCase();
}

/** Where the value of an attribute begins; quotes around it are not needed. */
function valueBehind(content: Buffer, equals: number): number {
  let at = equals + 1;
  while (isBlank(content[at])) at++;
  return content[at] === QUOTE || content[at] === APOSTROPHE ? at + 1 : at;
}

function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && byte <= BLANK;
}

/** The column of a cell's name such as `AB12`, counted from 1; 0 where there is none. */
function columnAt(content: Buffer, start: number): number {
  let column = 0;
  for (let at = start; at < start + 3 && content[at]! >= A && content[at]! <= Z; at++) {
    column = column * 26 + content[at]! - A + 1;
  }
  return column;
}

function isLink(content: Buffer, tag: number): boolean {
  return /^<(\w+:)?hyperlink\s/.test(content.toString("latin1", tag, tag + LONGEST_NAME));
}

/** Cells of a range such as `A1:C12`. */
function areaAt(content: Buffer, start: number): number {
  const range = /^([A-Z]+)(\d+):([A-Z]+)(\d+)/.exec(content.toString("latin1", start, start + LONGEST_NAME));
  if (range === null) return 1;
  const [, left = "", top, right = "", bottom] = range;
  const column = (letters: string) => columnAt(Buffer.from(letters), 0);
  return Math.max(1, column(right) - column(left) + 1) * Math.max(1, Number(bottom) - Number(top) + 1);
}

function tooLarge(problem: string, file: string): InputError {
  return new InputError("TooLarge", `the workbook ${problem}`, {
    file,
    hint: "Keep the station table alone, or save it as .csv",
  });
}
