/** What a codec writes that repeats what it wrote before; no more than it is to. */
export class LzOutput {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** @throws Error where there are fewer bytes, or no room for them */
  copy(from: Uint8Array, start: number, count: number): void {
    if (start + count > from.length) throw new Error("cut short");
    this.#requireRoom(count);
    this.bytes.set(from.subarray(start, start + count), this.#at);
    this.#at += count;
  }

  /** @param distance - back to what is repeated, which may reach into what that writes */
  repeat(distance: number, count: number): void {
    this.#requireRoom(count);
    if (distance < 1 || distance > this.#at) throw new Error("a repetition of nothing");
    const { bytes } = this;
    if (distance >= count) bytes.copyWithin(this.#at, this.#at - distance, this.#at - distance + count);
    else for (let at = this.#at, end = at + count; at < end; at++) bytes[at] = bytes[at - distance]!;
    this.#at += count;
  }

  /** All that was written. @throws Error where it is not as long as it is to be */
  whole(): Uint8Array {
    if (this.#at !== this.bytes.length) throw new Error(`${this.#at} bytes, not ${this.bytes.length}`);
    return this.bytes;
  }

  #requireRoom(count: number): void {
    if (this.#at + count > this.bytes.length) throw new Error(`more than ${this.bytes.length} bytes`);
  }
}

/** Reads bytes one after another. */
export class Bytes {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  /** @throws Error behind the end */
  next(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Error("cut short");
    return byte;
  }

  /** A length that goes on for as long as its bytes have no room for more. */
  nextLength(): number {
    let length = 0;
    for (;;) {
      const byte = this.next();
      length += byte;
      if (byte < 255) return length;
    }
  }

  copyTo(output: LzOutput, count: number): void {
    output.copy(this.bytes, this.at, count);
    this.at += count;
  }
}
