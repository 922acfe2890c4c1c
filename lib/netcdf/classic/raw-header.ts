import { toNative } from "../byte-order.ts";
import type { Attribute, Attributes, DatasetFormat, DataType } from "../dataset.ts";
import { ITEM_BYTES, isNumeric, valuesOf } from "../numeric-types.ts";

/** What the header of a classic file says, as it says it. */
export interface RawHeader {
  readonly format: DatasetFormat;
  /** As declared; undefined where a writer of streams never came back to write it. */
  readonly records: number | undefined;
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

/** By the fourth byte of the file: whether it has wide offsets, wide counts, and how many of {@link TYPES}. */
const VERSIONS: Readonly<Record<number, Version>> = {
  1: { format: "classic", countBytes: 4, offsetBytes: 4, types: 7 },
  2: { format: "64-bit offset", countBytes: 4, offsetBytes: 8, types: 7 },
  5: { format: "CDF-5", countBytes: 8, offsetBytes: 8, types: 12 },
};

interface Version {
  readonly format: DatasetFormat;
  readonly countBytes: 4 | 8;
  readonly offsetBytes: 4 | 8;
  readonly types: number;
}

/** By their numbers in the format. */
const TYPES: readonly (DataType | undefined)[] = [
  ...([undefined, "int8", "char", "int16", "int32", "float32", "float64"] as const),
  ...(["uint8", "uint16", "uint32", "int64", "uint64"] as const),
];

/** Dimensions, variables and attributes in all: eight times the 8192 variables that netCDF-C long allowed. */
const MOST_ENTRIES = 2 ** 16;

/** Dimensions of a variable, as many as netCDF-C allows. */
const MOST_RANK = 1024;

/** Bytes that an entry of any list takes at least. */
const SMALLEST_ENTRY = 8;

/** Every bit set: of a count, that nobody counted. */
const UNCOUNTED = { 4: 2 ** 32 - 1, 8: 2 ** 64 };

/**
 * Reads the header at the beginning of a classic, 64-bit offset or CDF-5 file. No memory is taken for what it declares before as
 * many bytes are there: a few bytes can declare billions of entries. This is why it is no library's: netcdfjs takes memory
 * by what is declared.
 *
 * Source: "NetCDF Classic Format Specification", NetCDF User's Guide, appendix B.
 *
 * @param bytes - the beginning of a file whose signature is known
 * @throws HeaderCut, HeaderDamaged
 */
export function parseHeader(bytes: Uint8Array): RawHeader {
  const version = VERSIONS[bytes[3] ?? 0];
  if (version === undefined) throw new HeaderDamaged(`its version is ${bytes[3]}`);
  const reader = new HeaderReader(bytes, version);
  const records = reader.count();
  const dimensions = reader.list(TAG.dimensions, "dimensions", () => ({ name: reader.text(), size: reader.count() }));
  const attributes = reader.attributes();
  const variables = reader.list(TAG.variables, "variables", (): RawVariable => {
    const name = reader.text();
    const ids = reader.dimensionIds(name);
    const its = reader.attributes();
    const type = reader.type(name);
    // The number of bytes that is declared here overflows in large variables: it follows from the shape.
    reader.count();
    return { name, type, dimensions: ids, attributes: its, offset: reader.number(version.offsetBytes) };
  });
  const isCounted = records !== UNCOUNTED[version.countBytes];
  return { format: version.format, records: isCounted ? records : undefined, dimensions, attributes, variables };
}

/** Big-endian numbers, and what is made of them, one after another. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #version: Version;
  #at = 4;
  #entries = 0;

  constructor(bytes: Uint8Array, version: Version) {
    this.#bytes = bytes;
    this.#version = version;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What is beyond 2^53 is rounded: no file has as many of anything. */
  number(bytes: 4 | 8): number {
    const at = this.#take(bytes);
    return bytes === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at));
  }

  /** How many there are of something, its size, or its position among others. */
  count(): number {
    return this.number(this.#version.countBytes);
  }

  dimensionIds(of: string): number[] {
    const count = this.count();
    if (count > MOST_RANK) throw new HeaderDamaged(`"${of}" has ${count} dimensions`);
    this.#requireBytes(this.#version.countBytes * count);
    return Array.from({ length: count }, () => this.count());
  }

  /** C programs write texts with the NUL that ends them, or pad with it. */
  text(length = this.count()): string {
    const bytes = this.#padded(length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("utf8").replace(/\0+$/, "");
  }

  type(of: string): DataType {
    const number = this.number(4);
    const type = number < this.#version.types ? TYPES[number] : undefined;
    if (type === undefined) throw new HeaderDamaged(`"${of}" is of type ${number}`);
    return type;
  }

  attributes(): Attributes {
    return Object.fromEntries(
      this.list(TAG.attributes, "attributes", (): [string, Attribute] => {
        const name = this.text();
        const type = this.type(name);
        const count = this.count();
        if (!isNumeric(type)) return [name, { type, value: this.text(count) }];
        const values = this.#padded(ITEM_BYTES[type] * count).slice();
        toNative(values, ITEM_BYTES[type], "BE");
        return [name, { type, value: Array.from(valuesOf(type, values.buffer), Number) }];
      }),
    );
  }

  /** A list of entries; an empty one may have no tag. */
  list<T>(tag: number, what: string, entry: () => T): T[] {
    const [found, count] = [this.number(4), this.count()];
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
