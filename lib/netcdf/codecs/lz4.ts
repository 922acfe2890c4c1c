import { Bytes, LzOutput } from "./lz-output.ts";

const HEADER_BYTES = 12;
const LONG = 15;
const SHORTEST_MATCH = 4;

/** What the LZ4 filter of HDF5 writes: the length of all, that of a block, then each block behind its own length. */
export function decodeLz4(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blockBytes = view.getUint32(8);
  if (view.getBigUint64(0) !== BigInt(length) || blockBytes === 0) throw new Error("a header of another length");
  const output = new Uint8Array(length);
  let at = HEADER_BYTES;
  for (let done = 0; done < length; done += blockBytes) {
    const count = Math.min(blockBytes, length - done);
    const stored = view.getUint32(at);
    at += 4;
    if (at + stored > bytes.length) throw new Error("cut short");
    const block = bytes.subarray(at, at + stored);
    // What did not get shorter is stored as it was.
    output.set(stored === count ? block : decodeLz4Block(block, count), done);
    at += stored;
  }
  return output;
}

/** Source: "LZ4 Block Format Description". */
export function decodeLz4Block(bytes: Uint8Array, length: number): Uint8Array {
  const input = new Bytes(bytes);
  const output = new LzOutput(length);
  for (;;) {
    const token = input.next();
    const literals = token >> 4;
    input.copyTo(output, literals === LONG ? LONG + input.nextLength() : literals);
    if (input.ended) return output.whole();
    const distance = input.next() + 256 * input.next();
    const more = token & 15;
    output.repeat(distance, SHORTEST_MATCH + (more === LONG ? LONG + input.nextLength() : more));
  }
}
