import type { Dimension } from "../netcdf/dataset.ts";

/** Values by the class that holds them: byte, short, int, float, double, and char for text, which is encoded in UTF-8. */
export type ClassicValues = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array | string;

export type ClassicAttributes = Readonly<Record<string, ClassicValues>>;

export interface ClassicVariable {
  readonly name: string;
  /** Names of dimensions, slowest first; the unlimited one can only be the first. */
  readonly dimensions: readonly string[];
  readonly attributes?: ClassicAttributes;
  /** All values, row-major. */
  readonly values: ClassicValues;
}

export interface ClassicContents {
  /** At most one is unlimited; its size is the number of records. */
  readonly dimensions: readonly Dimension[];
  readonly variables: readonly ClassicVariable[];
  readonly attributes?: ClassicAttributes;
  /** 1: classic, offsets of 32 bits (the default). 2: 64-bit offset. */
  readonly version?: 1 | 2;
}

const TAG = { dimension: 10, variable: 11, attribute: 12 } as const;

/** A variable with the place of its values worked out. */
interface Placed {
  readonly variable: ClassicVariable;
  readonly record: boolean;
  /** Big-endian values of the whole variable. */
  readonly bytes: Uint8Array;
  /** Bytes of the variable, or of one record of it, without and with padding. */
  readonly length: number;
  readonly stride: number;
  begin: number;
}

/**
 * A file in the classic NetCDF format, byte for byte as netCDF-C writes it: variables without records first, then the
 * records, each value array padded to four bytes with its fill value.
 *
 * Source: "NetCDF Classic Format Specification", NetCDF User's Guide, appendix B.
 *
 * @throws Error where names, shapes or sizes do not agree: the contents are the caller's own making
 */
export function writeClassic(contents: ClassicContents): Uint8Array {
  const { dimensions, variables, version = 1 } = contents;
  const unlimited = dimensions.filter((d) => d.unlimited);
  if (unlimited.length > 1)
    throw new Error(`more than one unlimited dimension: ${unlimited.map((d) => d.name).join(", ")}`);
  const records = unlimited[0]?.size ?? 0;

  const placed = variables.map((variable) => measure(variable, dimensions));
  const fixed = placed.filter((p) => !p.record);
  const perRecord = placed.filter((p) => p.record);
  // A lone record variable is packed without padding, whatever its header says.
  const packed = perRecord.length === 1;

  let end = header(contents, placed, records).length; // all offsets still being zero, which take as much room
  for (const p of [...fixed, ...perRecord]) {
    p.begin = end;
    end += p.stride;
  }
  const recordStart = perRecord[0]?.begin ?? end;
  const recordStride = packed ? (perRecord[0]?.length ?? 0) : end - recordStart;
  if (version === 1 && placed.some((p) => p.begin > 0x7fff_ffff)) throw new Error("too large for version 1: choose 2");

  const file = new Uint8Array(recordStart + records * recordStride);
  file.set(header(contents, placed, records));
  for (const p of fixed) file.set(padded(p, p.bytes), p.begin);
  for (let record = 0; record < records; record++) {
    for (const p of perRecord) {
      const bytes = p.bytes.subarray(record * p.length, (record + 1) * p.length);
      file.set(packed ? bytes : padded(p, bytes), p.begin + record * recordStride);
    }
  }
  return file;
}

function measure(variable: ClassicVariable, dimensions: readonly Dimension[]): Placed {
  const shape = variable.dimensions.map((name, i) => {
    const found = dimensions.find((d) => d.name === name);
    if (found === undefined) throw new Error(`${variable.name}: no dimension ${name}`);
    if (found.unlimited && i > 0) throw new Error(`${variable.name}: ${name} is unlimited and not the first dimension`);
    return found;
  });
  const bytes = bigEndian(variable.values);
  const size = (of: readonly Dimension[]): number => of.reduce((n, d) => n * d.size, typeOf(variable.values).size);
  if (bytes.length !== size(shape)) {
    throw new Error(`${variable.name}: ${bytes.length} bytes of values, ${size(shape)} by its dimensions`);
  }
  const record = shape[0]?.unlimited ?? false;
  const length = size(record ? shape.slice(1) : shape);
  return { variable, record, bytes, length, stride: roundUp(length), begin: 0 };
}

function header({ dimensions, attributes, version = 1 }: ClassicContents, placed: readonly Placed[], records: number) {
  const bytes: Uint8Array[] = [];
  const int = (value: number): void => void bytes.push(bigEndian(Int32Array.of(value)));
  const text = (value: Uint8Array): void =>
    void bytes.push(value, new Uint8Array(roundUp(value.length) - value.length));
  const name = (value: string): void => {
    const encoded = bigEndian(value.normalize("NFC"));
    int(encoded.length);
    text(encoded);
  };
  const list = <T>(tag: number, items: readonly T[], write: (item: T) => void): void => {
    int(items.length === 0 ? 0 : tag);
    int(items.length);
    for (const item of items) write(item);
  };
  const attributeList = (of: ClassicAttributes = {}): void =>
    list(TAG.attribute, Object.entries(of), ([key, values]) => {
      const type = typeOf(values);
      const encoded = bigEndian(values);
      name(key);
      int(type.code);
      int(encoded.length / type.size);
      text(encoded);
    });

  bytes.push(Uint8Array.of(0x43, 0x44, 0x46, version)); // CDF
  int(records);
  list(TAG.dimension, dimensions, (dimension) => {
    name(dimension.name);
    int(dimension.unlimited ? 0 : dimension.size);
  });
  attributeList(attributes);
  list(TAG.variable, placed, ({ variable, stride, begin }) => {
    name(variable.name);
    int(variable.dimensions.length);
    for (const used of variable.dimensions) int(dimensions.findIndex((d) => d.name === used));
    attributeList(variable.attributes);
    int(typeOf(variable.values).code);
    int(Math.min(stride, 0xffff_ffff)); // of no use to readers, and all ones where it does not fit
    if (version === 2) int(Math.floor(begin / 2 ** 32));
    int(begin);
  });
  return Buffer.concat(bytes);
}

/** The values with the variable's fill value, or that of its type, up to the next four bytes. */
function padded({ variable }: Placed, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(roundUp(bytes.length));
  const fill = bigEndian(variable.attributes?.["_FillValue"] ?? typeOf(variable.values).fill);
  for (let at = bytes.length; at < whole.length; at += fill.length) whole.set(fill, at);
  whole.set(bytes);
  return whole;
}

/** The format's number of a type, its size in bytes, and the default fill of those that can need padding. */
function typeOf(values: ClassicValues): { code: number; size: number; fill: ClassicValues } {
  if (typeof values === "string") return { code: 2, size: 1, fill: "\0" };
  if (values instanceof Int8Array) return { code: 1, size: 1, fill: Int8Array.of(-127) };
  if (values instanceof Int16Array) return { code: 3, size: 2, fill: Int16Array.of(-32767) };
  if (values instanceof Int32Array) return { code: 4, size: 4, fill: "" };
  if (values instanceof Float32Array) return { code: 5, size: 4, fill: "" };
  return { code: 6, size: 8, fill: "" };
}

function bigEndian(values: ClassicValues): Uint8Array {
  if (typeof values === "string") return new TextEncoder().encode(values);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  const size = values.BYTES_PER_ELEMENT;
  if (values instanceof Int8Array) for (const [i, v] of values.entries()) view.setInt8(i, v);
  else if (values instanceof Int16Array) for (const [i, v] of values.entries()) view.setInt16(i * size, v);
  else if (values instanceof Int32Array) for (const [i, v] of values.entries()) view.setInt32(i * size, v);
  else if (values instanceof Float32Array) for (const [i, v] of values.entries()) view.setFloat32(i * size, v);
  else for (const [i, v] of values.entries()) view.setFloat64(i * size, v);
  return bytes;
}

const roundUp = (length: number): number => Math.ceil(length / 4) * 4;
