import { availableParallelism } from "node:os";
import { inflateSync } from "node:zlib";
import { eachLimited } from "../../each-limited.ts";
import { brokenFile } from "../../errors.ts";
import type { Slab } from "../dataset.ts";
import type { RandomAccess } from "../random-access.ts";
import { countsOf, product, slabText } from "../slab.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { type Block, type ChunkPart, copyPart } from "./copy-part.ts";
import { Inflater } from "./inflater.ts";

/** A variable whose chunks are indexed, in a file that is open. */
export interface IndexedVariable {
  readonly access: RandomAccess;
  readonly index: ChunkIndex;
  /** What messages call the variable. */
  readonly name: string;
  /** What messages call the file. */
  readonly file: string;
}

/**
 * The stored bytes of a slab inside the extent of a variable whose chunks are indexed, row-major. A chunk is read and
 * inflated once.
 *
 * @param result - where they go: as many bytes as the slab has
 * @throws InputError `BrokenFile`
 */
export function readChunks(variable: IndexedVariable, slab: Slab, result: Uint8Array): void {
  const { index } = variable;
  const target = { ...blockOf(slab), bytes: result };
  const chunkBytes = bytesOfChunk(index);
  const buffer: ReadBuffer = { stored: new Uint8Array() };
  for (const of of partsOf(index, slab)) {
    const bytes = told(variable, of, () => {
      const stored = readStored(variable, of, buffer);
      if (!index.deflated) return stored;
      // With room for more, it is never asked for another buffer that would stay empty.
      return inflateSync(stored, { maxOutputLength: chunkBytes, chunkSize: chunkBytes + 64 });
    });
    told(variable, of, () => copyPart(of, bytes, index, target));
  }
}

/** Chunks are inflated by the threads of libuv's pool, as many at once as there are processors, but few of large ones. */
const MOST_LANES = 4;
const LANES_BYTES = 2 ** 26;

/**
 * Reads a slab as {@link readChunks} does, in pieces: the part of each chunk that lies in it, as soon as the chunk is
 * inflated.
 *
 * @param use - is given the part, and its stored bytes, which are there until it returns
 * @throws InputError `BrokenFile`
 */
export async function streamChunks(
  variable: IndexedVariable,
  slab: Slab,
  use: (part: Slab, bytes: ArrayBuffer) => void,
): Promise<void> {
  const { index } = variable;
  const chunkBytes = bytesOfChunk(index);
  const free: (ReadBuffer & { readonly inflater: Inflater })[] = [];
  const lanes = Math.max(1, Math.min(availableParallelism(), MOST_LANES, Math.floor(LANES_BYTES / chunkBytes)));
  for (let i = 0; i < lanes; i++) free.push({ stored: new Uint8Array(), inflater: new Inflater(chunkBytes) });
  const all = [...free];
  let piece = new ArrayBuffer();
  try {
    await eachLimited(partsOf(index, slab), lanes, async (of) => {
      const lane = free.pop()!;
      const stored = told(variable, of, () => readStored(variable, of, lane));
      const bytes = index.deflated ? await toldLater(variable, of, lane.inflater.inflate(stored)) : stored;
      const length = index.itemBytes * product(countsOf(of.part));
      if (piece.byteLength !== length) piece = new ArrayBuffer(length);
      const target = { ...blockOf(of.part), bytes: new Uint8Array(piece) };
      told(variable, of, () => copyPart(of, bytes, index, target));
      use(of.part, piece);
      free.push(lane);
      // Reading bytes that are not deflated never waits: let progress be drawn, and time-outs be seen.
      if (!index.deflated) await new Promise(setImmediate);
    });
  } finally {
    for (const { inflater } of all) inflater.close();
  }
}

/** Memory for the bytes of a chunk as they are stored: a new one for every chunk would cost more than reading it. */
interface ReadBuffer {
  stored: Uint8Array;
}

function blockOf(slab: Slab): Block {
  return { origin: slab.map(([start]) => start), shape: countsOf(slab) };
}

function bytesOfChunk({ itemBytes, chunk }: ChunkIndex): number {
  return itemBytes * product(chunk);
}

/** The parts of a slab that lie in each of its chunks, row-major. */
function* partsOf({ extent, chunk }: ChunkIndex, slab: Slab): Generator<ChunkPart> {
  const grid = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  for (const place of placesOf(slab, chunk)) {
    const origin = place.map((n, d) => n * chunk[d]!);
    yield {
      position: place.reduce((at, n, d) => at * grid[d]! + n, 0),
      chunk: { origin, shape: chunk },
      part: slab.map(
        ([start, stop], d) => [Math.max(start, origin[d]!), Math.min(stop, origin[d]! + chunk[d]!)] as const,
      ),
    };
  }
}

/** Positions, on the grid of chunks, of those that a slab touches, row-major. */
function* placesOf(slab: Slab, chunk: readonly number[], d = 0, place: number[] = []): Generator<number[]> {
  if (d === slab.length) {
    yield place;
    return;
  }
  const [start, stop] = slab[d]!;
  for (let n = Math.floor(start / chunk[d]!); n * chunk[d]! < stop; n++)
    yield* placesOf(slab, chunk, d + 1, [...place, n]);
}

/** The bytes of a chunk as they are stored. */
function readStored({ access, index }: IndexedVariable, { position }: ChunkPart, buffer: ReadBuffer): Uint8Array {
  const length = index.lengths[position]!;
  // No chunk gets longer by more than deflate's own frame: a damaged length must not take all memory.
  if (length > 2 * bytesOfChunk(index) + 1024) throw new Error(`a chunk of ${length} bytes`);
  if (buffer.stored.length < length) buffer.stored = new Uint8Array(2 * length);
  const stored = buffer.stored.subarray(0, length);
  access.read(index.addresses[position]!, stored);
  return stored;
}

/** Does `work` on a chunk; an error says which part of the variable cannot be read. */
function told<T>(variable: IndexedVariable, of: ChunkPart, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw unreadable(variable, of, cause);
  }
}

async function toldLater<T>(variable: IndexedVariable, of: ChunkPart, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw unreadable(variable, of, cause);
  }
}

function unreadable({ name, file }: IndexedVariable, { part }: ChunkPart, cause: unknown) {
  const problem = `"${name}" cannot be read at ${slabText(part)}: the file is damaged or truncated`;
  return brokenFile(problem, { file, cause });
}
