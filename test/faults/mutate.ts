import type { Random } from "../../lib/sample/random.ts";

/** Values that a size, count, offset or address must not be believed to have. */
const EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** Bytes of a block that is taken out, put in or moved, at most. */
const LARGEST_BLOCK = 512;

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  flip,
  flip,
  overwrite,
  extreme,
  extreme,
  insert,
  remove,
  duplicate,
  swap,
  truncate,
];

/**
 * The bytes with one to four random changes: flipped bits, overwritten bytes, extreme integers of either byte order,
 * blocks inserted, removed, duplicated or swapped, an end cut off.
 */
export function mutate(original: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  const changes = 1 + below(4, random);
  for (let i = 0; i < changes && bytes.length > 0; i++)
    bytes = MUTATIONS[below(MUTATIONS.length, random)]!(bytes, random);
  return bytes;
}

/**
 * The bytes with one or two of them changed, and sometimes those behind them: mostly such as are not 0, of which files have
 * long runs that say nothing.
 */
export function mutateBytes(original: Uint8Array, random: Random): Buffer {
  const bytes = Buffer.from(original);
  for (let changes = 1 + below(2, random); changes > 0; changes--) {
    let at = below(bytes.length, random);
    for (let tries = 0; bytes[at] === 0 && tries < 20 && random() < 0.95; tries++) at = below(bytes.length, random);
    const kind = below(5, random);
    if (kind === 0) bytes[at]! ^= 1 << below(8, random);
    else if (kind === 1) bytes[at] = SMALL[below(SMALL.length, random)]!;
    else if (kind === 2) bytes[at] = bytes[at]! + (random() < 0.5 ? 1 : 255);
    else if (kind === 3) bytes.fill(0xff, at, Math.min(bytes.length, at + 8));
    else bytes[at] = below(256, random);
  }
  return bytes;
}

/** Values of versions, flags and counts. */
const SMALL = [0, 1, 2, 3, 4, 8, 16, 32, 64, 127, 128, 254, 255];

/** A whole number from 0 up to, not including, `end`. */
export function below(end: number, random: Random): number {
  return Math.floor(random() * end);
}

function flip(bytes: Buffer, random: Random): Buffer {
  bytes[below(bytes.length, random)]! ^= 1 << below(8, random);
  return bytes;
}

function overwrite(bytes: Buffer, random: Random): Buffer {
  const [start, end] = block(bytes, random, 8);
  for (let at = start; at < end; at++) bytes[at] = below(256, random);
  return bytes;
}

function extreme(bytes: Buffer, random: Random): Buffer {
  const value = EXTREMES[below(EXTREMES.length, random)]!;
  const width = 2 ** below(4, random);
  const number = Buffer.alloc(8);
  number.writeUInt32BE(value, 4);
  if (random() < 0.25) number.fill(0xff, 0, 4);
  const bigEndian = number.subarray(8 - width);
  const at = below(bytes.length, random);
  (random() < 0.5 ? bigEndian : bigEndian.reverse()).copy(bytes, at);
  return bytes;
}

function insert(bytes: Buffer, random: Random): Buffer {
  const [start, end] = block(bytes, random);
  const filled = Buffer.alloc(end - start, below(256, random));
  return Buffer.concat([bytes.subarray(0, start), filled, bytes.subarray(start)]);
}

function remove(bytes: Buffer, random: Random): Buffer {
  const [start, end] = block(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function duplicate(bytes: Buffer, random: Random): Buffer {
  const [start, end] = block(bytes, random);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
}

function swap(bytes: Buffer, random: Random): Buffer {
  const [a, b] = [block(bytes, random), block(bytes, random)].sort((p, q) => p[0] - q[0]) as [Block, Block];
  if (a[1] > b[0]) return bytes;
  const parts = [bytes.subarray(0, a[0]), bytes.subarray(...b), bytes.subarray(a[1], b[0]), bytes.subarray(...a)];
  return Buffer.concat([...parts, bytes.subarray(b[1])]);
}

function truncate(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, below(bytes.length, random));
}

type Block = [start: number, end: number];

function block(bytes: Buffer, random: Random, largest = LARGEST_BLOCK): Block {
  const start = below(bytes.length, random);
  return [start, Math.min(bytes.length, start + 1 + below(largest, random))];
}
