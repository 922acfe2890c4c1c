import type { Metadata } from "h5wasm/node";
import type { DataType, NumericType } from "../dataset.ts";

/** Numbers of HDF5's type classes, `H5T_class_t`. */
const CLASS = { integer: 0, float: 1, string: 3 } as const;

/** The NetCDF type of stored values. */
export function typeOf({ type, size, signed, vlen }: Metadata): DataType {
  if (type === CLASS.integer) return INTEGERS[`${signed ? "int" : "uint"}${size * 8}`] ?? "other";
  if (type === CLASS.float) return FLOATS[size] ?? "other";
  if (type === CLASS.string && !vlen && size === 1) return "char";
  return "other";
}

export function isText({ type }: Metadata): boolean {
  return type === CLASS.string;
}

const INTEGERS: Readonly<Record<string, NumericType>> = {
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  uint64: "uint64",
};

const FLOATS: Readonly<Record<number, NumericType>> = { 4: "float32", 8: "float64" };
