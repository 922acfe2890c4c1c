import { endianness } from "node:os";

/** Turns values of one byte order into native ones, in place. */
export function toNative(bytes: Uint8Array, itemBytes: number, order: "LE" | "BE"): void {
  if (endianness() === order) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemBytes === 2) buffer.swap16();
  if (itemBytes === 4) buffer.swap32();
  if (itemBytes === 8) buffer.swap64();
}
