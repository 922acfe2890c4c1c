import { inflateSync } from "node:zlib";
import { brokenFile } from "./broken-file.ts";
import type { Slab } from "./dataset.ts";
import type { ChunkIndex } from "./hdf5-chunk-index.ts";
import type { RandomAccess } from "./random-access.ts";
import { countsOf, product, slabText } from "./slab.ts";
import { unshuffle } from "./unshuffle.ts";

/**
 * The stored bytes of a slab inside the extent of a variable whose chunks are indexed, row-major. A chunk is read,
 * inflated and unshuffled once.
 *
 * @param name - of the variable, and `file`, for messages
 * @param result - where they go: as many bytes as the slab has
 * @throws InputError `BrokenFile`
 */
export function readChunks(
  access: RandomAccess,
  index: ChunkIndex,
  slab: Slab,
  { name, file }: { readonly name: string; readonly file: string },
  result: Uint8Array,
): void {
  const { itemBytes, extent, chunk, addresses, lengths } = index;
  const counts = countsOf(slab);
  const grid = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const chunkBytes = itemBytes * product(chunk);
  const aside = new Uint8Array(chunkBytes);
  for (const place of chunksOf(slab, chunk)) {
    const position = place.reduce((at, n, d) => at * grid[d]! + n, 0);
    const origin = place.map((n, d) => n * chunk[d]!);
    const part = slab.map(
      ([start, stop], d) => [Math.max(start, origin[d]!), Math.min(stop, origin[d]! + chunk[d]!)] as const,
    );
    // A chunk whose values lie side by side in the result needs no copy.
    const whole = part.every(([from, to], d) => to - from === chunk[d]! && (d === 0 || chunk[d] === counts[d]));
    const at = whole ? (origin[0]! - slab[0]![0]) * (product(counts.slice(1)) * itemBytes) : 0;
    const into = whole ? result.subarray(at, at + chunkBytes) : aside;
    try {
      decodeChunk(access, index, addresses[position]!, lengths[position]!, into);
    } catch (cause) {
      throw brokenFile(`"${name}" cannot be read at ${slabText(part)}: the file is damaged or truncated`, file, cause);
    }
    if (!whole) copyPart(aside, chunk, origin, part, result, counts, slab, itemBytes);
  }
}

/** Positions, on the grid of chunks, of those that a slab touches, row-major. */
function* chunksOf(slab: Slab, chunk: readonly number[], d = 0, place: number[] = []): Generator<number[]> {
  if (d === slab.length) {
    yield place;
    return;
  }
  const [start, stop] = slab[d]!;
  for (let n = Math.floor(start / chunk[d]!); n * chunk[d]! < stop; n++)
    yield* chunksOf(slab, chunk, d + 1, [...place, n]);
}

function decodeChunk(
  access: RandomAccess,
  { itemBytes, shuffled, deflated }: ChunkIndex,
  address: number,
  length: number,
  into: Uint8Array,
): void {
  // No chunk gets longer by more than deflate's own frame: a damaged length must not take all memory.
  if (length > 2 * into.length + 1024) throw new Error(`a chunk of ${length} bytes`);
  const stored = scratchOf(length);
  access.read(address, stored);
  // With room for more, it is never asked for another buffer that would stay empty.
  const bytes = deflated ? inflateSync(stored, { maxOutputLength: into.length, chunkSize: into.length + 64 }) : stored;
  if (bytes.length !== into.length) throw new Error(`a chunk holds ${bytes.length} bytes, not ${into.length}`);
  if (shuffled) unshuffle(bytes, itemBytes, into);
  else into.set(bytes);
}

let scratch = new Uint8Array();

/** Bytes that are used until the next call: a new array for every chunk would cost more than reading it. */
function scratchOf(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(2 * length);
  return scratch.subarray(0, length);
}

/** Copies the part of a chunk that lies in the slab, row by row. */
function copyPart(
  values: Uint8Array,
  chunk: readonly number[],
  origin: readonly number[],
  part: Slab,
  result: Uint8Array,
  counts: readonly number[],
  slab: Slab,
  itemBytes: number,
): void {
  const last = part.length - 1;
  const rowBytes = (part[last]![1] - part[last]![0]) * itemBytes;
  const copy = (d: number, from: number, to: number): void => {
    const [start, stop] = part[d]!;
    if (d === last) {
      const source = (from * chunk[d]! + start - origin[d]!) * itemBytes;
      result.set(values.subarray(source, source + rowBytes), (to * counts[d]! + start - slab[d]![0]) * itemBytes);
      return;
    }
    for (let n = start; n < stop; n++)
      copy(d + 1, from * chunk[d]! + n - origin[d]!, to * counts[d]! + n - slab[d]![0]);
  };
  copy(0, 0, 0);
}
