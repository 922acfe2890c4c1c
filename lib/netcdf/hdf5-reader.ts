import { type Metadata, Module } from "h5wasm/node";
import { InputError } from "../errors.ts";
import type { Slab } from "./dataset.ts";
import { guarded, takeRoom } from "./hdf5-library.ts";
import { cutSlab } from "./hdf5-pieces.ts";
import { countsOf, product, slabText } from "./slab.ts";

/** A dataset in an open HDF5 file. */
export interface StoredDataset {
  /** What messages call it. */
  readonly name: string;
  readonly path: string;
  readonly metadata: Metadata;
}

/** deflate, shuffle, fletcher32, szip, nbit, scaleoffset: what HDF5 has built in. The others are plugins. */
const LAST_BUILT_IN_FILTER = 6;

/** Bytes: a chunk is inflated whole, in the library's memory. */
const LARGEST_CHUNK = 2 ** 30;

/** Reads slabs of one HDF5 file. */
export class Hdf5Reader {
  readonly #fileId: bigint;
  readonly #file: string;
  readonly #patience: number | undefined;
  readonly #readable = new Set<string>();

  /**
   * @param file - what messages call the file
   * @param patience - milliseconds for a piece of a slab
   */
  constructor(fileId: bigint, file: string, patience?: number) {
    this.#fileId = fileId;
    this.#file = file;
    this.#patience = patience;
  }

  /**
   * Stored values of a slab that is not empty and inside the dataset, in native byte order.
   *
   * @throws InputError `UnsupportedFormat`, `BrokenFile`, `TooLarge`
   */
  read(dataset: StoredDataset, slab: Slab): Uint8Array<ArrayBuffer> {
    const within = <T>(part: Slab, work: () => T): T => {
      const damaged = `"${dataset.name}" cannot be read at ${slabText(part)}: the file is damaged or truncated`;
      return guarded(work, damaged, this.#file, this.#patience);
    };
    within(slab, () => this.#requireReadable(dataset));
    const { size, chunks } = dataset.metadata;
    const bytes = new Uint8Array(size * product(countsOf(slab)));
    let done = 0;
    for (const piece of cutSlab(slab, size, chunks)) {
      done += within(piece, () => this.#readPiece(dataset, piece, bytes, done));
    }
    return bytes;
  }

  #readPiece({ name, path, metadata }: StoredDataset, slab: Slab, into: Uint8Array, at: number): number {
    const counts = countsOf(slab);
    const length = metadata.size * product(counts);
    const address = takeRoom(length);
    if (address === 0) {
      throw new InputError("TooLarge", `a slice of "${name}" takes ${length} bytes, which do not fit memory`, {
        file: this.#file,
        hint: "Rewrite the file with smaller chunks: nccopy -c time/1 in.nc out.nc",
      });
    }
    const offsets = slab.map(([start]) => BigInt(start));
    const strides = slab.map(() => 1n);
    const status = Module.get_dataset_data(this.#fileId, path, counts.map(BigInt), offsets, strides, BigInt(address));
    if (status < 0) throw new Error(`HDF5 says ${status}`);
    into.set(Module.HEAPU8.subarray(address, address + length), at);
    return length;
  }

  #requireReadable({ name, path, metadata }: StoredDataset): void {
    if (this.#readable.has(path)) return;
    const plugin = Module.get_dataset_filters(this.#fileId, path).find(({ id }) => id > LAST_BUILT_IN_FILTER);
    if (plugin !== undefined) {
      throw new InputError("UnsupportedFormat", `"${name}" is compressed by "${plugin.name}" (filter ${plugin.id})`, {
        file: this.#file,
        hint: "Only HDF5's own filters are read. Convert it: nccopy -F none -k nc4 in.nc out.nc",
      });
    }
    const chunkBytes = metadata.size * product(metadata.chunks ?? []);
    if (chunkBytes > LARGEST_CHUNK) {
      throw new InputError("TooLarge", `"${name}" is stored in chunks of ${chunkBytes} bytes`, {
        file: this.#file,
        hint: `At most ${LARGEST_CHUNK} are read. Rewrite the file with smaller chunks: nccopy -c time/1 in.nc out.nc`,
      });
    }
    if (metadata.virtual_sources !== undefined) {
      throw new InputError("UnsupportedFormat", `"${name}" is a view of other files`, { file: this.#file });
    }
    this.#readable.add(path);
  }
}
