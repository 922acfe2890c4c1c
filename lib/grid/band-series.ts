import type { NumericArray, NumericType, PiecePlace } from "../netcdf/dataset.ts";
import { ITEM_BYTES } from "../netcdf/numeric-types.ts";
import type { Blocks } from "./blocks.ts";
import type { Address, Kernels } from "./kernels/kernels.ts";
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
  readonly fields: Address;
  /** Values that are yet to come. */
  left: number;
}

/** Turns months of fields into series of cells, for the cells of one band: what comes by months is given back by tiles. */
export class BandSeries {
  readonly #kernels: Kernels;
  readonly #band: Band;
  readonly #blocks: Blocks;
  readonly #open = new Map<number, OpenBlock>();
  /** Of blocks that are done. */
  readonly #free: Address[] = [];
  readonly #lats: readonly [start: number, stop: number];
  /** Cells of a field. */
  readonly #cells: number;
  /** Memory for a piece that is shuffled. */
  #planes: Address = 0;
  #planesBytes = 0;
  /** Of the addresses of the parts of blocks that tiles are copied from. */
  #table: Address | undefined;

  constructor(kernels: Kernels, band: Band, blocks: Blocks) {
    this.#kernels = kernels;
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

  /**
   * Where values that lie side by side in a block can be put before they are taken.
   *
   * @returns memory for as many values as `of` has, until others are asked for; undefined where they do not lie so
   */
  placeOf({ months, lats, lons }: Months): PiecePlace | undefined {
    const { blockMonths, shape, type } = this.#band;
    const [first, end] = months;
    const wholeRows = lons[1] - lons[0] === shape.cells[1];
    const wholeFields = wholeRows && lats[1] - lats[0] === this.#lats[1] - this.#lats[0];
    const number = Math.floor(first / blockMonths);
    if (!(wholeFields || (wholeRows && end - first === 1)) || end > (number + 1) * blockMonths) return undefined;
    const word = ITEM_BYTES[type];
    const length = (end - first) * (lats[1] - lats[0]) * shape.cells[1] * word;
    if (length > this.#planesBytes) {
      this.#planes = this.#kernels.allocate(length);
      this.#planesBytes = length;
    }
    const at = this.#openBlock(number).fields + this.#offsetOf(first, lats[0], lons[0]) * word;
    return {
      bytes: this.#kernels.bytes(at, length),
      unshuffle: (shuffled) => {
        const planes = this.#kernels.bytes(this.#planes, length);
        planes.set(shuffled);
        this.#kernels.unshuffle(word, planes, at);
      },
    };
  }

  /** @param values - of the band's type, shape (months, lats, lons), row-major: as many as `of` has, each once in all */
  take(of: Months, values: NumericArray): void {
    const { blockMonths, shape, type } = this.#band;
    const word = ITEM_BYTES[type];
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const lons = shape.cells[1];
    const width = of.lons[1] - of.lons[0];
    const height = of.lats[1] - of.lats[0];
    // Whole rows follow each other.
    const [rows, length] = width === lons ? [1, height * width] : [height, width];
    for (let month = of.months[0], from = 0; month < of.months[1]; month++) {
      const number = Math.floor(month / blockMonths);
      const block = this.#openBlock(number);
      const first = this.#offsetOf(month, of.lats[0], of.lons[0]);
      const fields = this.#kernels.bytes(block.fields, this.#fieldsBytes());
      for (let row = 0; row < rows; row++, from += length) {
        const at = (first + row * lons) * word;
        const isThere = bytes.buffer === fields.buffer && bytes.byteOffset + from * word === fields.byteOffset + at;
        if (!isThere) fields.set(bytes.subarray(from * word, (from + length) * word), at);
      }
      block.left -= height * width;
      if (block.left === 0) this.#close(number, block);
    }
  }

  /** Of the value of a cell in the fields of its block. */
  #offsetOf(month: number, lat: number, lon: number): number {
    return (month % this.#band.blockMonths) * this.#cells + (lat - this.#lats[0]) * this.#band.shape.cells[1] + lon;
  }

  #openBlock(number: number): OpenBlock {
    const open = this.#open.get(number);
    if (open !== undefined) return open;
    const fields = this.#free.pop() ?? this.#kernels.allocate(this.#fieldsBytes());
    const block = { fields, left: this.#monthsOf(number) * this.#cells };
    this.#open.set(number, block);
    return block;
  }

  #fieldsBytes(): number {
    return this.#band.blockMonths * this.#cells * ITEM_BYTES[this.#band.type];
  }

  #monthsOf(block: number): number {
    const { shape, blockMonths } = this.#band;
    return Math.min(blockMonths, shape.months - block * blockMonths);
  }

  #close(number: number, { fields }: OpenBlock): void {
    this.#open.delete(number);
    const memory = this.#blocks.fresh();
    this.#transpose(fields, memory, this.#monthsOf(number));
    this.#blocks.keep(number, memory);
    this.#free.push(fields);
  }

  /** Turns fields into series: the cells in the order of tiles, each with its months of the block side by side. */
  #transpose(fields: Address, series: Address, months: number): void {
    const { shape, blockMonths, type } = this.#band;
    const word = ITEM_BYTES[type];
    const [height, width] = shape.tile;
    const lons = shape.cells[1];
    const columns = tileCounts(shape)[1];
    for (let lat = 0; lat < this.#lats[1] - this.#lats[0]; lat++) {
      const row = Math.floor(lat / height) * columns;
      const cell = (row * height + (lat % height)) * width;
      this.#kernels.transpose(word, fields + lat * lons * word, series + cell * blockMonths * word, {
        cells: lons,
        months,
        field: this.#cells,
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
  tiles(row: number, from: number, to: number): (column: number, line: number, into: Address) => void {
    const { shape, rows, type, blockMonths } = this.#band;
    const block = blockMonths * ITEM_BYTES[type];
    const line = shape.tile[1] * block;
    const tile = shape.tile[0] * line;
    const start = ((row - rows[0]) * tileCounts(shape)[1] + from) * tile;
    const count = Math.ceil(shape.months / blockMonths);
    const parts = Array.from({ length: count }, (_, i) => this.#blocks.part(i, start, (to - from) * tile));
    this.#table ??= this.#kernels.allocate(count * Uint32Array.BYTES_PER_ELEMENT);
    const table = this.#table;
    this.#kernels.addresses(table, count).set(parts);
    const all = { table, count, cells: shape.tile[1], block, series: shape.months * ITEM_BYTES[type] };
    return (column, number, into) => {
      this.#kernels.gather({ ...all, offset: (column - from) * tile + number * line }, into);
    };
  }
}

/** The latitudes of rows of tiles, as positions on the axis. */
export function latsOf({ cells, tile }: TileShape, [start, stop]: readonly [number, number]) {
  return [start * tile[0], Math.min(cells[0], stop * tile[0])] as const;
}
