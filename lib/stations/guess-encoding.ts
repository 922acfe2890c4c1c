/**
 * The one of the two 8-bit encodings that a text which is not UTF-8 looks like: Windows-1252, where that explains more
 * of its places than GB 18030 does, and most of them.
 *
 * Most Latin texts can be decoded as GB 18030 as well (`Öst` is `謘t`), so that decoding alone tells nothing. What tells
 * is how the bytes from 0x80 on stand among the others. A place is a run of such bytes without an ASCII character between:
 *
 * - One byte alone is an accented letter, or a sign such as ° or ’. In Chinese text it would be the first half of a
 *   character whose other half is an ASCII letter; GB 2312, the characters in common use, has none.
 * - Two or three bytes with an ASCII letter beside them are several of these, as in `Conceição`, `l’École`, `Eþíópía`.
 * - In any other place, pairs of bytes that are characters of GB 2312 are Chinese.
 */
export function guessEncoding(bytes: Uint8Array): "gb18030" | "windows-1252" {
  const { latin, chinese, places } = evidence(bytes);
  return latin > chinese && 2 * latin > places ? "windows-1252" : "gb18030";
}

/**
 * UTF-16 without its mark: digits, delimiters and Latin letters, of which any table has many, have a zero byte each.
 *
 * @returns undefined where zeros are not at every other byte of a quarter of the text, or are at the others as well
 */
export function unmarkedUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const zeros = [0, 0] as [even: number, odd: number];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0) zeros[at % 2 === 0 ? 0 : 1]++;
  // A character such as 一, U+4E00, has a zero where others have none.
  const most = Math.max(...zeros);
  if (most < bytes.length / 8 || Math.min(...zeros) > most / 4) return undefined;
  return zeros[0] > zeros[1] ? "utf-16be" : "utf-16le";
}

interface Evidence {
  /** Places that are plain in a Latin text. */
  readonly latin: number;
  /** Characters of GB 2312 in places that are not. */
  readonly chinese: number;
  readonly places: number;
}

function evidence(bytes: Uint8Array): Evidence {
  let [latin, chinese, places] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    let end = at + 1;
    while (end < bytes.length && bytes[end]! >= 0x80) end++;
    const place: Place = { run: bytes.subarray(at, end), before: bytes[at - 1] ?? 0, after: bytes[end] ?? 0 };
    places++;
    if (isLatin(place)) latin++;
    else chinese += commonCharacters(place.run);
    at = end;
  }
  return { latin, chinese, places };
}

interface Place {
  readonly run: Uint8Array;
  /** The bytes around it; 0 at the ends of the text. */
  readonly before: number;
  readonly after: number;
}

function isLatin({ run, before, after }: Place): boolean {
  if (run.length > 3 || !run.every((byte) => isAccented(byte) || SIGNS.has(byte))) return false;
  return run.length === 1 || isLetter(before) || isLetter(after);
}

/** How many pairs of a run are characters of GB 2312: its signs, and its levels 1 and 2 of Chinese characters. */
function commonCharacters(run: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + 1 < run.length; at += 2) {
    const [first, second] = [run[at]!, run[at + 1]!];
    const row = (first >= 0xa1 && first <= 0xa9) || (first >= 0xb0 && first <= 0xf7);
    if (row && second >= 0xa1 && second <= 0xfe) count++;
  }
  return count;
}

/** What names and coordinates have besides letters: quotes, dashes, a hard space, «, ª, °, ´, ·, º, ». */
const SIGNS = new Set([0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xa0, 0xab, 0xaa, 0xb0, 0xb4, 0xb7, 0xba, 0xbb]);

/** A letter of Windows-1252: À to ÿ but × and ÷, and Š Œ Ž š œ ž Ÿ. */
function isAccented(byte: number): boolean {
  if (byte >= 0xc0) return byte !== 0xd7 && byte !== 0xf7;
  return [0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x9f].includes(byte);
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
