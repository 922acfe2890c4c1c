import type { Slab } from "../dataset.ts";
import { countsOf, product } from "../slab.ts";

/**
 * Boxes that cover a slab, each value once, of whole chunks, and of at most `most` values where a chunk has not more: as long
 * along the last dimensions as can be.
 *
 * @param chunks - values along each dimension that are read together
 */
export function* boxesOf(slab: Slab, chunks: readonly number[], most: number): Generator<Slab> {
  const counts = countsOf(slab);
  if (counts.includes(0)) return;
  const sizes = chunks.map((size, d) => Math.min(size, counts[d]!));
  for (let d = sizes.length - 1; d >= 0; d--) {
    const chunk = Math.max(1, chunks[d]!);
    const others = product(sizes) / sizes[d]!;
    sizes[d] = chunk * Math.max(1, Math.min(Math.ceil(counts[d]! / chunk), Math.floor(most / (others * chunk))));
  }
  yield* boxesFrom(slab, sizes, []);
}

function* boxesFrom(slab: Slab, sizes: readonly number[], before: Slab): Generator<Slab> {
  const range = slab[before.length];
  if (range === undefined) {
    yield before;
    return;
  }
  const size = sizes[before.length]!;
  for (let from = range[0]; from < range[1]; ) {
    const to = Math.min(range[1], (Math.floor(from / size) + 1) * size);
    yield* boxesFrom(slab, sizes, [...before, [from, to]]);
    from = to;
  }
}
