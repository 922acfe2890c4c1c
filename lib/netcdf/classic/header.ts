import { type Header, NetCDFReader } from "netcdfjs";
import { brokenFile, InputError, messageOf } from "../../errors.ts";
import { type Layout, packedStrides } from "../byte-ranges.ts";
import type { Attribute, Attributes, DatasetFormat, DataType, Dimension, Variable } from "../dataset.ts";
import { ITEM_BYTES, isNumeric } from "../numeric-types.ts";
import type { RandomAccess } from "../random-access.ts";
import { product } from "../slab.ts";

/** What the header of a classic file says, and where the values are. */
export interface ClassicHeader {
  readonly format: DatasetFormat;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly attributes: Attributes;
}

const TYPES: Readonly<Record<string, DataType>> = {
  byte: "int8",
  char: "char",
  short: "int16",
  int: "int32",
  float: "float32",
  double: "float64",
};

/** Most headers fit in the first; what is longer than the last is no header. */
const FIRST_PREFIX = 2 ** 13;
const LAST_PREFIX = 2 ** 26;

/** The number of records while a writer streams them: it never came back to write how many there are. */
const STREAMING = 0xff_ff_ff_ff;

/**
 * Source of the layout: "NetCDF Classic Format Specification", NetCDF User's Guide, appendix B.
 *
 * @throws InputError `BrokenFile`, `UnsupportedFormat`
 */
export function readHeader(access: RandomAccess, file: string): ClassicHeader {
  const header = parse(access, file);
  // The parser leaves lists out that are empty.
  const raw = { dimensions: header.dimensions ?? [], variables: header.variables ?? [] };
  const placed = raw.variables.map((variable) => place(variable, raw.dimensions, header.recordDimension.id, file));

  const records = placed.filter((p) => p.record);
  // A lone record variable is packed: its records follow each other without padding.
  const stride = records.length === 1 ? records[0]!.bytes : records.reduce((sum, p) => sum + padded(p.bytes), 0);
  const declared = header.recordDimension.length;
  const count = declared === STREAMING ? wholeRecords(records, stride, access.size) : declared;

  const dimensions = raw.dimensions.map(({ name, size }, id): Dimension => {
    const unlimited = id === header.recordDimension.id;
    return { name: utf8(name), size: unlimited ? count : size, unlimited };
  });
  const variables = new Map<string, Variable>();
  const layouts = new Map<string, Layout>();
  for (const p of placed) {
    const shape = p.record ? [count, ...p.shape] : p.shape;
    const end = p.offset + p.bytes + (p.record ? (count - 1) * stride : 0);
    if (end > access.size && !shape.includes(0)) {
      throw brokenFile(`truncated: "${p.name}" needs ${end} bytes, the file has ${access.size}`, { file });
    }
    const { name, type, attributes } = p;
    variables.set(name, { name, type, dimensions: p.ids.map((id) => dimensions[id]!.name), shape, attributes });
    const strides = packedStrides(p.itemBytes, p.shape);
    layouts.set(name, {
      offset: p.offset,
      itemBytes: p.itemBytes,
      strides: p.record ? [stride, ...strides] : strides,
    });
  }
  return {
    format: header.version === 1 ? "classic" : "64-bit offset",
    dimensions: new Map(dimensions.map((d) => [d.name, d])),
    variables,
    layouts,
    attributes: attributesOf(header.globalAttributes),
  };
}

/** netcdfjs wants bytes in memory: it gets as much of the file's beginning as its header takes. */
function parse(access: RandomAccess, file: string): Header {
  const largest = Math.min(access.size, LAST_PREFIX);
  for (let size = FIRST_PREFIX; ; size *= 8) {
    const prefix = new Uint8Array(Math.min(size, largest));
    access.read(0, prefix);
    try {
      return new NetCDFReader(prefix).header;
    } catch (cause) {
      const problem = messageOf(cause);
      if (problem.includes("larger than 4GB")) {
        throw new InputError("UnsupportedFormat", "has classic variables beyond its first 4 GiB", {
          file,
          hint: "Convert it: nccopy -k nc4 in.nc out.nc",
          cause,
        });
      }
      // It fell off the prefix's end.
      if (cause instanceof RangeError && prefix.length < largest) continue;
      throw brokenFile(`its header is damaged or truncated (${problem})`, { file, cause });
    }
  }
}

interface Placed {
  readonly name: string;
  readonly type: DataType;
  readonly attributes: Attributes;
  readonly ids: readonly number[];
  readonly record: boolean;
  /** Without the records. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly itemBytes: number;
  /** Of all values, or of one record's, without padding; the header's own number overflows in large variables. */
  readonly bytes: number;
}

function place(
  variable: Header["variables"][number],
  dimensions: Header["dimensions"],
  recordId: number | undefined,
  file: string,
): Placed {
  const name = utf8(variable.name);
  const type = TYPES[variable.type];
  const ids = variable.dimensions;
  const fixed = variable.record ? ids.slice(1) : ids;
  if (type === undefined || ids.some((id) => dimensions[id] === undefined) || fixed.some((id) => id === recordId)) {
    throw brokenFile(`its header is damaged: "${name}" has an impossible type or dimension`, { file });
  }
  const shape = fixed.map((id) => dimensions[id]!.size);
  const itemBytes = isNumeric(type) ? ITEM_BYTES[type] : 1;
  return {
    name,
    type,
    attributes: attributesOf(variable.attributes),
    ids,
    record: variable.record,
    shape,
    offset: variable.offset,
    itemBytes,
    bytes: itemBytes * product(shape),
  };
}

function wholeRecords(records: readonly Placed[], stride: number, size: number): number {
  if (stride === 0) return 0;
  const counts = records.map((p) => Math.floor((size - p.offset - p.bytes) / stride) + 1);
  return Math.max(0, Math.min(...counts));
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

function attributesOf(list: Header["globalAttributes"]): Attributes {
  return Object.fromEntries(list.map(({ name, type, value }) => [utf8(name), attributeOf(type, value)]));
}

/** The parser gives a number, an array where there are several, and always one of unsigned bytes. */
function attributeOf(typeName: string, value: unknown): Attribute {
  const type = TYPES[typeName] ?? "other";
  if (typeof value === "string") return { type, value: utf8(value) };
  const numbers = [value].flat().map(Number);
  return { type, value: type === "int8" ? [...Int8Array.from(numbers)] : numbers };
}

/** The parser makes one character of every byte. C programs write texts with the NUL that ends them, or pad with it. */
function utf8(characters: string): string {
  return Buffer.from(characters, "latin1").toString("utf8").replace(/\0+$/, "");
}
