import { GribDamaged } from "./damaged.ts";

/** The bytes of a section. Numbers are big-endian, counted from 0, and negative ones have a sign bit before their size. */
export class Section {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  uint8(at: number): number {
    return this.#view.getUint8(this.#inside(at, 1));
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.#inside(at, 2));
  }

  uint24(at: number): number {
    return this.uint8(at) * 2 ** 16 + this.uint16(at + 1);
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.#inside(at, 4));
  }

  /** Beyond 2^53 no file goes, and what is rounded is beyond its end. */
  uint64(at: number): number {
    return this.uint32(at) * 2 ** 32 + this.uint32(at + 4);
  }

  int8(at: number): number {
    return signed(this.uint8(at), 7);
  }

  int16(at: number): number {
    return signed(this.uint16(at), 15);
  }

  int24(at: number): number {
    return signed(this.uint24(at), 23);
  }

  int32(at: number): number {
    return signed(this.uint32(at), 31);
  }

  /** A sign bit and a size, of a whole number of bytes. */
  int(at: number, bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.uint8(at + i);
    return signed(value, 8 * bytes - 1);
  }

  float32(at: number): number {
    return this.#view.getFloat32(this.#inside(at, 4));
  }

  float64(at: number): number {
    return this.#view.getFloat64(this.#inside(at, 8));
  }

  /** A number of IBM's System/360: a sign, an exponent of 16, a fraction of 24 bits. */
  ibm32(at: number): number {
    const word = this.uint32(at);
    const size = (word & 0xff_ff_ff) * 2 ** (4 * ((word >>> 24) & 0x7f) - 280);
    return word >>> 31 === 1 ? -size : size;
  }

  /** From a place on, all by default. */
  part(start: number, end = this.length): Uint8Array {
    if (start > end || end > this.length) throw new GribDamaged(`a section of ${this.length} bytes ends too early`);
    return this.bytes.subarray(start, end);
  }

  #inside(at: number, length: number): number {
    if (at + length > this.length) throw new GribDamaged(`a section of ${this.length} bytes ends too early`);
    return at;
  }
}

function signed(value: number, bits: number): number {
  const sign = 2 ** bits;
  return value < sign ? value : sign - value;
}
