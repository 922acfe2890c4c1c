import type { Years } from "../grid/months.ts";
import { RESERVED_NAMES } from "../keys.ts";

/**
 * What a product may be called and which years a baseline may have: the rules of a `products.json`, of a deployment's
 * settings and of the functions' environment. They need no library, so that nothing that uses them must load one.
 */

/** The form of a product's name, and of its suffix: both are safe as a folder, in a key and in a file's name. */
export const PRODUCT_NAME = /^[a-z][a-z0-9_-]{0,31}$/i;

/** Whether this is a folder of the output bucket already. Some disks take `runs` and `RUNS` for the same folder. */
export function isReserved(name: string): boolean {
  return RESERVED_NAMES.some((reserved) => reserved === name.toLowerCase());
}

/** The form of a baseline that is given as text: {@link baselineOf} reads it. */
export const BASELINE_TEXT = /^\d{4}-\d{4}$/;
/** What to say of a text that is none, and of years that are not {@link isInOrder}. */
export const BASELINE_FORM = "is a first and a last year, as 1991-2020";
export const BASELINE_ORDER = "has its first year after its last";

/** The years in a {@link BASELINE_TEXT}. */
export function baselineOf(text: string): Years {
  return [Number(text.slice(0, 4)), Number(text.slice(5))];
}

export function isInOrder([first, last]: Years): boolean {
  return first <= last;
}
