/** Every character of an 8-bit encoding and its bytes, asked of the decoder, as there is no encoder. */
function bytesOf(encoding: "gb18030" | "windows-1252"): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding);
  const known = new Map<string, readonly number[]>();
  const add = (...bytes: number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if (Array.from(text).length === 1 && !known.has(text)) known.set(text, bytes);
  };
  for (let first = 0; first < 0x100; first++) add(first);
  if (encoding === "gb18030") {
    for (let first = 0x81; first < 0xff; first++) for (let second = 0x40; second < 0xff; second++) add(first, second);
  }
  return known;
}

const TABLES = { gb18030: bytesOf("gb18030"), "windows-1252": bytesOf("windows-1252") };

/** Whether a text can be written in an encoding, in GB 18030 with the characters of GBK alone. */
export function canEncode(encoding: keyof typeof TABLES, text: string): boolean {
  return Array.from(text).every((character) => TABLES[encoding].has(character));
}

/** The bytes of a text in an encoding that it can be written in. */
export function encode(encoding: keyof typeof TABLES, text: string): Uint8Array {
  return Uint8Array.from(Array.from(text).flatMap((character) => TABLES[encoding].get(character)!));
}
