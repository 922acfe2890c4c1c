import type { DataType } from "../dataset.ts";
import { DEFAULT_FILL, isNumeric } from "../numeric-types.ts";
import { numberOf } from "./json.ts";

/**
 * The value of chunks that were never written, as metadata has it. Where that says nothing the value is missing: other readers
 * give whatever is in their memory.
 */
export function fillOf(value: unknown, type: DataType): number | bigint {
  if ((value === null || value === undefined) && isNumeric(type)) {
    return type.startsWith("float") ? Number.NaN : DEFAULT_FILL[type];
  }
  const isWide = type === "int64" || type === "uint64";
  const number = numberOf(value) ?? (typeof value === "string" ? ofText(value, type) : Number(value === true));
  if (!isWide) return number;
  const whole = BigInt(Number.isFinite(number) ? Math.trunc(number) : 0);
  return type === "int64" ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole);
}

/** `NaN`, `Infinity`, or the bits of a float as 0x and hexadecimal digits. */
function ofText(text: string, type: DataType): number {
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return /^(NaN|-?Infinity)$/.test(text) ? Number(text) : 0;
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(text));
  return type === "float32" ? bits.readFloatBE(4) : bits.readDoubleBE(0);
}
