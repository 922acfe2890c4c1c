import { insist } from "./metadata.ts";

/**
 * The checksum of HDF5's metadata: `hashlittle` of Bob Jenkins's lookup3.
 *
 * Source: "HDF5 File Format Specification", III.A.2 and others, "Checksum"; Jenkins, lookup3.c, public domain, 2006.
 */
export function lookup3(bytes: Uint8Array): number {
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  const word = (at: number): number => {
    let value = 0;
    for (let n = Math.min(3, bytes.length - 1 - at); n >= 0; n--) value = (value << 8) | bytes[at + n]!;
    return value;
  };
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  if (at === bytes.length) return c >>> 0;
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

export const CHECKSUM_BYTES = 4;

/** Makes sure that the last bytes of `view` are the checksum of those before them. @throws LeftToLibrary */
export function requireChecksum(view: DataView): void {
  const end = view.byteLength - CHECKSUM_BYTES;
  insist(end >= 0, "no room for a checksum");
  const sum = lookup3(new Uint8Array(view.buffer, view.byteOffset, end));
  insist(sum === view.getUint32(end, true), "a wrong checksum");
}

/**
 * The checksum that HDF5's fletcher32 filter puts behind a chunk.
 *
 * Source: J. Fletcher, "An Arithmetic Checksum for Serial Transmissions", 1982, over big-endian words of two bytes.
 */
export function fletcher32(bytes: Uint8Array): number {
  // Sums that a double holds exactly are reduced now and then; a multiple of 65535 other than 0 stays 65535.
  let one = 0;
  let two = 0;
  const words = bytes.length >> 1;
  for (let at = 0; at < words; ) {
    for (const end = Math.min(words, at + 360); at < end; at++) {
      one += (bytes[2 * at]! << 8) | bytes[2 * at + 1]!;
      two += one;
    }
    one = fold(one);
    two = fold(two);
  }
  if (bytes.length % 2 === 1) {
    one = fold(one + (bytes.at(-1)! << 8));
    two = fold(two + one);
  }
  return ((fold(two) << 16) | fold(one)) >>> 0;
}

function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}
