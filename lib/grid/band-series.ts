import type { NumericArray, NumericType } from "../netcdf/dataset.ts";
import { ITEM_BYTES, valuesOf } from "../netcdf/numeric-types.ts";
import type { Blocks } from "./blocks.ts";
import { type TileShape, tileCounts } from "./tiles.ts";

/** Rows of tiles of a grid, and how their values are stored. */
export interface Band {
  readonly shape: TileShape;
  /** Rows of tiles, [`start`, `stop`). */
  readonly rows: readonly [start: number, stop: number];
  readonly type: NumericType;
  readonly blockMonths: number;
}

/** Where months of some of a grid's cells lie: ranges [`start`, `stop`) of its months, latitudes and longitudes. */
export interface Months {
  readonly months: readonly [start: number, stop: number];
  readonly lats: readonly [start: number, stop: number];
  readonly lons: readonly [start: number, stop: number];
}

/** A block of months that is being filled: fields, of shape (months, lats, lons) of the band. */
interface OpenBlock {
  readonly fields: NumericArray;
  /** Values that are yet to come. */
  left: number;
}

/** Turns months of fields into series of cells, for the cells of one band: what comes by months is given back by tiles. */
export class BandSeries {
  readonly #band: Band;
  readonly #blocks: Blocks;
  readonly #open = new Map<number, OpenBlock>();
  /** Of blocks that are done. */
  readonly #free: NumericArray[] = [];
  readonly #lats: readonly [start: number, stop: number];
  /** Cells of a field. */
  readonly #cells: number;

  constructor(band: Band, blocks: Blocks) {
    this.#band = band;
    this.#blocks = blocks;
    this.#lats = latsOf(band.shape, band.rows);
    this.#cells = (this.#lats[1] - this.#lats[0]) * band.shape.cells[1];
  }

  /** Bytes of a block of a band, and of a row of it. */
  static sizes({ shape, rows, type, blockMonths }: Band): { readonly size: number; readonly row: number } {
    const row = tileCounts(shape)[1] * shape.tile[0] * shape.tile[1] * blockMonths * ITEM_BYTES[type];
    return { size: (rows[1] - rows[0]) * row, row };
  }

  /** @param values - of the band's type, shape (months, lats, lons), row-major: as many as `of` has, each once in all */
  take(of: Months, values: NumericArray): void {
    const { blockMonths, shape } = this.#band;
    const lons = shape.cells[1];
    const width = of.lons[1] - of.lons[0];
    const height = of.lats[1] - of.lats[0];
    // Whole rows follow each other.
    const [rows, length] = width === lons ? [1, height * width] : [height, width];
    for (let month = of.months[0], from = 0; month < of.months[1]; month++) {
      const number = Math.floor(month / blockMonths);
      const block = this.#openBlock(number);
      const first = (month - number * blockMonths) * this.#cells + (of.lats[0] - this.#lats[0]) * lons + of.lons[0];
      for (let row = 0; row < rows; row++, from += length) {
        setValues(block.fields, values.subarray(from, from + length), first + row * lons);
      }
      block.left -= height * width;
      if (block.left === 0) this.#close(number, block);
    }
  }

  #openBlock(number: number): OpenBlock {
    const open = this.#open.get(number);
    if (open !== undefined) return open;
    const { type, blockMonths } = this.#band;
    const bytes = blockMonths * this.#cells * ITEM_BYTES[type];
    const fields = this.#free.pop() ?? valuesOf(type, new ArrayBuffer(bytes));
    const block = { fields, left: this.#monthsOf(number) * this.#cells };
    this.#open.set(number, block);
    return block;
  }

  #monthsOf(block: number): number {
    const { shape, blockMonths } = this.#band;
    return Math.min(blockMonths, shape.months - block * blockMonths);
  }

  #close(number: number, { fields }: OpenBlock): void {
    this.#open.delete(number);
    const memory = this.#blocks.fresh();
    this.#transpose(fields, valuesOf(this.#band.type, memory), this.#monthsOf(number));
    this.#blocks.keep(number, memory);
    this.#free.push(fields);
  }

  /** Turns fields into series: the cells in the order of tiles, each with its months of the block side by side. */
  #transpose(fields: NumericArray, series: NumericArray, months: number): void {
    // Both are of the band's type: what is read from one fits the other.
    const [source, target] = [fields, series] as readonly NumericArray[] as readonly [Float64Array, Float64Array];
    const { shape, blockMonths } = this.#band;
    const { cells, tile } = shape;
    const field = this.#cells;
    const columns = tileCounts(shape)[1];
    for (let lat = 0; lat < this.#lats[1] - this.#lats[0]; lat++) {
      const row = Math.floor(lat / tile[0]) * columns;
      for (let column = 0; column < columns; column++) {
        const first = column * tile[1];
        const last = Math.min(cells[1], first + tile[1]);
        let to = ((row + column) * tile[0] * tile[1] + (lat % tile[0]) * tile[1]) * blockMonths;
        for (let lon = first; lon < last; lon++, to += blockMonths) {
          for (let t = 0, from = lat * cells[1] + lon; t < months; t++, from += field) target[to + t] = source[from]!;
        }
      }
    }
  }

  /**
   * Some tiles of a row with all their months, when all have come.
   *
   * @returns a function that copies one of them, of shape (cells, months), row-major; cells off the grid have any values
   */
  tiles(row: number, from: number, to: number): (column: number, into: NumericArray) => void {
    const { shape, rows, type, blockMonths } = this.#band;
    const item = ITEM_BYTES[type];
    const tile = shape.tile[0] * shape.tile[1] * blockMonths;
    const start = ((row - rows[0]) * tileCounts(shape)[1] + from) * tile;
    const parts = Array.from({ length: Math.ceil(shape.months / blockMonths) }, (_, block) => {
      const { buffer, byteOffset, byteLength } = this.#blocks.part(block, start * item, (to - from) * tile * item);
      return valuesOf(type, buffer, byteOffset, byteLength / item);
    });
    return (column, into) => {
      for (const [block, part] of parts.entries()) {
        const size = { block: blockMonths, all: shape.months, count: this.#monthsOf(block) };
        const own = part.subarray((column - from) * tile, (column - from + 1) * tile);
        gather(own, into.subarray(block * blockMonths), size);
      }
    };
  }
}

/** The latitudes of rows of tiles, as positions on the axis. */
export function latsOf({ cells, tile }: TileShape, [start, stop]: readonly [number, number]) {
  return [start * tile[0], Math.min(cells[0], stop * tile[0])] as const;
}

/** Copies values of the same type. */
function setValues(into: NumericArray, values: NumericArray, at: number): void {
  (into as Float64Array).set(values as Float64Array, at);
}

/** Copies `count` months of the cells of a tile from a block of months to the series of `all` months. */
function gather(
  part: NumericArray,
  into: NumericArray,
  { block, all, count }: { readonly block: number; readonly all: number; readonly count: number },
): void {
  const [source, target] = [part, into] as readonly NumericArray[] as readonly [Float64Array, Float64Array];
  for (let from = 0, to = 0; from < source.length; from += block, to += all) {
    for (let t = 0; t < count; t++) target[to + t] = source[from + t]!;
  }
}
