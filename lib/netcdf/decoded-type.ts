import type { Variable } from "./dataset.ts";
import { decode } from "./decode.ts";
import { isNumeric, valuesOf } from "./numeric-types.ts";

/** The types that values are decoded to. */
export type FloatType = "float32" | "float64";

/**
 * The type that a variable's values are decoded to: what becomes of none of them.
 *
 * @param file - what messages call the file
 * @throws InputError as {@link decode}
 */
export function decodedType(variable: Variable, file: string): FloatType {
  const none = valuesOf(isNumeric(variable.type) ? variable.type : "float32", new ArrayBuffer());
  return decode(variable, none, file) instanceof Float32Array ? "float32" : "float64";
}
