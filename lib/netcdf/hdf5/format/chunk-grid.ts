import { product } from "../../slab.ts";

/** A chunk as the index of its dataset has it. */
export interface StoredChunk {
  /** Its position on the grid of chunks, along each dimension. */
  readonly place: readonly number[];
  readonly address: number;
  readonly length: number;
  /** A bit for each filter that was skipped. */
  readonly filterMask: number;
}

/** What the index of a dataset's chunks is about. */
export interface ChunkGrid {
  readonly extent: readonly number[];
  /** To which it may grow. */
  readonly maxShape: readonly number[];
  /** Values of a chunk along each dimension. */
  readonly chunk: readonly number[];
  /** Of a chunk before any filter. */
  readonly chunkBytes: number;
  readonly filtered: boolean;
}

/** Where on a grid of so many chunks along each dimension the one is that has a number, row-major. */
export function placesOf(counts: readonly number[]): (n: number) => number[] {
  const steps = counts.map((_, d) => product(counts.slice(d + 1)));
  return (n) => steps.map((step, d) => Math.floor(n / step) % counts[d]!);
}
