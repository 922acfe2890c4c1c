import { Bytes, LzOutput } from "./lz-output.ts";

const LITERALS = 32;
const LONG = 6;
const FARTHEST = 31 << 8;
/** From where on a distance has two bytes of its own. */
const FAR = 8192;

/** The codec that Blosc uses by default. */
export function decodeBlosclz(bytes: Uint8Array, length: number): Uint8Array {
  const input = new Bytes(bytes);
  const output = new LzOutput(length);
  // What comes first is not repeated: the upper bits of its control are a mark.
  let control = input.next() & 31;
  for (;;) {
    if (control < LITERALS) input.copyTo(output, control + 1);
    else repeat(control, input, output);
    if (input.ended) return output.whole();
    control = input.next();
  }
}

function repeat(control: number, input: Bytes, output: LzOutput): void {
  const short = (control >> 5) - 1;
  const count = (short === LONG ? LONG + input.nextLength() : short) + 3;
  const upper = (control & 31) << 8;
  const lower = input.next();
  const far = lower === 255 && upper === FARTHEST;
  output.repeat(far ? input.next() * 256 + input.next() + FAR : upper + lower + 1, count);
}
