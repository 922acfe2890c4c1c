import type { RandomAccess } from "../random-access.ts";
import { GribDamaged } from "./damaged.ts";
import type { Grid } from "./grid.ts";
import { Section } from "./section.ts";

/** Headers are short; what is longer lists points, which are not read. */
const MOST_HEADER = 2 ** 16;

/** Bytes that are read at once: the headers of most messages. */
const WINDOW = 1024;

/** Bytes of a file, of which headers are read: many short ones, close to each other. */
export class HeaderBytes {
  readonly #access: RandomAccess;
  #start = 0;
  #window = new Uint8Array();

  constructor(access: RandomAccess) {
    this.#access = access;
  }

  /** Never beyond the file, so that fewer may come. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#access.size);
    if (offset >= end) return new Uint8Array();
    if (offset < this.#start || end > this.#start + this.#window.length) {
      this.#start = offset;
      this.#window = new Uint8Array(Math.min(Math.max(length, WINDOW), this.#access.size - offset));
      this.#access.read(offset, this.#window);
    }
    return this.#window.subarray(offset - this.#start, end - this.#start);
  }
}

/** Where a message is. */
export interface Place {
  /** Counted from 1. */
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  /** Of edition 1, and longer than 24 bits can tell. */
  readonly long: boolean;
}

/** One message of a file. Places are counted from its beginning. */
export class MessageReader {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly #bytes: HeaderBytes;
  readonly #grids: Map<string, Grid>;
  readonly #long: boolean;

  constructor(place: Place, bytes: HeaderBytes, grids: Map<string, Grid>) {
    this.number = place.number;
    this.offset = place.offset;
    this.length = place.length;
    this.#long = place.long;
    this.#bytes = bytes;
    this.#grids = grids;
  }

  /** @throws GribDamaged where it is not inside the message */
  section(at: number, length: number): Section {
    if (at + length > this.length) throw new GribDamaged("it ends before its sections do");
    if (length > MOST_HEADER) throw new GribDamaged(`a header of it has ${length} bytes`);
    // A copy: the next header takes the place of this one.
    return new Section(this.#bytes.read(this.offset + at, length).slice());
  }

  /** The grid of a key, which many messages of a file share. */
  gridOf(key: string, make: (key: string) => Grid): Grid {
    const known = this.#grids.get(key);
    if (known !== undefined) return known;
    const grid = make(key);
    this.#grids.set(key, grid);
    return grid;
  }

  /** How long the last section of edition 1 is: in a long message what it tells is something else. */
  dataLength(told: number, at: number): number {
    return this.#long ? this.length - at - 4 : told;
  }
}
