import type { NumericArray } from "../dataset.ts";
import { product } from "../slab.ts";

/**
 * Values with their dimensions in another order.
 *
 * @param shape - of `values`, row-major
 * @param order - for each dimension of the result its position in `shape`
 * @param into - memory for the result: of the same type and length
 */
export function transposed(
  values: NumericArray,
  shape: readonly number[],
  order: readonly number[],
  into: NumericArray,
): void {
  if (values.length === 0) return;
  // The values are only copied: of one type, so that what is read from one fits the other.
  const [source, target] = [wordsOf(values), wordsOf(into)] as readonly NumericArray[] as readonly [
    Float64Array,
    Float64Array,
  ];
  const steps = order.map((from) => product(shape.slice(from + 1)));
  const counts = order.map((from) => shape[from]!);
  const [inner, step] = [counts.at(-1) ?? 1, steps.at(-1) ?? 1];
  const place = counts.map(() => 0);
  let at = 0;
  for (let start: number | undefined = 0; start !== undefined; start = next(place, counts, steps, start)) {
    for (let i = 0, from = start; i < inner; i++, from += step) target[at++] = source[from]!;
  }
}

/** Moves on to the next line of the result. @returns where its first value is; undefined after the last one */
function next(place: number[], counts: readonly number[], steps: readonly number[], start: number): number | undefined {
  for (let d = counts.length - 2; d >= 0; d--) {
    start += steps[d]!;
    if (++place[d]! < counts[d]!) return start;
    start -= counts[d]! * steps[d]!;
    place[d] = 0;
  }
  return undefined;
}

/** Floats as the words that hold them: each would be turned into a double, and back, which takes longer. */
function wordsOf(values: NumericArray): NumericArray {
  if (!(values instanceof Float32Array)) return values;
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
