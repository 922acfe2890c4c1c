/**
 * Undoes HDF5's shuffle filter: the first bytes of all values stand first, then their second bytes, and so on.
 *
 * @param bytes - as stored
 * @param into - the same number of bytes, at an address that values of `itemBytes` can have
 */
export function unshuffle(bytes: Uint8Array, itemBytes: number, into: Uint8Array): void {
  const count = Math.floor(bytes.length / itemBytes);
  // Values of a field are mostly of these sizes; whole values are written several times faster than bytes.
  if (itemBytes === 4) {
    const values = new Uint32Array(into.buffer, into.byteOffset, count);
    const [second, third, fourth] = [count, 2 * count, 3 * count];
    for (let i = 0; i < count; i++) {
      values[i] = bytes[i]! | (bytes[second + i]! << 8) | (bytes[third + i]! << 16) | (bytes[fourth + i]! << 24);
    }
  } else if (itemBytes === 2) {
    const values = new Uint16Array(into.buffer, into.byteOffset, count);
    for (let i = 0; i < count; i++) values[i] = bytes[i]! | (bytes[count + i]! << 8);
  } else {
    for (let b = 0; b < itemBytes; b++) {
      for (let i = 0, to = b, from = b * count; i < count; i++, to += itemBytes) into[to] = bytes[from + i]!;
    }
  }
}
