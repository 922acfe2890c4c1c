import type { Attribute, Attributes, DataType } from "../dataset.ts";
import { FILL_VALUE, isNumeric } from "../numeric-types.ts";
import { type Json, numberOf } from "./json.ts";

/** Attributes as NetCDF has them: texts and numbers. What is neither is left out. */
export function attributesOf(json: Json): Attributes {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => {
      const attribute = attributeOf(value);
      return attribute === undefined ? [] : [[name, attribute]];
    }),
  );
}

function attributeOf(value: unknown): Attribute | undefined {
  if (typeof value === "boolean") return { type: "int8", value: [Number(value)] };
  const number = numberOf(value);
  if (number !== undefined) return ofNumbers([number]);
  if (typeof value === "string") return { type: "char", value };
  if (!Array.isArray(value)) return undefined;
  const numbers = value.map(numberOf);
  if (numbers.every((item) => item !== undefined)) return ofNumbers(numbers);
  return value.every((item) => typeof item === "string") ? { type: "char", value: value.join(", ") } : undefined;
}

function ofNumbers(value: readonly number[]): Attribute {
  return { type: value.every(Number.isInteger) ? "int64" : "float64", value };
}

/** Zarr 2 has missing values where its array has what stands in chunks that were never written; so xarray takes it. */
export function withFill(attributes: Attributes, type: DataType, fill: number | bigint | undefined): Attributes {
  if (fill === undefined || !isNumeric(type)) return attributes;
  return { ...attributes, [FILL_VALUE]: { type, value: [Number(fill)] } };
}

/** Of Zarr 3, xarray has the missing value as an attribute: that of floats is base64 of a double. */
export function decodedFill(attributes: Attributes, type: DataType): Attributes {
  const { [FILL_VALUE]: fill, ...others } = attributes;
  if (typeof fill?.value !== "string") return attributes;
  const bytes = Buffer.from(fill.value, "base64");
  if (!isNumeric(type) || bytes.length !== 8) return others;
  return { ...others, [FILL_VALUE]: { type, value: [bytes.readDoubleLE()] } };
}
