import type { RandomAccess } from "../../random-access.ts";

/**
 * What a file holds and is not known here exactly, or is damaged. Its reading is left to the HDF5 library, which knows
 * all there is, and says what is wrong.
 */
export class LeftToLibrary extends Error {
  override readonly name = "LeftToLibrary";
}

/** @throws LeftToLibrary */
export function leave(why: string): never {
  throw new LeftToLibrary(why);
}

/** @throws LeftToLibrary where it does not hold */
export function insist(holds: boolean, otherwise: string): asserts holds {
  if (!holds) leave(otherwise);
}

/** Bytes: more than the index of 4 million chunks has. */
const MOST_METADATA = 2 ** 28;

/** Bytes: of two indexes of 4 million chunks. */
const MOST_RESERVED = 2 ** 27;

/** Bytes that are no part of the metadata but are read with it, and what is read twice. */
const LEEWAY = 2 ** 20;

/**
 * The metadata of an HDF5 file without a user block, whose addresses and lengths have 8 bytes. As no byte of it belongs
 * to two things, no more of them are read than the file has: whatever leads in circles, or along too many ways, ends.
 */
export class Metadata {
  readonly access: RandomAccess;
  #reserved = 0;
  /** Of the file, as it says itself: nothing is read behind it. */
  #end: number;
  #left: number;
  /** By the address of a part of a header, that of its header. */
  readonly #headers = new Map<number, number>();

  constructor(access: RandomAccess) {
    this.access = access;
    this.#end = access.size;
    this.#left = Math.min(access.size, MOST_METADATA) + LEEWAY;
  }

  /** @throws LeftToLibrary where the file is shorter */
  endAt(end: number): void {
    insist(end <= this.access.size, "a truncated file");
    this.#end = end;
  }

  /**
   * Counts memory for what takes more of it than of the file: chunks that were never written, texts that are one.
   *
   * @throws LeftToLibrary where that is too much in all
   */
  reserve(bytes: number): void {
    this.#reserved += bytes;
    insist(this.#reserved <= MOST_RESERVED, "a header that would take too much memory");
  }

  /** @throws LeftToLibrary where a part of a header is that of another one, too */
  requireOwner(part: number, header: number): void {
    const owner = this.#headers.get(part) ?? header;
    insist(owner === header, "headers that share a part");
    this.#headers.set(part, header);
  }

  /** @throws LeftToLibrary where there are not so many bytes */
  requireRoom(address: number, length: number): void {
    insist(address >= 0 && address + length <= this.#end, "beyond the file");
  }

  /** Bytes of the file. @throws LeftToLibrary where they lie beyond it, or too many were read */
  view(address: number, length: number): DataView<ArrayBuffer> {
    this.#left -= length;
    insist(this.#left >= 0, "more metadata than the file has room for");
    return this.#read(address, length);
  }

  #read(address: number, length: number): DataView<ArrayBuffer> {
    this.requireRoom(address, length);
    const bytes = new Uint8Array(length);
    this.access.read(address, bytes);
    return new DataView(bytes.buffer);
  }

  cursor(address: number, length: number): Cursor {
    return new Cursor(this.view(address, length));
  }

  /**
   * Few bytes of the file from `address` on, `length` at most: the beginning of what is then read as a whole, which is when
   * they are counted.
   */
  start(address: number, length: number): Cursor {
    return new Cursor(this.#read(address, Math.min(length, Math.max(0, this.#end - address))));
  }
}

/** Reads one thing after another; numbers are little-endian. Every method throws LeftToLibrary beyond the end. */
export class Cursor {
  readonly view: DataView<ArrayBuffer>;
  at = 0;

  constructor(view: DataView<ArrayBuffer>) {
    this.view = view;
  }

  get left(): number {
    return this.view.byteLength - this.at;
  }

  skip(length: number): void {
    insist(length >= 0 && length <= this.left, "beyond its end");
    this.at += length;
  }

  /** An unsigned number of up to 8 bytes; above 2 ** 53, where no file reaches, it is rounded. */
  uint(length: number): number {
    const start = this.at;
    this.skip(length);
    let value = 0;
    for (let at = start + length - 1; at >= start; at--) value = value * 256 + this.view.getUint8(at);
    return value;
  }

  /** Undefined where it is HDF5's undefined address, of ones alone. */
  address(): number | undefined {
    const at = this.at;
    this.skip(8);
    return addressAt(this.view, at);
  }

  /** @throws LeftToLibrary where it is undefined */
  definedAddress(): number {
    return this.address() ?? leave("an undefined address");
  }

  slice(length: number): DataView<ArrayBuffer> {
    const at = this.at;
    this.skip(length);
    return new DataView(this.view.buffer, this.view.byteOffset + at, length);
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.slice(length);
    return new Uint8Array(buffer, byteOffset, length);
  }

  /** @throws LeftToLibrary where something else stands there */
  expect(text: string): void {
    insist(String.fromCharCode(...this.bytes(text.length)) === text, `no ${text}`);
  }

  /** A byte that has to be `value`, such as a version. */
  expectByte(value: number, what: string): void {
    const found = this.uint(1);
    insist(found === value, `${what} ${found}`);
  }
}

/** An address of 8 bytes; undefined where it is HDF5's undefined address. */
export function addressAt(view: DataView, at: number): number | undefined {
  const [low, high] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  return low === 0xffff_ffff && high === 0xffff_ffff ? undefined : high * 2 ** 32 + low;
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A name or text that everybody decodes alike: UTF-8 without byte order mark, up to its first zero. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  let text: string;
  try {
    text = STRICT.decode(end === -1 ? bytes : bytes.subarray(0, end));
  } catch {
    return leave("text that is not UTF-8");
  }
  insist(!text.startsWith("\uFEFF"), "text with a byte order mark");
  return text;
}
