import { toNative } from "../byte-order.ts";
import type { Attribute, Attributes, DataType } from "../dataset.ts";
import { ITEM_BYTES, isNumeric, valuesOf } from "../numeric-types.ts";

/** What the header of a classic file says, as it says it. */
export interface RawHeader {
  readonly format: "classic" | "64-bit offset";
  /** As declared: a writer of streams leaves ones alone there. */
  readonly records: number;
  readonly dimensions: readonly RawDimension[];
  readonly attributes: Attributes;
  readonly variables: readonly RawVariable[];
}

export interface RawDimension {
  readonly name: string;
  /** 0 for that of the records. */
  readonly size: number;
}

export interface RawVariable {
  readonly name: string;
  readonly type: DataType;
  /** Positions in the list of dimensions, which may lack them. */
  readonly dimensions: readonly number[];
  readonly attributes: Attributes;
  readonly offset: number;
}

/** The bytes end before the header does: of a prefix, more of the file has to be read. */
export class HeaderCut extends Error {
  override readonly name = "HeaderCut";
}

/** The header says what it cannot mean. */
export class HeaderDamaged extends Error {
  override readonly name = "HeaderDamaged";
}

const TAG = { dimensions: 10, variables: 11, attributes: 12 } as const;

/** By their numbers in the format. */
const TYPES: readonly (DataType | undefined)[] = [undefined, "int8", "char", "int16", "int32", "float32", "float64"];

/** Dimensions, variables and attributes in all: eight times the 8192 variables that netCDF-C long allowed. */
const MOST_ENTRIES = 2 ** 16;

/** Dimensions of a variable, as many as netCDF-C allows. */
const MOST_RANK = 1024;

/** Bytes that an entry of any list takes at least. */
const SMALLEST_ENTRY = 8;

/**
 * Reads the header at the beginning of a classic or 64-bit offset file. No memory is taken for what it declares before as
 * many bytes are there: a few bytes can declare billions of entries. This is why it is no library's: netcdfjs takes memory
 * by what is declared.
 *
 * Source: "NetCDF Classic Format Specification", NetCDF User's Guide, appendix B.
 *
 * @param bytes - the beginning of a file whose signature is known
 * @throws HeaderCut, HeaderDamaged
 */
export function parseHeader(bytes: Uint8Array): RawHeader {
  const reader = new HeaderReader(bytes);
  const wide = bytes[3] === 2;
  const records = reader.uint();
  const dimensions = reader.list(TAG.dimensions, "dimensions", () => ({ name: reader.text(), size: reader.uint() }));
  const attributes = reader.attributes();
  const variables = reader.list(TAG.variables, "variables", (): RawVariable => {
    const name = reader.text();
    const ids = reader.dimensionIds(name);
    const its = reader.attributes();
    const type = reader.type(name);
    // The number of bytes that is declared here overflows in large variables: it follows from the shape.
    reader.uint();
    const high = wide ? reader.uint() : 0;
    return { name, type, dimensions: ids, attributes: its, offset: high * 2 ** 32 + reader.uint() };
  });
  return { format: wide ? "64-bit offset" : "classic", records, dimensions, attributes, variables };
}

/** Big-endian numbers, and what is made of them, one after another. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 4;
  #entries = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint(): number {
    const at = this.#take(4);
    return this.#view.getUint32(at);
  }

  dimensionIds(of: string): number[] {
    const count = this.uint();
    if (count > MOST_RANK) throw new HeaderDamaged(`"${of}" has ${count} dimensions`);
    this.#requireBytes(4 * count);
    return Array.from({ length: count }, () => this.uint());
  }

  /** C programs write texts with the NUL that ends them, or pad with it. */
  text(length = this.uint()): string {
    const bytes = this.#padded(length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("utf8").replace(/\0+$/, "");
  }

  type(of: string): DataType {
    const number = this.uint();
    const type = TYPES[number];
    if (type === undefined) throw new HeaderDamaged(`"${of}" is of type ${number}`);
    return type;
  }

  attributes(): Attributes {
    return Object.fromEntries(
      this.list(TAG.attributes, "attributes", (): [string, Attribute] => {
        const name = this.text();
        const type = this.type(name);
        const count = this.uint();
        if (!isNumeric(type)) return [name, { type, value: this.text(count) }];
        const values = this.#padded(ITEM_BYTES[type] * count).slice();
        toNative(values, ITEM_BYTES[type], "BE");
        return [name, { type, value: Array.from(valuesOf(type, values.buffer), Number) }];
      }),
    );
  }

  /** A list of entries; an empty one may have no tag. */
  list<T>(tag: number, what: string, entry: () => T): T[] {
    const [found, count] = [this.uint(), this.uint()];
    if (found !== tag && (found !== 0 || count !== 0)) throw new HeaderDamaged(`its list of ${what} has tag ${found}`);
    this.#entries += count;
    if (this.#entries > MOST_ENTRIES) throw new HeaderDamaged(`it declares ${count} ${what}`);
    this.#requireBytes(SMALLEST_ENTRY * count);
    return Array.from({ length: count }, entry);
  }

  #padded(length: number): Uint8Array {
    const at = this.#take(4 * Math.ceil(length / 4));
    return this.#bytes.subarray(at, at + length);
  }

  #take(length: number): number {
    this.#requireBytes(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #requireBytes(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new HeaderCut("it ends before what it declares");
  }
}
