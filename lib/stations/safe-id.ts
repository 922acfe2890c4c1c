import { quoted } from "./cells.ts";

/** Device names that Windows does not take as files, whatever follows a dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * The id in a cell: `50000` for 50000 and for the text `50000.0` that a column with gaps makes of it when pandas writes
 * it; other text as it is, so that `050000` keeps its zero.
 */
export function idText(cell: string | number): string {
  return String(cell).replace(/^(\d+)\.0+$/, "$1");
}

/** Why an id cannot be part of a file name and an object key, or undefined if it can. */
export function idProblem(id: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
    return `id ${quoted(id)} cannot be a file name: an id is 1 to 64 letters A-Z or a-z, digits, _ and -`;
  }
  return RESERVED.test(id) ? `id ${quoted(id)} is a device name on Windows and cannot be a file name` : undefined;
}

/** Equal for ids whose files would overwrite each other where the disk does not tell `a` from `A`. */
export function sameFileKey(id: string): string {
  return id.toLowerCase();
}
