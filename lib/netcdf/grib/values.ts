import type { RandomAccess } from "../random-access.ts";
import { GribDamaged } from "./damaged.ts";
import type { Field } from "./field.ts";
import type { Grid } from "./grid.ts";
import type { DecodeImage } from "./packing/jpeg2000.ts";
import { unpack } from "./packing/unpack.ts";

/**
 * The values of a field, row by row in the order of its grid's latitudes, each from west to east; NaN where one is missing.
 *
 * @throws GribDamaged, GribUnsupported
 */
export function readField(access: RandomAccess, field: Field, decodeImage?: DecodeImage): Float64Array {
  const { grid, bitmap, data, packing } = field;
  const points = grid.rows * grid.columns;
  const bytes = new Uint8Array(data.length);
  access.read(data.offset, bytes);
  if (bitmap === undefined) return inRows(unpack(bytes, points, packing, decodeImage), grid);
  const bits = new Uint8Array(Math.ceil(points / 8));
  if (bitmap.length < bits.length) throw new GribDamaged("its bitmap ends too early");
  access.read(bitmap.offset, bits);
  const present = countOf(bits, points);
  if (present > field.count) throw new GribDamaged(`it has ${field.count} values for ${present} points`);
  return inRows(spread(unpack(bytes, present, packing, decodeImage), bits, points), grid);
}

function isSet(bits: Uint8Array, point: number): boolean {
  return ((bits[point >>> 3]! >>> (7 - (point & 7))) & 1) === 1;
}

function countOf(bits: Uint8Array, points: number): number {
  let count = 0;
  for (let point = 0; point < points; point++) if (isSet(bits, point)) count++;
  return count;
}

/** To the points that have a value. */
function spread(values: Float64Array, bits: Uint8Array, points: number): Float64Array {
  const all = new Float64Array(points).fill(Number.NaN);
  let next = 0;
  for (let point = 0; point < points; point++) if (isSet(bits, point)) all[point] = values[next++]!;
  return all;
}

function inRows(values: Float64Array, { rows, columns, scan }: Grid): Float64Array {
  const { byColumn, alternates, westward } = scan;
  if (alternates) reverseEveryOther(values, byColumn ? rows : columns);
  const ordered = byColumn ? transposed(values, rows, columns) : values;
  if (westward) for (let row = 0; row < rows; row++) ordered.subarray(row * columns, (row + 1) * columns).reverse();
  return ordered;
}

function reverseEveryOther(values: Float64Array, length: number): void {
  for (let start = length; start < values.length; start += 2 * length) values.subarray(start, start + length).reverse();
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const ordered = new Float64Array(values.length);
  for (let column = 0, at = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) ordered[row * columns + column] = values[at++]!;
  }
  return ordered;
}
