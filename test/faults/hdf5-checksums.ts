import { lookup3 } from "../../lib/netcdf/hdf5/format/checksum.ts";
import type { Random } from "../../lib/sample/random.ts";
import { below, mutateBytes } from "./mutate.ts";

/** A block of HDF5's metadata, and where in it is its checksum. */
interface Checked {
  readonly at: number;
  readonly length: number;
  readonly sumAt: number;
}

/** Of blocks whose checksum ends them. */
const SIGNATURES = [
  "OHDR",
  "OCHK",
  "BTHD",
  "BTIN",
  "BTLF",
  "FRHP",
  "FHIB",
  "FAHD",
  "FADB",
  "EAHD",
  "EAIB",
  "EADB",
  "EASB",
];
const LONGEST = 4096;

/** Of blocks of a heap, which are as long as a power of 2, with a checksum before what they hold. */
const HEAP_BLOCK = "FHDB";
const HEAP_SUMS_AT = [17, 18];

/**
 * A file with few bytes of one of its checked blocks changed, and with right checksums: what they say has to be looked at.
 * Of a file without checksums any bytes are changed.
 */
export function mutateChecked(original: Buffer, random: Random): Buffer {
  const blocks = checkedBlocks(original);
  const block = blocks[below(blocks.length, random)];
  if (block === undefined) return mutateBytes(original, random);
  const { at, length } = block;
  const bytes = Buffer.from(original);
  mutateBytes(bytes.subarray(at, at + length), random).copy(bytes, at);
  return summed(bytes, blocks);
}

/** A changed file with right checksums, where the blocks of the original are. */
export function withRightSums(original: Buffer, changed: Buffer): Buffer {
  return summed(changed, checkedBlocks(original));
}

function summed(file: Buffer, blocks: readonly Checked[]): Buffer {
  for (const each of blocks) file.writeUInt32LE(sumOf(file, each), each.sumAt);
  return file;
}

/** The blocks of a file that have checksums, as HDF5 wrote them. */
function checkedBlocks(file: Buffer): Checked[] {
  const ending = SIGNATURES.flatMap((signature) => placesOf(file, signature).flatMap((at) => endingBlock(file, at)));
  const heaps = placesOf(file, HEAP_BLOCK).flatMap((at) =>
    HEAP_SUMS_AT.flatMap((sum) =>
      [512, 1024, 2048, 4096, 8192]
        .map((length) => ({ at, length, sumAt: at + sum }))
        .filter((block) => isRight(file, block)),
    ),
  );
  return [...endingBlock(file, 0), ...ending, ...heaps];
}

function endingBlock(file: Buffer, at: number): Checked[] {
  for (let length = 12; length <= Math.min(LONGEST, file.length - at); length++) {
    const block = { at, length, sumAt: at + length - 4 };
    if (isRight(file, block)) return [block];
  }
  return [];
}

function placesOf(file: Buffer, signature: string): number[] {
  const places: number[] = [];
  for (let at = file.indexOf(signature); at !== -1; at = file.indexOf(signature, at + 1)) places.push(at);
  return places;
}

function isRight(file: Buffer, block: Checked): boolean {
  return block.at + block.length <= file.length && sumOf(file, block) === file.readUInt32LE(block.sumAt);
}

/** A checksum that ends its block is not summed; one within it is summed as 0. */
function sumOf(file: Buffer, { at, length, sumAt }: Checked): number {
  if (sumAt === at + length - 4) return lookup3(file.subarray(at, sumAt));
  const block = Buffer.from(file.subarray(at, at + length));
  block.writeUInt32LE(0, sumAt - at);
  return lookup3(block);
}
