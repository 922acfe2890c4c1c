import type { PiecePlace, Slab } from "../dataset.ts";
import { product } from "../slab.ts";
import { type CopyRow, unshuffle } from "./unshuffle.ts";

/** A block of a variable's values that starts at position `origin`. */
export interface Block {
  readonly origin: readonly number[];
  readonly shape: readonly number[];
}

/** What of a chunk lies in a slab. */
export interface ChunkPart {
  /** Position of the chunk among all. */
  readonly position: number;
  readonly chunk: Block;
  readonly part: Slab;
}

/**
 * Copies the part of a chunk into a block, row-major, and undoes HDF5's shuffle filter: the first bytes of all values of
 * the chunk stand first, then their second bytes, and so on.
 *
 * @param bytes - of the chunk, inflated
 * @param target - the block; its bytes are at an address that its values can have
 * @throws Error where the chunk is of another length
 */
export function copyPart(
  { chunk, part }: ChunkPart,
  bytes: Uint8Array,
  { shuffled, itemBytes }: { readonly shuffled: boolean; readonly itemBytes: number },
  target: Target,
): void {
  const length = itemBytes * product(chunk.shape);
  if (bytes.length !== length) throw new Error(`a chunk holds ${bytes.length} bytes, not ${length}`);
  const into = target.bytes;
  // The part of a chunk that has as many values as the chunk is all of it.
  if (shuffled && target.unshuffle !== undefined && into.length === length) {
    target.unshuffle(bytes, itemBytes);
    return;
  }
  eachRow({ chunk, part }, target, shuffled ? unshuffle(bytes, itemBytes, into) : plainCopy(bytes, itemBytes, into));
}

/** Fills the part of a chunk that was never written. @param fill - the bytes of one value */
export function fillPart(of: Pick<ChunkPart, "chunk" | "part">, fill: Uint8Array, target: Target): void {
  const into = Buffer.from(target.bytes.buffer, target.bytes.byteOffset, target.bytes.length);
  eachRow(of, target, (_, to, count) => {
    into.fill(fill, to * fill.length, (to + count) * fill.length);
  });
}

/** A block, and the bytes of its values; and how a whole chunk is unshuffled into it, where the block has a way of its own. */
export type Target = Block & { readonly bytes: Uint8Array; readonly unshuffle?: PiecePlace["unshuffle"] };

/** The rows of values that follow each other in a part's chunk and in the block where it goes. */
function eachRow({ chunk, part }: Pick<ChunkPart, "chunk" | "part">, target: Block, copy: CopyRow): void {
  // Rows that follow each other in both are one.
  let last = part.length - 1;
  let row = 1;
  for (; last >= 0; last--) {
    const count = part[last]![1] - part[last]![0];
    row *= count;
    if (count !== chunk.shape[last] || count !== target.shape[last]) break;
  }
  const depth = Math.max(0, last);
  const stepsOf = ({ shape }: Block) => shape.map((_, d) => product(shape.slice(d + 1)));
  const [sourceSteps, targetSteps] = [stepsOf(chunk), stepsOf(target)];
  const walk = (d: number, from: number, to: number): void => {
    if (d === depth || part.length === 0) {
      const start = part[d]?.[0] ?? 0;
      copy(
        from + (start - (chunk.origin[d] ?? 0)) * (sourceSteps[d] ?? 0),
        to + (start - (target.origin[d] ?? 0)) * (targetSteps[d] ?? 0),
        row,
      );
      return;
    }
    const [start, stop] = part[d]!;
    for (let n = start; n < stop; n++) {
      walk(d + 1, from + (n - chunk.origin[d]!) * sourceSteps[d]!, to + (n - target.origin[d]!) * targetSteps[d]!);
    }
  };
  walk(0, 0, 0);
}

function plainCopy(bytes: Uint8Array, itemBytes: number, into: Uint8Array): CopyRow {
  return (from, to, count) => into.set(bytes.subarray(from * itemBytes, (from + count) * itemBytes), to * itemBytes);
}
