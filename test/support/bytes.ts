import type { RandomAccess } from "../../lib/netcdf/random-access.ts";

/** A file in memory that notes what is read of it; `size` may claim more than it has. */
export class Bytes implements RandomAccess {
  readonly reads: [offset: number, length: number][] = [];
  readonly path = "in memory";
  readonly size: number;
  closed = false;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, size = bytes.length) {
    this.#bytes = bytes;
    this.size = size;
  }

  read(offset: number, into: Uint8Array): void {
    this.reads.push([offset, into.length]);
    into.set(this.#bytes.subarray(offset, offset + into.length));
  }

  close(): void {
    this.closed = true;
  }
}
