import { GribDamaged } from "../damaged.ts";
import { Bits } from "./bits.ts";
import { type Scale, scaled } from "./scale.ts";

/** Values as integers that were compressed losslessly, block by block. */
export interface CcsdsPacking extends Scale {
  readonly kind: "ccsds";
  readonly bits: number;
  readonly flags: number;
  /** Values of a block. */
  readonly blockSize: number;
  /** Blocks between two values that stand there as they are. */
  readonly referenceInterval: number;
}

const FLAG = { signed: 1, preprocessed: 8, restricted: 16, padded: 32 } as const;

/** Where all blocks of zeros up to the next whole one of these many are meant. */
const SEGMENT = 64;

/**
 * Source: CCSDS 121.0-B-3, "Lossless Data Compression", sections 3 to 5.
 *
 * @throws GribDamaged
 */
export function unpackCcsds(data: Uint8Array, count: number, packing: CcsdsPacking): Float64Array {
  const { bits, blockSize, referenceInterval, flags } = packing;
  if (bits > 32 || (flags & FLAG.signed) !== 0 || blockSize === 0 || blockSize > 64 || referenceInterval === 0) {
    throw new GribDamaged("its compression is impossible");
  }
  // A block of zeros takes a bit or two, and so does a segment of them.
  if (data.length * 8 * SEGMENT * blockSize < count) throw new GribDamaged("its values end too early");
  const values = new Float64Array(count);
  const decoder = new Decoder(new Bits(data), values, packing);
  const most = 2 ** bits - 1;
  for (let at = 0; at < count; ) {
    const end = decoder.interval(at);
    if ((flags & FLAG.preprocessed) !== 0) unmap(values.subarray(at, end), most);
    at = end;
  }
  return scaled(values, packing);
}

/** What the bits of blocks say. What is beyond the last value is read and forgotten. */
class Decoder {
  readonly #bits: Bits;
  readonly #values: Float64Array;
  readonly #packing: CcsdsPacking;
  readonly #idBits: number;
  #at = 0;

  constructor(bits: Bits, values: Float64Array, packing: CcsdsPacking) {
    this.#bits = bits;
    this.#values = values;
    this.#packing = packing;
    this.#idBits = idBits(packing);
  }

  /** Decodes the blocks up to the next reference; returns where they end. */
  interval(start: number): number {
    const { blockSize, referenceInterval, flags } = this.#packing;
    const preprocessed = (flags & FLAG.preprocessed) !== 0;
    this.#at = start;
    for (let block = 0; block < referenceInterval && this.#at < this.#values.length; ) {
      block += this.#block(preprocessed && block === 0 ? 1 : 0, referenceInterval - block, block);
    }
    if ((flags & FLAG.padded) !== 0) this.#bits.align();
    const end = start + blockSize * referenceInterval;
    return Math.min(end, this.#values.length);
  }

  /**
   * @param references - values at its beginning that stand there as they are
   * @param left - blocks up to the next reference
   * @returns how many blocks it was
   */
  #block(references: number, left: number, index: number): number {
    const { bits, blockSize } = this.#packing;
    const id = this.#bits.read(this.#idBits);
    if (id === 2 ** this.#idBits - 1) {
      for (let i = 0; i < blockSize; i++) this.#put(this.#bits.read(bits));
      return 1;
    }
    if (id > 0) {
      this.#split(id - 1, references);
      return 1;
    }
    const isSecondExtension = this.#bits.read(1) === 1;
    if (references > 0) this.#put(this.#bits.read(bits));
    if (isSecondExtension) {
      this.#pairs(references);
      return 1;
    }
    const code = this.#bits.zeros() + 1;
    const rest = Math.min(left, SEGMENT - (index % SEGMENT));
    const blocks = code === 5 ? rest : code > 5 ? code - 1 : code;
    if (blocks > left) throw new GribDamaged("it has more blocks of zeros than there are");
    // They are zeros already.
    this.#at += blocks * blockSize - references;
    return blocks;
  }

  /** Each value's upper bits as a count of zeros, then the lower ones of all. */
  #split(low: number, references: number): void {
    const { bits, blockSize } = this.#packing;
    if (references > 0) this.#put(this.#bits.read(bits));
    const start = this.#at;
    for (let i = references; i < blockSize; i++) this.#put(this.#bits.zeros() * 2 ** low);
    if (low === 0) return;
    for (let i = start; i < this.#at; i++) {
      const rest = this.#bits.read(low);
      if (i < this.#values.length) this.#values[i]! += rest;
    }
  }

  /** Two values as one count of zeros. */
  #pairs(references: number): void {
    for (let i = references; i < this.#packing.blockSize; ) {
      const code = this.#bits.zeros();
      const sum = Math.floor((Math.sqrt(8 * code + 1) - 1) / 2);
      const second = code - (sum * (sum + 1)) / 2;
      // The first of the block's first pair is the reference.
      if (i % 2 === 0) {
        this.#put(sum - second);
        i++;
      }
      this.#put(second);
      i++;
    }
  }

  #put(value: number): void {
    if (this.#at < this.#values.length) this.#values[this.#at] = value;
    this.#at++;
  }
}

function idBits({ bits, flags }: CcsdsPacking): number {
  if (bits > 16) return 5;
  if (bits > 8) return 4;
  if ((flags & FLAG.restricted) === 0 || bits > 4) return 3;
  return bits > 2 ? 2 : 1;
}

/** Values of what is told of each: by how much it differs from the one before, small numbers for the likely ones. */
function unmap(values: Float64Array, most: number): void {
  let value = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) {
    const told = values[i]!;
    const room = Math.min(value, most - value);
    if (told > 2 * room) value = value === room ? told : most - told;
    else if (told % 2 === 0) value += told / 2;
    else value -= (told + 1) / 2;
    values[i] = value;
  }
}
