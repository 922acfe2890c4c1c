import type { RandomAccess } from "./random-access.ts";

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
