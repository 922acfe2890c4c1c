import type { NumericArray, Slab, UsePiece, Variable } from "./dataset.ts";
import { ITEM_BYTES } from "./numeric-types.ts";
import { countsOf, product, type Read } from "./slab.ts";

/** Of a piece: few reads, and memory that stays small. */
const PIECE_BYTES = 2 ** 21;

/**
 * Reads a slab in pieces along the first dimension of which it has more than one value; whole chunks of it, where the
 * variable has chunks.
 *
 * @param readSlab - gives values that are there until it is called again
 */
export async function readInPieces(
  { variable, type, slab }: Read,
  readSlab: (piece: Slab) => NumericArray,
  use: UsePiece,
): Promise<void> {
  const counts = countsOf(slab);
  if (counts.includes(0)) return;
  const along = Math.max(
    0,
    counts.findIndex((count) => count > 1),
  );
  const [start, stop] = slab[along] ?? [0, 1];
  const size = positionsOf(variable, along, (ITEM_BYTES[type] * product(counts)) / (stop - start));
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, (Math.floor(from / size) + 1) * size);
    const piece = slab.map((range, d) => (d === along ? ([from, to] as const) : range));
    use(piece, readSlab(piece));
    // Reading is synchronous: let progress be drawn, and time-outs be seen.
    await new Promise(setImmediate);
    from = to;
  }
}

/** Positions along a dimension that make a piece. @param bytes - of one of them */
function positionsOf({ chunks }: Variable, along: number, bytes: number): number {
  const chunk = chunks?.[along] ?? 1;
  return chunk * Math.max(1, Math.floor(PIECE_BYTES / bytes / chunk));
}
