import type { Metadata as StoredMetadata } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import type { Slab } from "../dataset.ts";
import { countsOf, product, slabText } from "../slab.ts";
import type { NumberBits } from "./format/data-type.ts";
import { LeftToLibrary, Metadata } from "./format/metadata.ts";
import { headerMessages, MESSAGE } from "./format/object-header.ts";
import type { Hdf5File } from "./library.ts";
import { bitsOf, extendBits } from "./number-bits.ts";

/** A dataset in an open HDF5 file. */
export interface StoredDataset {
  /** What messages call it. */
  readonly name: string;
  readonly path: string;
  readonly metadata: StoredMetadata;
}

/** deflate, shuffle, fletcher32, szip, nbit, scaleoffset: what HDF5 has built in. The others are plugins. */
const LAST_BUILT_IN_FILTER = 6;

/** Bytes: a chunk is inflated whole, in the library's memory. */
const LARGEST_CHUNK = 2 ** 26;

/** Reads slabs of one HDF5 file. */
export class Hdf5Reader {
  readonly #file: Hdf5File;
  /** By the paths of datasets that can be read: of integers that use a part of their bytes, which part. */
  readonly #readable = new Map<string, NumberBits | undefined>();

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  /**
   * Stored values of a slab that is not empty and inside the dataset, in native byte order.
   *
   * @throws InputError `UnsupportedFormat`, `BrokenFile`, `TooLarge`
   */
  read(dataset: StoredDataset, slab: Slab): Uint8Array<ArrayBuffer> {
    const within = <T>(part: Slab, work: () => T): T =>
      this.#file.guarded(
        work,
        `"${dataset.name}" cannot be read at ${slabText(part)}: the file is damaged or truncated`,
      );
    const bits = within(slab, () => this.#requireReadable(dataset));
    const { size, chunks } = dataset.metadata;
    const bytes = new Uint8Array(size * product(countsOf(slab)));
    let done = 0;
    for (const piece of cutSlab(slab, size, chunks)) {
      done += within(piece, () => this.#readPiece(dataset, piece, bytes, done));
    }
    if (bits !== undefined) extendBits(bytes, size, bits);
    return bytes;
  }

  #readPiece({ name, path, metadata }: StoredDataset, slab: Slab, into: Uint8Array, at: number): number {
    const { hdf5, id, file } = this.#file;
    const counts = countsOf(slab);
    const length = metadata.size * product(counts);
    const address = this.#file.memoryFor(length);
    if (address === 0) {
      throw new InputError("TooLarge", `a slice of "${name}" takes ${length} bytes, which do not fit memory`, {
        file,
        hint: "Rewrite the file with smaller chunks: nccopy -c time/1 in.nc out.nc",
      });
    }
    const offsets = slab.map(([start]) => BigInt(start));
    const strides = slab.map(() => 1n);
    const status = hdf5.get_dataset_data(id, path, counts.map(BigInt), offsets, strides, BigInt(address));
    if (status < 0) throw new Error(`HDF5 says ${status}`);
    into.set(hdf5.HEAPU8.subarray(address, address + length), at);
    return length;
  }

  #requireReadable({ name, path, metadata }: StoredDataset): NumberBits | undefined {
    if (this.#readable.has(path)) return this.#readable.get(path);
    const { hdf5, id, file } = this.#file;
    const elsewhere = this.#storageElsewhere(path, metadata);
    if (elsewhere !== undefined) {
      throw new InputError("UnsupportedFormat", `"${name}" is ${elsewhere}`, {
        file,
        hint: "Only the file itself is read. Copy the values into one file: nccopy in.nc out.nc",
      });
    }
    const plugin = hdf5.get_dataset_filters(id, path).find((filter) => filter.id > LAST_BUILT_IN_FILTER);
    if (plugin !== undefined) throw unknownFilter(name, plugin, file);
    const chunkBytes = metadata.size * product(metadata.chunks ?? []);
    if (chunkBytes > LARGEST_CHUNK) {
      throw new InputError("TooLarge", `"${name}" is stored in chunks of ${chunkBytes} bytes`, {
        file,
        hint: `At most ${LARGEST_CHUNK} are read. Rewrite the file with smaller chunks: nccopy -c time/1 in.nc out.nc`,
      });
    }
    const bits = this.#bitsOf(name, path);
    this.#readable.set(path, bits);
    return bits;
  }

  #bitsOf(name: string, path: string): NumberBits | undefined {
    try {
      return bitsOf(this.#file.access, this.#file.addressOf(path));
    } catch (cause) {
      if (!(cause instanceof LeftToLibrary)) throw cause;
      throw new InputError(
        "UnsupportedFormat",
        `"${name}" has numbers of a kind that is not read here (${cause.message})`,
        {
          file: this.#file.file,
          hint: "Have the program that made it write 32-bit or 64-bit numbers",
          cause,
        },
      );
    }
  }

  #storageElsewhere(path: string, { virtual_sources: sources, chunks }: StoredMetadata): string | undefined {
    if (sources !== undefined) return "a virtual dataset, a view of other files";
    if (chunks !== null) return undefined;
    return this.#hasExternalFiles(path) ? "kept in external storage, other files" : undefined;
  }

  /** False also where the header cannot be read here, as behind a user block: then the sandbox refuses those files. */
  #hasExternalFiles(path: string): boolean {
    try {
      const { messages } = headerMessages(new Metadata(this.#file.access), this.#file.addressOf(path));
      return messages.some(({ type }) => type === MESSAGE.externalFiles);
    } catch (error) {
      if (error instanceof LeftToLibrary) return false;
      throw error;
    }
  }
}

/** What is registered at the HDF Group and was seen in files of this field, as a file need not name it. */
const FILTER_NAMES: ReadonlyMap<number, string> = new Map([
  [305, "lzo"],
  [307, "bzip2"],
  [32_000, "lzf"],
  [32_001, "blosc"],
  [32_004, "lz4"],
  [32_008, "bitshuffle"],
  [32_013, "zfp"],
  [32_015, "zstd"],
  [32_017, "sz"],
  [32_019, "fpzip"],
  [32_026, "blosc2"],
]);

function unknownFilter(name: string, filter: { readonly id: number; readonly name: string }, file: string): InputError {
  const called = FILTER_NAMES.get(filter.id) ?? (filter.name === "" ? "a filter without a name" : filter.name);
  return new InputError("UnsupportedFormat", `"${name}" is compressed by ${called} (filter ${filter.id})`, {
    file,
    hint:
      "It is not read here. Where its plugin is installed, write the file without it: " +
      "h5repack -f GZIP=1 in.nc out.nc, or nccopy -F '*,none' in.nc out.nc",
  });
}

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
