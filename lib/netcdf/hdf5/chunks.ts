import { inflateSync } from "node:zlib";
import { brokenFile } from "../../errors.ts";
import type { ReadSlab, Slab, VariableHandle } from "../dataset.ts";
import { isNumeric, valuesOf } from "../numeric-types.ts";
import { openFile, type RandomAccess } from "../random-access.ts";
import { countsOf, product, slabText } from "../slab.ts";
import type { ChunkIndex } from "./chunk-index.ts";

/** A variable whose chunks are indexed, in a file that is open. */
export interface IndexedVariable {
  readonly access: RandomAccess;
  readonly index: ChunkIndex;
  /** What messages call the variable. */
  readonly name: string;
  /** What messages call the file. */
  readonly file: string;
}

/** Some values of a variable: a block that starts at position `origin`, row-major. */
interface Block {
  readonly bytes: Uint8Array;
  readonly origin: readonly number[];
  readonly shape: readonly number[];
}

/**
 * The stored bytes of a slab inside the extent of a variable whose chunks are indexed, row-major. A chunk is read,
 * inflated and unshuffled once.
 *
 * @param result - where they go: as many bytes as the slab has
 * @throws InputError `BrokenFile`
 */
export function readChunks(variable: IndexedVariable, slab: Slab, result: Uint8Array): void {
  const { index, name, file } = variable;
  const { itemBytes, extent, chunk } = index;
  const counts = countsOf(slab);
  const grid = extent.map((size, d) => Math.ceil(size / chunk[d]!));
  const chunkBytes = itemBytes * product(chunk);
  const aside = new Uint8Array(chunkBytes);
  const target: Block = { bytes: result, origin: slab.map(([start]) => start), shape: counts };
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
      decodeChunk(variable, position, into);
    } catch (cause) {
      const problem = `"${name}" cannot be read at ${slabText(part)}: the file is damaged or truncated`;
      throw brokenFile(problem, { file, cause });
    }
    if (!whole) copyPart(part, { bytes: aside, origin, shape: chunk }, target, itemBytes);
  }
}

/** Reads a variable whose handle holds the index of its chunks, each slab into the memory of the last one. */
export function openChunks({ path, file, variable: { name, type }, storage }: VariableHandle): ReadSlab {
  if (!isNumeric(type)) throw new TypeError(`"${name}" is of type ${type}`);
  const index = storage as ChunkIndex;
  const access = openFile(path, file);
  let buffer = new ArrayBuffer();
  return (slab) => {
    const length = index.itemBytes * product(countsOf(slab));
    if (buffer.byteLength < length) buffer = new ArrayBuffer(length);
    readChunks({ access, index, name, file }, slab, new Uint8Array(buffer, 0, length));
    return valuesOf(type, buffer);
  };
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

/** @param position - of the chunk among all */
function decodeChunk({ access, index }: IndexedVariable, position: number, into: Uint8Array): void {
  const { itemBytes, shuffled, deflated, addresses, lengths } = index;
  const length = lengths[position]!;
  // No chunk gets longer by more than deflate's own frame: a damaged length must not take all memory.
  if (length > 2 * into.length + 1024) throw new Error(`a chunk of ${length} bytes`);
  const stored = scratchOf(length);
  access.read(addresses[position]!, stored);
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

/** Copies the values of `part`, which lies in both blocks, row by row. */
function copyPart(part: Slab, source: Block, target: Block, itemBytes: number): void {
  const last = part.length - 1;
  const rowBytes = (part[last]![1] - part[last]![0]) * itemBytes;
  const copy = (d: number, from: number, to: number): void => {
    const [start, stop] = part[d]!;
    const fromHere = from * source.shape[d]! - source.origin[d]!;
    const toHere = to * target.shape[d]! - target.origin[d]!;
    if (d === last) {
      const at = (fromHere + start) * itemBytes;
      target.bytes.set(source.bytes.subarray(at, at + rowBytes), (toHere + start) * itemBytes);
      return;
    }
    for (let n = start; n < stop; n++) copy(d + 1, fromHere + n, toHere + n);
  };
  copy(0, 0, 0);
}

/**
 * Undoes HDF5's shuffle filter: the first bytes of all values stand first, then their second bytes, and so on.
 *
 * @param bytes - as stored
 * @param into - the same number of bytes, at an address that values of `itemBytes` can have
 */
function unshuffle(bytes: Uint8Array, itemBytes: number, into: Uint8Array): void {
  const count = Math.floor(bytes.length / itemBytes);
  // Values of a field are mostly of these sizes; whole values are written several times faster than bytes.
  if (itemBytes === 4) {
    const values = new Uint32Array(into.buffer, into.byteOffset, count);
    const [second, third, fourth] = [count, 2 * count, 3 * count];
    for (let i = 0; i < count; i++) {
      values[i] = bytes[i]! | (bytes[second + i]! << 8) | (bytes[third + i]! << 16) | (bytes[fourth + i]! << 24);
    }
  } else if (itemBytes === 2) {
    const values = new Uint16Array(into.buffer, into.byteOffset, count);
    for (let i = 0; i < count; i++) values[i] = bytes[i]! | (bytes[count + i]! << 8);
  } else {
    for (let b = 0; b < itemBytes; b++) {
      for (let i = 0, to = b, from = b * count; i < count; i++, to += itemBytes) into[to] = bytes[from + i]!;
    }
  }
}
