import type { NumericArray, Slab } from "../dataset.ts";
import { countsOf, product } from "../slab.ts";

/** Values of a slab, row-major. */
export interface Piece {
  readonly slab: Slab;
  readonly values: NumericArray;
}

/** Copies a piece to its place in the values of a box that it lies in. @param memory - of the box's values, row-major */
export function copyBox({ slab, values }: Piece, box: Slab, memory: ArrayBuffer): void {
  const [counts, sizes] = [countsOf(slab), countsOf(box)];
  const item = values.BYTES_PER_ELEMENT;
  const from = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const into = new Uint8Array(memory);
  // What follows each other in both is one row.
  let inner = counts.length - 1;
  while (inner > 0 && counts[inner] === sizes[inner]) inner--;
  const row = item * product(counts.slice(inner));
  const steps = sizes.map((_, d) => item * product(sizes.slice(d + 1)));
  let at = 0;
  const copyRows = (d: number, to: number): void => {
    const start = slab[d]![0] - box[d]![0];
    if (d === inner) {
      into.set(from.subarray(at, at + row), to + start * steps[d]!);
      at += row;
      return;
    }
    for (let i = 0; i < counts[d]!; i++) copyRows(d + 1, to + (start + i) * steps[d]!);
  };
  if (from.length > 0) copyRows(0, 0);
}
