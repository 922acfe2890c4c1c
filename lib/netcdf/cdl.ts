import { oneLine } from "../printable.ts";
import type { Attribute, Attributes, Dataset, DataType, Variable } from "./dataset.ts";

/** The header of a dataset in the manner of `ncdump -h`: dimensions, variables and attributes. */
export function describe({ file, format, dimensions, variables, attributes }: Dataset): string {
  return [
    `netcdf ${oneLine(file)} { // ${format}`,
    ...section(
      "dimensions:",
      Array.from(dimensions.values(), ({ name, size, unlimited }) =>
        unlimited ? `\t${oneLine(name)} = UNLIMITED ; // (${size} currently)` : `\t${oneLine(name)} = ${size} ;`,
      ),
    ),
    ...section(
      "variables:",
      Array.from(variables.values()).flatMap((variable) => [
        `\t${TYPE_NAMES[variable.type]} ${oneLine(variable.name)}${dimensionsText(variable)} ;`,
        ...attributeLines(`\t\t${oneLine(variable.name)}`, variable.attributes),
      ]),
    ),
    ...section("// global attributes:", attributeLines("\t\t", attributes)),
    "}",
    "",
  ].join("\n");
}

/** The names of CDL, NetCDF's text form. */
const TYPE_NAMES: Readonly<Record<DataType, string>> = {
  int8: "byte",
  uint8: "ubyte",
  int16: "short",
  uint16: "ushort",
  int32: "int",
  uint32: "uint",
  int64: "int64",
  uint64: "uint64",
  float32: "float",
  float64: "double",
  char: "char",
  other: "other",
};

/** What CDL puts after a number to tell its type; int and double need nothing. */
const SUFFIXES: Readonly<Partial<Record<DataType, string>>> = {
  int8: "b",
  uint8: "UB",
  int16: "s",
  uint16: "US",
  uint32: "U",
  int64: "LL",
  uint64: "ULL",
  float32: "f",
};

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function dimensionsText({ dimensions }: Variable): string {
  return dimensions.length === 0 ? "" : `(${dimensions.map(oneLine).join(", ")})`;
}

function attributeLines(prefix: string, attributes: Attributes): string[] {
  return Object.entries(attributes).map(
    ([name, attribute]) => `${prefix}:${oneLine(name)} = ${valueText(attribute)} ;`,
  );
}

function valueText({ type, value }: Attribute): string {
  if (typeof value === "string") return JSON.stringify(value);
  return value.length === 0 ? '""' : value.map((number) => numberText(number, type)).join(", ");
}

function numberText(number: number, type: DataType): string {
  // The shortest text of a float32 is that of its seven or so digits, not of the double that it widens to.
  const text = type === "float32" ? shortFloat(number) : String(number);
  const point = (type === "float32" || type === "float64") && /^-?\d+$/.test(text) ? "." : "";
  return `${text}${point}${SUFFIXES[type] ?? ""}`;
}

function shortFloat(number: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return String(short);
  }
  return String(number);
}
