import { halfWidth } from "./cells.ts";

/** How a column writes its numbers: `3948` is 39°48′ in one of degrees and minutes, and impossible in one of degrees. */
export type Notation = "degreesMinutes" | "degrees";

/**
 * The text of a coordinate in one spelling: capital letters, `°'"` for every sort of mark, a point for a decimal comma,
 * no space but among digits.
 *
 * Numbers that stand apart get the marks of degrees, minutes and seconds: `52 18 36` and `52:18:36` become `52°18'36"`.
 * Left as they are, because they may mean something else:
 *
 * - two whole numbers with a blank, `5 30`, which may be 5.30 or 530, unless a letter or the column says that they are
 *   degrees and minutes, and minutes have two digits;
 * - numbers with hyphens, `12-08-15`, which may be a date or a range, unless a letter or the column says the same.
 */
export function coordinateText(cell: string | number, notation: Notation): string {
  const text = halfWidth(String(cell))
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[−–]/g, "-")
    .replace(/[º˚度]/g, "°")
    .replace(/[′’分]/g, "'")
    .replace(/″|”|秒|''/g, '"')
    .replace(/^([^.,]*\d),(\d[^.,]*)$/, "$1.$2")
    .toUpperCase();
  return marked(text, notation).replace(/(?<!\d) | (?!\d)/g, "");
}

const APART =
  /^(?<before>[-+]? ?[NSEW]? ?)(?<degrees>\d{1,3})(?<by>[ :-])(?<minutes>\d{1,2}(?:\.\d+)?)(?:\k<by>(?<seconds>\d{1,2}(?:\.\d+)?))?(?<after> ?[NSEW]?)$/;

function marked(text: string, notation: Notation): string {
  const groups = APART.exec(text)?.groups;
  if (groups === undefined) return text;
  const { before = "", degrees, by, minutes = "", seconds, after = "" } = groups;
  const told = notation === "degreesMinutes" || /[NSEW]/.test(before + after);
  const certain = {
    ":": true,
    " ": seconds !== undefined || (/^\d\d/.test(minutes) && (told || minutes.includes("."))),
    "-": told && /^\d\d/.test(minutes),
  }[by as ":" | " " | "-"];
  if (!certain) return text;
  return `${before}${degrees}°${minutes}'${seconds === undefined ? "" : `${seconds}"`}${after}`;
}
