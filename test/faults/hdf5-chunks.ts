import { readFileSync } from "node:fs";
import { readContents } from "../../lib/netcdf/hdf5/format/contents.ts";
import { plainIndex } from "../../lib/netcdf/hdf5/format/dataset.ts";
import { Metadata } from "../../lib/netcdf/hdf5/format/metadata.ts";
import { openFile } from "../../lib/netcdf/random-access.ts";
import type { Random } from "../../lib/sample/random.ts";
import { below, mutateBytes } from "./mutate.ts";
import { setOdd } from "./odd-numbers.ts";

interface Chunk {
  readonly variable: string;
  readonly address: number;
  readonly length: number;
}

const known = new Map<string, readonly Chunk[]>();

/** An HDF5 file with one of its chunks changed: random bytes, or an odd number in place of one near its beginning. */
export function mutateChunk(path: string, random: Random): { readonly file: Buffer; readonly variable: string } {
  const chunks = known.get(path) ?? chunksOf(path);
  known.set(path, chunks);
  const { variable, address, length } = chunks[below(chunks.length, random)]!;
  const file = readFileSync(path);
  const chunk = file.subarray(address, address + length);
  if (random() < 0.5) {
    mutateBytes(chunk, random).copy(chunk);
  } else {
    const bytes = ([1, 2, 4] as const)[below(3, random)]!;
    setOdd(chunk, { at: below(Math.min(64, length - bytes + 1), random), bytes }, [{ at: 0, bytes }], random);
  }
  return { file, variable };
}

function chunksOf(path: string): Chunk[] {
  const access = openFile(path, path);
  const { stored } = readContents(new Metadata(access));
  access.close();
  return [...stored].flatMap(([variable, values]) => {
    const { addresses = [], lengths = [] } = plainIndex(values) ?? {};
    return Array.from(addresses, (address, n) => ({ variable, address, length: lengths[n]! }));
  });
}
