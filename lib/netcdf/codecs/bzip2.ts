// @ts-expect-error: no types
import makeBunzip from "seek-bzip";

/** Bytes that are asked for, or given. */
interface Stream {
  readByte(): number;
  writeByte(byte: number): void;
}

const { decode, Stream } = makeBunzip as {
  readonly decode: (input: Stream, output: Stream) => void;
  readonly Stream: new () => Stream;
};

/** One text in bzip2's format, whose checksums are looked at. */
export function decodeBzip2(bytes: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let [from, to] = [0, 0];
  const stream = new Stream();
  stream.readByte = () => {
    const byte = bytes[from++];
    if (byte === undefined) throw new Error("cut short");
    return byte;
  };
  stream.writeByte = (byte) => {
    if (to === length) throw new Error(`more than ${length} bytes`);
    output[to++] = byte;
  };
  decode(stream, stream);
  return output.subarray(0, to);
}
