import type { NumericArray, NumericType } from "../../netcdf/dataset.ts";
import type { FloatType } from "../../netcdf/decoded-type.ts";
import { valuesOf } from "../../netcdf/numeric-types.ts";
import { FLOAT_BYTES, type FloatArray } from "../floats.ts";
import type { MonthSpan } from "../months.ts";
import { type Module, WebAssembly } from "./web-assembly.ts";

/** A place in the memory of kernels, in bytes. */
export type Address = number;

/** Cells of one latitude, and where their months lie in fields and in series; all in words of the fields' values. */
export interface Lines {
  readonly cells: number;
  readonly months: number;
  /** From a cell's month to its next one, in the fields. */
  readonly field: number;
  /** From a cell to the next one, in the series. */
  readonly cell: number;
  /** Cells of a tile that lie side by side, and from one tile to the next one. */
  readonly width: number;
  readonly tile: number;
}

/** A line of cells in blocks of months; all in bytes. */
export interface Parts {
  /** A table of the blocks' addresses, each of 32 bits. */
  readonly table: Address;
  readonly count: number;
  /** Of the first cell, in every block. */
  readonly offset: number;
  readonly cells: number;
  /** What a cell has room for in a block. */
  readonly block: number;
  /** All months of a cell, which need not fill the last block. */
  readonly series: number;
}

/** A line of cells: of shape (cells, months), row-major; and the calendar month of each month, 0 to 11, one byte each. */
export interface Line {
  readonly type: FloatType;
  readonly values: Address;
  readonly cells: number;
  readonly months: number;
  readonly calendar: Address;
}

/** The months of some years, and how many of these a calendar month needs to have a climatology. */
export interface NormalYears {
  readonly span: MonthSpan;
  readonly least: number;
}

/** What assembly/index.ts exports. Addresses and counts in long lists: WebAssembly takes nothing else. */
interface Loops {
  readonly free: { readonly value: number };
  readonly gather: (...numbers: [...BlocksNumbers, block: number, series: number, into: number]) => void;
  readonly unshuffle: (word: number, planes: number, count: number, values: number) => void;
  readonly mask: (values: number, count: number, missing: number, low: number, high: number) => void;
  readonly climatology: (
    ...numbers: [...LineNumbers, start: number, stop: number, least: number, means: number]
  ) => number;
  readonly takeOff: (...numbers: [...LineNumbers, normals: number]) => number;
  readonly transpose: (...numbers: [word: number, fields: number, series: number, ...LinesNumbers]) => void;
}
type BlocksNumbers = [blocks: number, count: number, offset: number, cells: number];
type LineNumbers = [word: number, values: number, cells: number, months: number, calendar: number];
type LinesNumbers = [cells: number, months: number, field: number, cell: number, width: number, tile: number];

type Range = readonly [low: number, high: number];

const PAGE_BYTES = 2 ** 16;
const ALIGNMENT = 16;

/**
 * The loops that go over all values of a grid, compiled to WebAssembly of assembly/, and the memory that they work in. In
 * JavaScript each float would become a double, and each word be worked on alone.
 */
export class Kernels {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #loops: Loops;
  #end: Address;

  private constructor(module: Module) {
    this.#loops = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as Loops;
    this.#end = aligned(this.#loops.free.value);
  }

  /** @throws Error where they were not made, or not of the sources that stand beside this */
  static async load(): Promise<Kernels> {
    const { wasm, sources } = await import("../../../build/grid-kernels.js").catch((cause: unknown) => {
      throw new Error("build/grid-kernels.js cannot be loaded: make it with npm run kernels", { cause });
    });
    // Older ones would give other values, and no error. A bundle has what it was made of.
    if (import.meta.url?.endsWith(".ts") && (await import("./sources.ts")).sourcesDigest() !== sources) {
      throw new Error("build/grid-kernels.js is not of lib/grid/kernels/assembly: make it with npm run kernels");
    }
    return new Kernels(new WebAssembly.Module(Buffer.from(wasm, "base64")));
  }

  /** Memory of any content. What {@link bytes} gave before is there no longer. */
  allocate(bytes: number): Address {
    const at = this.#end;
    this.#end = aligned(at + bytes);
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** Until it is disposed of: then all that was allocated since is free again. */
  scope(): Disposable {
    const end = this.#end;
    return { [Symbol.dispose]: () => void (this.#end = end) };
  }

  /** A part of the memory, until more is allocated. */
  bytes(at: Address, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** As {@link bytes}, of a type of values. */
  values(type: NumericType, at: Address, length: number): NumericArray {
    return valuesOf(type, this.#memory.buffer, at, length);
  }

  /** As {@link bytes}, of floats. */
  floats(type: FloatType, at: Address, length: number): FloatArray {
    const { buffer } = this.#memory;
    return type === "float64" ? new Float64Array(buffer, at, length) : new Float32Array(buffer, at, length);
  }

  /** As {@link bytes}, of addresses. */
  addresses(at: Address, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#memory.buffer, at, length);
  }

  /** Puts values together whose first bytes stand first in the memory, then their second bytes, and so on. */
  unshuffle(word: number, planes: Uint8Array, values: Address): void {
    this.#loops.unshuffle(word, planes.byteOffset, planes.length / word, values);
  }

  /** Turns the fields of some months into series, for the cells of one latitude. @param word - bytes of a value */
  transpose(word: number, fields: number, series: number, lines: Lines): void {
    const { cells, months, field, cell, width, tile } = lines;
    this.#loops.transpose(word, fields, series, cells, months, field, cell, width, tile);
  }

  /** Copies the months of a line of cells from all blocks to their series. */
  gather({ table, count, offset, cells, block, series }: Parts, into: Address): void {
    this.#loops.gather(table, count, offset, cells, block, series, into);
  }

  /** Makes NaN, all of the same bits, of {@link floats} that equal a missing value, and of those outside of a range. */
  mask({ byteOffset, length }: Float32Array, missing: readonly number[], [low, high]: Range): void {
    for (const value of missing.length === 0 ? [Number.NaN] : missing) {
      this.#loops.mask(byteOffset, length, value, low, high);
    }
  }

  /**
   * The climatology of every cell: for each calendar month the mean of a span of the months, missing values left out. NaN
   * where the span has fewer than `least` values, at least 1, in a calendar month.
   *
   * The sum is kept in the type of the values and taken month after month in time order, then divided once and rounded to
   * that type. That is what numpy's `nanmean` does along the first axis of an array, and so what xarray's
   * `groupby("time.month")` gives, to the last bit.
   *
   * @param means - where they go: of that type, shape (cells, 12)
   * @returns how many of the cells have values in a calendar month, and too few of them
   */
  climatology({ type, values, cells, months, calendar }: Line, { span, least }: NormalYears, means: Address): number {
    return this.#loops.climatology(FLOAT_BYTES[type], values, cells, months, calendar, ...span, least, means);
  }

  /**
   * Turns observations into anomalies in place: every value less the normal of its cell and calendar month, by a
   * subtraction in their type; NaN where either is.
   *
   * @param normals - of that type, shape (cells, 12)
   * @returns whether any value is not missing
   */
  takeOff({ type, values, cells, months, calendar }: Line, normals: Address): boolean {
    return this.#loops.takeOff(FLOAT_BYTES[type], values, cells, months, calendar, normals) !== 0;
  }
}

function aligned(address: number): Address {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
