import type { NumericArray, NumericType, Variable } from "./dataset.ts";
import { ITEM_BYTES, valuesOf } from "./numeric-types.ts";

const UNSIGNED: Readonly<Partial<Record<string, NumericType>>> = {
  int8: "uint8",
  int16: "uint16",
  int32: "uint32",
  int64: "uint64",
};
const SIGNED: Readonly<Partial<Record<string, NumericType>>> = {
  uint8: "int8",
  uint16: "int16",
  uint32: "int32",
  uint64: "int64",
};

/**
 * The type that a variable's integers are to be read as, where `_Unsigned` says that they are of the other kind: classic
 * NetCDF lacks unsigned integers, and DAP signed bytes. Undefined where they are what their type says.
 */
export function otherKind({ type, attributes }: Variable): NumericType | undefined {
  const text = String(attributes["_Unsigned"]?.value).toLowerCase();
  return text === "true" ? UNSIGNED[type] : text === "false" ? SIGNED[type] : undefined;
}

/** The same bits as numbers of the other kind, not copied. */
export function asKind(raw: NumericArray, kind: NumericType | undefined): NumericArray {
  return kind === undefined ? raw : valuesOf(kind, raw.buffer, raw.byteOffset, raw.length);
}

/** A number to compare values of the other kind with, which may have been written as one of the type's own kind. */
export function boundOf(value: number, kind: NumericType | undefined): number {
  if (kind === undefined) return value;
  const all = 2 ** (8 * ITEM_BYTES[kind]);
  if (kind.startsWith("u")) return value < 0 ? value + all : value;
  // The last of 64 bits are lost already in a number, and must not make it zero.
  return value >= all / 2 ? Math.min(value - all, -1) : value;
}
