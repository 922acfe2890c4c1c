import { InputError } from "../errors.ts";

/** The encodings of text that are read, by their names in the Encoding Standard. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "gb18030", "windows-1252"] as const;

export type Encoding = (typeof ENCODINGS)[number];

/**
 * The encoding that a name stands for, in any case, its other names in the Encoding Standard counted: `latin1` is
 * Windows-1252, and GBK and GB 2312 are parts of GB 18030.
 *
 * @throws InputError `BadOption` with the names that are read
 */
export function parseEncoding(name: string): Encoding {
  const encoding = ENCODINGS.find((known) => known === standardName(name));
  if (encoding !== undefined) return encoding;
  throw new InputError("BadOption", `"${name}" is no encoding that station tables are read in`, {
    choices: ENCODINGS,
    hint: "Save a table in another one as UTF-8",
  });
}

function standardName(name: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(name);
    return encoding === "gbk" ? "gb18030" : encoding;
  } catch {
    return undefined;
  }
}

/**
 * The text in an encoding, without its byte order mark; undefined if the bytes are none, or have a null character.
 */
export function textIn(encoding: Encoding, bytes: Uint8Array): string | undefined {
  const text = encoding === "windows-1252" ? windows1252(bytes) : strictly(encoding, bytes);
  // The mark of UTF-16 in the wrong byte order is a character that there is not.
  return text === undefined || /[\0\ufffe]/.test(text) ? undefined : text;
}

function strictly(encoding: Encoding, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What Windows-1252 has from 0x80 to 0x9F, where Latin-1 has control characters; a full stop for what it has not. */
const FROM_0X80 = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";

/** A byte that stands for nothing in Windows-1252. */
const UNDEFINED = /[\x81\x8d\x8f\x90\x9d]/;

/** Decoded here, as some releases of Node 22 read these characters as Latin-1 does. */
function windows1252(bytes: Uint8Array): string | undefined {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (UNDEFINED.test(latin1)) return undefined;
  return latin1.replace(/[\x80-\x9f]/g, (byte) => FROM_0X80[byte.charCodeAt(0) - 0x80]!);
}
