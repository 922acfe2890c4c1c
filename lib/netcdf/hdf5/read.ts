import { brokenFile } from "../../errors.ts";
import { packedStrides, planSlab } from "../byte-ranges.ts";
import type { Attributes, Dataset, NumericArray, NumericType, Slab } from "../dataset.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { readInPieces } from "../pieces.ts";
import { openFile } from "../random-access.ts";
import { checkPieces, checkRead, countsOf, product } from "../slab.ts";
import { type ChunkIndex, indexDataset } from "./chunk-index.ts";
import { readChunks, streamChunks } from "./chunks.ts";
import { type Contents, readContents } from "./contents.ts";
import { Hdf5File } from "./library.ts";
import { declaredBytes } from "./object-header.ts";
import { Hdf5Reader } from "./reader.ts";

/**
 * The root group of a NetCDF-4 file, or of any HDF5 file as netCDF-C would see it. Nothing outside the file is read,
 * whatever it says.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`; `UnsupportedFormat` where a link leads out of the file
 */
export async function openHdf5(path: string, file: string): Promise<Dataset> {
  const opened = await Hdf5File.open(path, file);
  const { stored, ...header } = readHeader(opened, path);
  const access = openFile(path, file);
  const reader = new Hdf5Reader(opened, access);
  const indexes = new Map<string, ChunkIndex | undefined>();
  function indexOf(name: string): ChunkIndex | undefined {
    if (!indexes.has(name)) {
      indexes.set(
        name,
        opened.guarded(() => indexDataset(access, opened, stored.get(name)!), DAMAGED),
      );
    }
    return indexes.get(name);
  }
  function readRaw(name: string, wanted?: Slab): NumericArray {
    const { variable, type, slab } = checkRead({ file, ...header }, name, wanted);
    const dataset = stored.get(name)!;
    const extent = dataset.metadata.shape ?? [];
    const written = slab.map(([start, stop], d) => [Math.min(start, extent[d]!), Math.min(stop, extent[d]!)] as const);
    const count = product(countsOf(written));
    const bytes = count === 0 ? new Uint8Array() : readStored();
    const complete = count === product(countsOf(slab));
    return complete
      ? valuesOf(type, bytes.buffer)
      : filledUp(bytes, written, slab, { type, attributes: variable.attributes });

    function readStored(): Uint8Array<ArrayBuffer> {
      const index = indexOf(name);
      if (index === undefined) return reader.read(dataset, written);
      const values = new Uint8Array(index.itemBytes * count);
      readChunks({ access, index, name, file }, written, values);
      return values;
    }
  }
  return {
    file,
    format: "netCDF-4",
    ...header,
    readRaw,
    async readPieces(name, wanted, use) {
      const read = checkPieces({ file, ...header }, name, wanted);
      const index = indexOf(name);
      // A variable that is shorter than its dimension is filled up.
      const whole = index?.extent.every((size, d) => size === read.variable.shape[d]);
      if (index !== undefined && whole === true) {
        return streamChunks({ access, index, name, file }, read.slab, (part, bytes) =>
          use(part, valuesOf(read.type, bytes)),
        );
      }
      return readInPieces(read, (slab) => readRaw(name, slab), use);
    },
    close() {
      access.close();
      opened.close();
    },
  };
}

function whyNotOpened(path: string, file: string): string {
  const access = openFile(path, file);
  const needed = declaredBytes(access);
  access.close();
  return needed !== undefined && needed > access.size
    ? `truncated: needs ${needed} bytes, the file has ${access.size}`
    : "HDF5 cannot open it: it is damaged";
}

const DAMAGED = "its header is damaged or truncated";

/** Closes the file where it cannot be understood. */
function readHeader(opened: Hdf5File, path: string): Contents {
  try {
    // A file that cannot be opened is told by its handle alone.
    if (opened.id < 0n) throw brokenFile(whyNotOpened(path, opened.file), { file: opened.file });
    return opened.guarded(() => readContents(opened), DAMAGED);
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** What tells the type and the fill value of a variable. */
interface Numbers {
  readonly type: NumericType;
  readonly attributes: Attributes;
}

/** The values of the slab's beginning that were written, with the fill value in the rest of it. */
function filledUp(values: Uint8Array, written: Slab, slab: Slab, { type, attributes }: Numbers): NumericArray {
  const itemBytes = ITEM_BYTES[type];
  const counts = countsOf(slab);
  const bytes = new Uint8Array(itemBytes * product(counts));
  const result = valuesOf(type, bytes.buffer);
  const declared = attributes[FILL_VALUE]?.value[0];
  const fill = typeof declared === "number" ? declared : DEFAULT_FILL[type];
  if (result instanceof BigInt64Array || result instanceof BigUint64Array) result.fill(BigInt(fill));
  else result.fill(Number(fill));

  const corner = countsOf(written).map((count) => [0, count] as const);
  let done = 0;
  for (const { offset, length } of planSlab(
    { offset: 0, itemBytes, strides: packedStrides(itemBytes, counts) },
    corner,
  )) {
    bytes.set(values.subarray(done, done + length), offset);
    done += length;
  }
  return result;
}
