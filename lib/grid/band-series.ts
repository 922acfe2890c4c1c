import type { NumericArray, NumericType } from "../netcdf/dataset.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { Blocks } from "./blocks.ts";
import { type TileShape, tileCounts } from "./tiles.ts";
import { gather, setWords, transposeLines } from "./transpose.ts";
import { type Words, wordsIn, wordsOf } from "./words.ts";

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
  readonly fields: Words;
  /** Values that are yet to come. */
  left: number;
}

/** Turns months of fields into series of cells, for the cells of one band: what comes by months is given back by tiles. */
export class BandSeries {
  readonly #band: Band;
  readonly #blocks: Blocks;
  readonly #open = new Map<number, OpenBlock>();
  /** Of blocks that are done. */
  readonly #free: Words[] = [];
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
    const { blockMonths, shape, type } = this.#band;
    const words = wordsOf(type, values);
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
        setWords(block.fields, words.subarray(from, from + length), first + row * lons);
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
    const fields = this.#free.pop() ?? wordsIn(type, new ArrayBuffer(bytes));
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
    this.#transpose(fields, wordsIn(this.#band.type, memory), this.#monthsOf(number));
    this.#blocks.keep(number, memory);
    this.#free.push(fields);
  }

  /** Turns fields into series: the cells in the order of tiles, each with its months of the block side by side. */
  #transpose(fields: Words, series: Words, months: number): void {
    const { shape, blockMonths } = this.#band;
    const [height, width] = shape.tile;
    const lons = shape.cells[1];
    const columns = tileCounts(shape)[1];
    for (let lat = 0; lat < this.#lats[1] - this.#lats[0]; lat++) {
      const row = Math.floor(lat / height) * columns;
      transposeLines(fields, series, {
        from: lat * lons,
        stop: (lat + 1) * lons,
        field: this.#cells,
        months,
        to: (row * height + (lat % height)) * width * blockMonths,
        cell: blockMonths,
        width,
        tile: height * width * blockMonths,
      });
    }
  }

  /**
   * Some tiles of a row with all their months, when all have come.
   *
   * @returns a function that copies a line of cells of one of them, of shape (cells, months), row-major; cells off the grid
   *   have any values. The tiles are there until others are asked for
   */
  tiles(row: number, from: number, to: number): (column: number, line: number, into: NumericArray) => void {
    const { shape, rows, type, blockMonths } = this.#band;
    const item = ITEM_BYTES[type];
    const length = shape.tile[1] * blockMonths;
    const tile = shape.tile[0] * length;
    const start = ((row - rows[0]) * tileCounts(shape)[1] + from) * tile;
    const parts = Array.from({ length: Math.ceil(shape.months / blockMonths) }, (_, block) => {
      const { buffer, byteOffset, byteLength } = this.#blocks.part(block, start * item, (to - from) * tile * item);
      return wordsIn(type, buffer, byteOffset, byteLength / item);
    });
    return (column, line, into) => {
      const at = (column - from) * tile + line * length;
      gather(parts, wordsOf(type, into), { at, length, block: blockMonths, all: shape.months });
    };
  }
}

/** The latitudes of rows of tiles, as positions on the axis. */
export function latsOf({ cells, tile }: TileShape, [start, stop]: readonly [number, number]) {
  return [start * tile[0], Math.min(cells[0], stop * tile[0])] as const;
}
