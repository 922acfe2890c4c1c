import { oneLine } from "../printable.ts";

/** A trimmed, non-empty text or a finite number; undefined for a cell that counts as empty. */
export type Cell = string | number | undefined;

export interface Row {
  /** Counted from 1, as a spreadsheet shows it. */
  readonly number: number;
  readonly cells: readonly Cell[];
}

/** The texts that pandas reads as missing, so that its `dropna` and ours drop the same rows. */
const MISSING_TEXTS = new Set(
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|n/a|nan|null".split("|"),
);

/** The cell that a raw value makes: blank text and pandas' missing texts are empty, anything odd becomes its text. */
export function toCell(value: string | number | boolean | Date | undefined): Cell {
  if (value === undefined) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const text = String(value).trim();
  return text === "" || MISSING_TEXTS.has(text) ? undefined : text;
}

/** Letters of a cell of a workbook that are read: no id, coordinate or name has as many. */
const MOST_LETTERS = 256;

/** As {@link toCell}, of a workbook: many of its cells can share one text of many megabytes. */
export function toShortCell(value: Parameters<typeof toCell>[0]): Cell {
  return toCell(
    typeof value === "string"
      ? value
          .slice(0, 2 * MOST_LETTERS)
          .trim()
          .slice(0, MOST_LETTERS)
      : value,
  );
}

/** Full-width forms, as Chinese input methods leave them, made the ASCII that they stand for: `（Ｎ）` is `(N)`. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll("\u3000", " ");
}

/** A cell as messages show it: on one line and never long. */
export function quoted(cell: string | number): string {
  if (typeof cell === "number") return String(cell);
  return oneLine(JSON.stringify(cell.length > 40 ? `${cell.slice(0, 39)}…` : cell));
}
