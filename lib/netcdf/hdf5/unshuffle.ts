/** Copies values that follow each other: their positions in both, and how many. */
export type CopyRow = (from: number, to: number, count: number) => void;

/**
 * Undoes HDF5's shuffle filter: the first bytes of all values stand first, then their second bytes, and so on.
 *
 * Values of a field are mostly of two or four bytes. Of these, four are put together at a time, out of whole words: that
 * takes a third of the time that their bytes take one by one.
 *
 * @param bytes - of a chunk, shuffled
 * @param into - at an address that values of `itemBytes` can have
 */
export function unshuffle(bytes: Uint8Array, itemBytes: number, into: Uint8Array): CopyRow {
  const plane = bytes.length / itemBytes;
  const aligned = bytes.byteOffset % 4 === 0 && plane % 4 === 0;
  const bytewise = copyBytes(bytes, itemBytes, into);
  if (!aligned || (itemBytes !== 4 && itemBytes !== 2)) return bytewise;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const fours = itemBytes === 4 ? copyFours(words, into) : copyTwos(words, into);
  return (from, to, count) => {
    const start = Math.min(from + count, 4 * Math.ceil(from / 4));
    const stop = Math.max(start, 4 * Math.floor((from + count) / 4));
    bytewise(from, to, start - from);
    fours(start, to + start - from, stop - start);
    bytewise(stop, to + stop - from, from + count - stop);
  };
}

function copyBytes(bytes: Uint8Array, itemBytes: number, into: Uint8Array): CopyRow {
  const plane = bytes.length / itemBytes;
  return (from, to, count) => {
    for (let b = 0; b < itemBytes; b++) {
      for (let i = from, at = to * itemBytes + b; i < from + count; i++, at += itemBytes) {
        into[at] = bytes[b * plane + i]!;
      }
    }
  };
}

/** Of values of four bytes, whole fours. */
function copyFours(words: Int32Array, into: Uint8Array): CopyRow {
  const values = new Int32Array(into.buffer, into.byteOffset, into.length / 4);
  const second = words.length / 4;
  const [third, fourth] = [2 * second, 3 * second];
  return (from, to, count) => {
    for (let i = from / 4, at = to; i < (from + count) / 4; i++, at += 4) {
      const a = words[i]!;
      const b = words[second + i]!;
      const c = words[third + i]!;
      const d = words[fourth + i]!;
      values[at] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
      values[at + 1] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
      values[at + 2] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
      values[at + 3] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
    }
  };
}

/** Of values of two bytes, whole fours. */
function copyTwos(words: Int32Array, into: Uint8Array): CopyRow {
  const values = new Uint16Array(into.buffer, into.byteOffset, into.length / 2);
  const second = words.length / 2;
  return (from, to, count) => {
    for (let i = from / 4, at = to; i < (from + count) / 4; i++, at += 4) {
      const a = words[i]!;
      const b = words[second + i]!;
      values[at] = (a & 0xff) | ((b & 0xff) << 8);
      values[at + 1] = ((a >>> 8) & 0xff) | (b & 0xff00);
      values[at + 2] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00);
      values[at + 3] = (a >>> 24) | ((b >>> 16) & 0xff00);
    }
  };
}
