import { GribDamaged } from "../damaged.ts";

/** Numbers of any count of bits, one after another, the highest bit first. */
export class Bits {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length * 8;
    this.#at = 0;
  }

  /** A number of up to 32 bits. */
  read(bits: number): number {
    const at = this.#at;
    if (at + bits > this.#end) throw new GribDamaged("its values end too early");
    this.#at = at + bits;
    let value = 0;
    let left = bits;
    let byte = at >>> 3;
    let room = 8 - (at & 7);
    while (left > room) {
      // In doubles: 32 bits are more than the operators of integers take.
      value = value * 2 ** room + (this.#bytes[byte++]! & (2 ** room - 1));
      left -= room;
      room = 8;
    }
    return value * 2 ** left + ((this.#bytes[byte]! >>> (room - left)) & (2 ** left - 1));
  }

  /** How many zeros stand before the next one, which is taken, too. */
  zeros(): number {
    const start = this.#at;
    let at = start;
    while (at < this.#end) {
      const rest = this.#bytes[at >>> 3]! & (0xff >>> (at & 7));
      if (rest === 0) {
        at = (at | 7) + 1;
        continue;
      }
      at = (at & ~7) + Math.clz32(rest) - 24;
      this.#at = at + 1;
      return at - start;
    }
    throw new GribDamaged("its values end too early");
  }

  /** Goes on at the next whole byte. */
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** Whether so many bits are there. */
  has(bits: number): boolean {
    return this.#at + bits <= this.#end;
  }
}
