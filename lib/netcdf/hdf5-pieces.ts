import type { Slab } from "./dataset.ts";
import { countsOf, product } from "./slab.ts";

/** The memory of the HDF5 library never shrinks: what is larger is read piece by piece. */
const PIECE_BYTES = 2 ** 23;

/**
 * Pieces of a slab along its slowest dimension, in order. They end where chunks end, so that no chunk is decoded
 * twice, and are larger than {@link PIECE_BYTES} only if one row of chunks is.
 *
 * @param itemBytes - bytes of one value
 * @param chunks - chunk shape, null if the storage has none
 */
export function cutSlab(slab: Slab, itemBytes: number, chunks: readonly number[] | null): Slab[] {
  const [slowest, ...others] = slab;
  if (slowest === undefined) return [slab];
  const [start, stop] = slowest;
  const rowBytes = itemBytes * product(countsOf(others));
  const chunkRows = chunks?.[0] ?? 1;
  const rows = Math.max(1, Math.floor(PIECE_BYTES / rowBytes / chunkRows)) * chunkRows;
  const pieces: Slab[] = [];
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, (Math.floor(from / rows) + 1) * rows);
    pieces.push([[from, to], ...others]);
    from = to;
  }
  return pieces;
}
