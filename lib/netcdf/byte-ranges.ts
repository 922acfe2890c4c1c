import type { Slab } from "./dataset.ts";
import { countsOf, product } from "./slab.ts";

/** Where the values of a variable are. */
export interface Layout {
  /** Of the first value. */
  readonly offset: number;
  readonly itemBytes: number;
  /** Bytes from one value to the next along each dimension. */
  readonly strides: readonly number[];
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** The bytes of a slab, in the slab's order, in as few ranges as hold no other bytes. */
export function planSlab({ offset, itemBytes, strides }: Layout, slab: Slab): ByteRange[] {
  const counts = countsOf(slab);
  if (counts.includes(0)) return [];

  // From the fastest dimension on, as long as steps leave no gap.
  let length = itemBytes;
  let outer = counts.length;
  for (; outer > 0; outer--) {
    const count = counts[outer - 1] ?? 1;
    if (count !== 1 && strides[outer - 1] !== length) break;
    length *= count;
  }

  let starts = [slab.reduce((at, [start], d) => at + start * (strides[d] ?? 0), offset)];
  for (let d = 0; d < outer; d++) {
    const stride = strides[d] ?? 0;
    const steps = Array.from({ length: counts[d] ?? 1 }, (_, i) => i * stride);
    starts = starts.flatMap((at) => steps.map((step) => at + step));
  }
  return starts.map((at) => ({ offset: at, length }));
}

/** Strides of values that lie side by side, the last dimension's first. */
export function packedStrides(itemBytes: number, shape: readonly number[]): number[] {
  return shape.map((_, d) => itemBytes * product(shape.slice(d + 1)));
}
