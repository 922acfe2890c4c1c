import { availableParallelism } from "node:os";
import { eachLimited } from "../../each-limited.ts";
import { brokenFile } from "../../errors.ts";
import { toNative } from "../byte-order.ts";
import type { PlaceOf, Slab } from "../dataset.ts";
import type { RandomAccess } from "../random-access.ts";
import { countsOf, product, slabText } from "../slab.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { type Block, type ChunkPart, copyPart, fillPart, type Target } from "./copy-part.ts";
import { decodeChunk, frameOf, inflateNow, isDecodedWhole, withoutChecksum } from "./filters.ts";
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
 * The bytes of a slab inside the extent of a variable whose chunks are indexed, row-major and in native byte order. A
 * chunk is read and inflated once.
 *
 * @param result - where they go: as many bytes as the slab has
 * @throws InputError `BrokenFile`
 */
export function readChunks(variable: IndexedVariable, slab: Slab, result: Uint8Array): void {
  const { index } = variable;
  const target = { ...blockOf(slab), bytes: result };
  const frame = frameOf(index);
  const buffer: ReadBuffer = { stored: new Uint8Array() };
  for (const of of partsOf(index, slab)) {
    told(variable, of, () => {
      const stored = readStored(variable, of, buffer);
      const inflates = stored !== undefined && frame.deflated && !isDecodedWhole(index, of.position);
      const bytes = inflates ? inflateNow(stored, frame) : stored;
      copyValues(of, bytes, index, target);
    });
  }
  toNative(result, index.itemBytes, index.byteOrder);
}

/** Chunks are inflated by the threads of libuv's pool, as many at once as there are processors, but few of large ones. */
const MOST_LANES = 4;
const LANES_BYTES = 2 ** 26;

/**
 * Reads a slab as {@link readChunks} does, in pieces: the part of each chunk that lies in it, as soon as the chunk is
 * inflated.
 *
 * @param use - is given the part, and its bytes in native byte order, which are there until it returns
 * @param placeOf - where parts may be put
 * @throws InputError `BrokenFile`
 */
export async function streamChunks(
  variable: IndexedVariable,
  slab: Slab,
  use: (part: Slab, bytes: Uint8Array<ArrayBuffer>) => void,
  placeOf: PlaceOf = () => undefined,
): Promise<void> {
  const { index } = variable;
  const frame = frameOf(index);
  const free: (ReadBuffer & { readonly inflater: Inflater })[] = [];
  const lanes = Math.max(1, Math.min(availableParallelism(), MOST_LANES, Math.floor(LANES_BYTES / frame.bytes)));
  for (let i = 0; i < lanes; i++) free.push({ stored: new Uint8Array(), inflater: new Inflater(frame.bytes) });
  const all = [...free];
  let piece = new Uint8Array();
  try {
    await eachLimited(partsOf(index, slab), lanes, async (of) => {
      const lane = free.pop()!;
      const stored = told(variable, of, () => readStored(variable, of, lane));
      const inflates = stored !== undefined && frame.deflated && !isDecodedWhole(index, of.position);
      const bytes = inflates ? await toldLater(variable, of, lane.inflater.inflate(stored)) : stored;
      const place = placeOf(of.part);
      const length = index.itemBytes * product(countsOf(of.part));
      if (place === undefined && piece.length !== length) piece = new Uint8Array(length);
      const target = { ...blockOf(of.part), bytes: piece, ...place };
      told(variable, of, () => copyValues(of, bytes, index, target));
      toNative(target.bytes, index.itemBytes, index.byteOrder);
      use(of.part, target.bytes);
      free.push(lane);
      // Reading bytes that are not deflated never waits: let progress be drawn, and time-outs be seen.
      if (!inflates) await new Promise(setImmediate);
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

/** The bytes of a chunk as they are stored, without a checksum behind them; undefined where it was never written. */
function readStored(
  { access, index }: IndexedVariable,
  { position }: ChunkPart,
  buffer: ReadBuffer,
): Uint8Array | undefined {
  const length = index.lengths[position]!;
  if (length === 0) return undefined;
  if (buffer.stored.length < length) buffer.stored = new Uint8Array(2 * length);
  const stored = buffer.stored.subarray(0, length);
  access.read(index.addresses[position]!, stored);
  return frameOf(index).checksum === "outside" && !isDecodedWhole(index, position) ? withoutChecksum(stored) : stored;
}

/** Copies the part of a chunk. @param bytes - of the chunk, inflated if it is deflated alone; undefined where it was never written */
function copyValues(of: ChunkPart, bytes: Uint8Array | undefined, index: ChunkIndex, target: Target): void {
  const { itemBytes, filters, fill } = index;
  if (bytes === undefined) {
    fillPart(of, fill, target);
    return;
  }
  if (isDecodedWhole(index, of.position)) {
    copyPart(of, decodeChunk(index, of.position, bytes), { itemBytes, shuffled: false }, target);
    return;
  }
  const values = frameOf(index).checksum === "inside" ? withoutChecksum(bytes) : bytes;
  copyPart(of, values, { itemBytes, shuffled: filters[0] === "shuffle" }, target);
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
