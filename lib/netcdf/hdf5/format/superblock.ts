import type { RandomAccess } from "../../random-access.ts";
import { requireChecksum } from "./checksum.ts";
import { insist, leave, type Metadata } from "./metadata.ts";
import { headerMessages, MESSAGE } from "./object-header.ts";
import { MOST_CACHED } from "./symbol-table.ts";
import { CHUNK_NODE_ENTRIES, GROUP_NODE_ENTRIES, TABLE_NODE_ENTRIES } from "./version-1-tree.ts";

/** The first bytes of a file that has no user block. */
const SIGNATURE = 0x8948_4446_0d0a_1a0an;

const SUPERBLOCK_BYTES = 48;

/**
 * The address of the root group's object header.
 *
 * Source: "HDF5 File Format Specification", II.A. Disk Format: Level 0A, Format Signature and Superblock.
 *
 * @throws LeftToLibrary where the file is truncated, open for writing, behind a user block, or of a kind apart
 */
export function rootAddress(file: Metadata): number {
  const start = file.cursor(0, 9);
  insist(start.view.getBigUint64(0) === SIGNATURE, "a user block");
  const version = start.view.getUint8(8);
  return version < 2 ? oldRoot(file, version) : newRoot(file, version);
}

/** Versions 0 and 1, which end with the root group's symbol table entry. */
function oldRoot(file: Metadata, version: number): number {
  const superblock = file.cursor(9, 95);
  superblock.expectByte(0, "free space of version");
  superblock.expectByte(0, "a root group of version");
  superblock.skip(1);
  superblock.expectByte(0, "shared messages of version");
  requireEightBytes(superblock.uint(1), superblock.uint(1));
  superblock.skip(1);
  const usual = superblock.uint(2) === TABLE_NODE_ENTRIES / 2 && superblock.uint(2) === GROUP_NODE_ENTRIES / 2;
  insist(superblock.uint(4) === 0, "consistency flags");
  insist(usual && (version === 0 || superblock.uint(2) === CHUNK_NODE_ENTRIES / 2), "nodes of an unusual size");
  if (version === 1) superblock.skip(2);
  insist(superblock.address() === 0, "a user block");
  insist(superblock.address() === undefined, "free space that is tracked");
  file.endAt(superblock.definedAddress());
  insist(superblock.address() === undefined, "another driver");
  superblock.skip(8);
  const root = superblock.definedAddress();
  insist(superblock.uint(4) <= MOST_CACHED, "a soft link");
  return root;
}

/** Versions 2 and 3, with a checksum. */
function newRoot(file: Metadata, version: number): number {
  insist(version === 2 || version === 3, `a superblock of version ${version}`);
  const superblock = file.cursor(0, SUPERBLOCK_BYTES);
  requireChecksum(superblock.view);
  superblock.skip(9);
  requireEightBytes(superblock.uint(1), superblock.uint(1));
  superblock.expectByte(0, "consistency flags");
  insist(superblock.address() === 0, "a user block");
  const extension = superblock.address();
  file.endAt(superblock.definedAddress());
  if (extension !== undefined) requireHarmless(file, extension);
  return superblock.definedAddress();
}

function requireEightBytes(addressBytes: number, lengthBytes: number): void {
  insist(addressBytes === 8 && lengthBytes === 8, "addresses or lengths that have not 8 bytes");
}

/** Whether a file's addresses and lengths are such as are read here. */
export function hasEightBytes(access: RandomAccess): boolean {
  const superblock = new Uint8Array(Math.min(16, access.size));
  access.read(0, superblock);
  const at = superblock[8]! < 2 ? 13 : 9;
  return superblock[at] === 8 && superblock[at + 1] === 8;
}

/** A superblock's extension may say how the rest is to be read. */
function requireHarmless(file: Metadata, address: number): void {
  for (const { type } of headerMessages(file, address).messages) {
    if (type !== MESSAGE.freeSpace) leave(`message ${type} in the superblock's extension`);
  }
}

/** A user block has 512 bytes, or that doubled any number of times. */
const SMALLEST_USER_BLOCK = 512;

/** What HDF5's addresses are counted in: the file without the user's own block before it, if there is one. */
export function behindUserBlock(access: RandomAccess): RandomAccess {
  const start = new DataView(new ArrayBuffer(8));
  for (let at = 0; at + start.byteLength <= access.size; at = Math.max(SMALLEST_USER_BLOCK, 2 * at)) {
    access.read(at, new Uint8Array(start.buffer));
    if (start.getBigUint64(0) !== SIGNATURE) continue;
    if (at === 0) return access;
    return {
      ...access,
      size: access.size - at,
      read: (offset, into) => access.read(at + offset, into),
    };
  }
  return access;
}

/** Byte of the end-of-file address in the superblock, by the superblock's version, where addresses have 8 bytes. */
const END_ADDRESS = [40, 44, 28, 28] as const;

/**
 * How many bytes an HDF5 file without a user block says that it has; undefined if that cannot be told.
 *
 * Source: "HDF5 File Format Specification", II.A. Disk Format: Level 0A, Format Signature and Superblock.
 */
export function declaredBytes(access: RandomAccess): number | undefined {
  const superblock = new DataView(new ArrayBuffer(64));
  if (access.size < superblock.byteLength) return undefined;
  access.read(0, new Uint8Array(superblock.buffer));
  const version = superblock.getUint8(8);
  const at = END_ADDRESS[version];
  const addressBytes = superblock.getUint8(version < 2 ? 13 : 9);
  return at === undefined || addressBytes !== 8 ? undefined : Number(superblock.getBigUint64(at, true));
}

/** What the drivers that keep one HDF5 file in several call themselves, close behind the superblock. */
const DRIVERS_OF_SEVERAL = ["NCSAfami", "NCSAmult"];
const DRIVER_WITHIN = 512;

/** Whether a file was written as one of several: an error can tell so where it cannot be opened. */
export function isOneOfSeveral(access: RandomAccess): boolean {
  const beginning = Buffer.alloc(Math.min(DRIVER_WITHIN, access.size));
  access.read(0, beginning);
  return DRIVERS_OF_SEVERAL.some((name) => beginning.includes(name));
}
