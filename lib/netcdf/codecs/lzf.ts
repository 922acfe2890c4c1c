import { Bytes, LzOutput } from "./lz-output.ts";

const LITERALS = 32;
const LONG = 7;

/** LibLZF's format, as h5py writes it. */
export function decodeLzf(bytes: Uint8Array, length: number): Uint8Array {
  const input = new Bytes(bytes);
  const output = new LzOutput(length);
  while (!input.ended) {
    const control = input.next();
    if (control < LITERALS) {
      input.copyTo(output, control + 1);
      continue;
    }
    const short = control >> 5;
    const count = short === LONG ? LONG + input.next() : short;
    output.repeat(((control & 31) << 8) + input.next() + 1, count + 2);
  }
  return output.whole();
}
