import type { Attributes } from "../dataset.ts";
import type { FloatType } from "../decoded-type.ts";
import { FILL_VALUE } from "../numeric-types.ts";

/** Attributes that say how values are stored, which those of a view are not. */
const STORAGE: ReadonlySet<string> = new Set([
  FILL_VALUE,
  "missing_value",
  "scale_factor",
  "add_offset",
  "valid_min",
  "valid_max",
  "valid_range",
  "_Unsigned",
]);

/** The attributes of values that are decoded, to that type. */
export function withoutStorage(attributes: Attributes, type: FloatType): Attributes {
  const others = Object.entries(attributes).filter(([attribute]) => !STORAGE.has(attribute));
  return { ...Object.fromEntries(others), [FILL_VALUE]: { type, value: [Number.NaN] } };
}
