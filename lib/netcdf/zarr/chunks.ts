import { brokenFile, InputError, messageOf } from "../../errors.ts";
import { toNative } from "../byte-order.ts";
import type { NumericArray, NumericType, Slab } from "../dataset.ts";
import { type ChunkPart, copyPart, fillPart, type Target } from "../hdf5/copy-part.ts";
import { ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { countsOf, product } from "../slab.ts";
import { transposed } from "../views/transposed.ts";
import { type Chunk, chunkOf, type Shard, type ZarrArray } from "./array.ts";
import { undo } from "./codecs.ts";
import type { ZarrFolder } from "./store.ts";

/** As of NetCDF-4's chunks. */
const MOST_CHUNK_BYTES = 2 ** 28;
const MOST_CHUNKS = 2 ** 22;

/** What does not get shorter by a codec gets a little longer. */
const MOST_LONGER = 2 ** 20;

/** Of an inner chunk in its shard, where nothing was written. */
const UNWRITTEN = 2n ** 64n - 1n;

/** The chunks of an array of numbers. */
export class ZarrChunks {
  readonly #folder: ZarrFolder;
  readonly #array: ZarrArray;
  readonly #type: NumericType;
  readonly #chunk: Chunk;
  /** Of the shard that was read last. */
  #index: { readonly path: string; readonly places: DataView | undefined } | undefined;

  constructor(folder: ZarrFolder, array: ZarrArray, type: NumericType) {
    this.#folder = folder;
    this.#array = array;
    this.#type = type;
    this.#chunk = chunkOf(array);
  }

  get #file(): string {
    return `${this.#folder.file}/${this.#array.name}`;
  }

  /** The parts of chunks that make up a slab. @throws InputError `TooLarge` for more than `most`, or too large ones */
  partsOf(slab: Slab, most = MOST_CHUNKS): Iterable<ChunkPart> {
    const { shape } = this.#chunk;
    const bytes = ITEM_BYTES[this.#type] * product(shape);
    if (bytes > MOST_CHUNK_BYTES) {
      throw new InputError("TooLarge", `has chunks of ${bytes} bytes`, {
        file: this.#file,
        hint: `At most ${MOST_CHUNK_BYTES} are read: write it again with smaller chunks, if it is not damaged`,
      });
    }
    if (countsOf(slab).includes(0)) return [];
    const ranges = slab.map(
      ([start, stop], d) => [Math.floor(start / shape[d]!), Math.ceil(stop / shape[d]!)] as const,
    );
    const count = product(countsOf(ranges));
    if (count > most) {
      throw new InputError("TooLarge", `has ${count} chunks`, {
        file: this.#file,
        hint: `At most ${most} are read: write it again with larger chunks, if it is not damaged`,
      });
    }
    return partsIn(ranges, shape, slab);
  }

  /** Copies the values of a part of a chunk to where they belong. @throws InputError `BrokenFile` */
  copy(part: ChunkPart, target: Target): void {
    const values = this.#read(part.chunk.origin.map((start, d) => start / this.#chunk.shape[d]!));
    const itemBytes = ITEM_BYTES[this.#type];
    if (values !== undefined) copyPart(part, values, { shuffled: false, itemBytes }, target);
    else fillPart(part, this.#fill(), target);
  }

  /** The bytes of one value that was never written. */
  #fill(): Uint8Array {
    const value = valuesOf(this.#type, new ArrayBuffer(ITEM_BYTES[this.#type]));
    value[0] = this.#array.fill;
    return new Uint8Array(value.buffer);
  }

  /** The values of a chunk, row-major and in native byte order; undefined for one that was never written. */
  #read(position: readonly number[]): Uint8Array | undefined {
    const { stored, pathOf, name } = this.#array;
    const most = ITEM_BYTES[this.#type] * product(this.#chunk.shape) * 2 + MOST_LONGER;
    if (stored.kind === "chunk") {
      const path = `${name}/${pathOf(position)}`;
      const packed = this.#folder.bytes(path, most);
      return packed && this.#decoded(packed, path);
    }
    const counts = stored.shape.map((size, d) => size / stored.chunk.shape[d]!);
    const path = `${name}/${pathOf(position.map((n, d) => Math.floor(n / counts[d]!)))}`;
    const place = this.#placeIn(
      stored,
      path,
      position.map((n, d) => n % counts[d]!),
    );
    const packed = place && this.#folder.bytes(path, most, () => place);
    return packed && this.#decoded(packed, path);
  }

  #decoded(packed: Uint8Array, path: string): Uint8Array {
    const { shape, packing } = this.#chunk;
    const itemBytes = ITEM_BYTES[this.#type];
    const length = itemBytes * product(shape);
    let bytes: Uint8Array;
    try {
      // At an address that values can have, and nobody else's; `slice` of a Buffer would be no copy.
      bytes = new Uint8Array(undo(packing.codecs, packed, length));
    } catch (cause) {
      throw brokenFile(`is damaged (${messageOf(cause)})`, { file: `${this.#folder.file}/${path}`, cause });
    }
    toNative(bytes, itemBytes, packing.endian);
    if (packing.order.every((axis, d) => axis === d)) return bytes;
    const into = valuesOf(this.#type, new ArrayBuffer(length));
    const order = shape.map((_, d) => packing.order.indexOf(d));
    const values = valuesOf(this.#type, bytes.buffer);
    transposed(
      values,
      packing.order.map((d) => shape[d]!),
      order,
      into,
    );
    return new Uint8Array(into.buffer);
  }

  /** Where a chunk lies in its shard; undefined where it, or the shard, was never written. */
  #placeIn(shard: Shard, path: string, inner: readonly number[]): readonly [start: number, length: number] | undefined {
    if (this.#index?.path !== path) this.#index = { path, places: this.#readIndex(shard, path) };
    const { places } = this.#index;
    if (places === undefined) return undefined;
    const number = inner.reduce((at, n, d) => at * (shard.shape[d]! / shard.chunk.shape[d]!) + n, 0);
    const isLittle = shard.index.endian === "LE";
    const [start, length] = [0, 8].map((at) => places.getBigUint64(16 * number + at, isLittle)) as [bigint, bigint];
    return start === UNWRITTEN && length === UNWRITTEN ? undefined : [Number(start), Number(length)];
  }

  #readIndex({ shape, chunk, index }: Shard, path: string): DataView | undefined {
    const length = 16 * product(shape.map((size, d) => size / chunk.shape[d]!));
    const packedLength = length + 4 * index.codecs.filter(({ kind }) => kind === "crc32c").length;
    const range = (size: number) => [index.atStart ? 0 : size - packedLength, packedLength] as const;
    const packed = this.#folder.bytes(path, MOST_CHUNK_BYTES, range);
    if (packed === undefined) return undefined;
    try {
      const bytes = undo(index.codecs, packed, length);
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    } catch (cause) {
      throw brokenFile(`has a damaged index (${messageOf(cause)})`, { file: `${this.#folder.file}/${path}`, cause });
    }
  }
}

function* partsIn(ranges: Slab, shape: readonly number[], slab: Slab): Generator<ChunkPart> {
  const at = ranges.map(([first]) => first);
  for (let position = 0; ; position++) {
    const origin = at.map((n, d) => n * shape[d]!);
    const part = slab.map(
      ([start, stop], d) => [Math.max(start, origin[d]!), Math.min(stop, origin[d]! + shape[d]!)] as const,
    );
    yield { position, chunk: { origin, shape }, part };
    let d = at.length - 1;
    for (; d >= 0 && ++at[d]! === ranges[d]![1]; d--) at[d] = ranges[d]![0];
    if (d < 0) return;
  }
}

/** Of one read: each is looked for in the folder. */
const CHUNKS_AT_ONCE = 2 ** 16;

/** The values of a slab, put together from chunks. @throws InputError `TooLarge`, `BrokenFile` */
export function readSlab(chunks: ZarrChunks, slab: Slab, type: NumericType): NumericArray {
  const shape = countsOf(slab);
  const bytes = new Uint8Array(ITEM_BYTES[type] * product(shape));
  const target = { origin: slab.map(([start]) => start), shape, bytes };
  for (const part of chunks.partsOf(slab, CHUNKS_AT_ONCE)) chunks.copy(part, target);
  return valuesOf(type, bytes.buffer);
}
