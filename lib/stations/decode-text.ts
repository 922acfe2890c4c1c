import { InputError } from "../errors.ts";

const UTF_8_MARK = [0xef, 0xbb, 0xbf];

/**
 * The text of a file: UTF-16 if it begins with that byte order mark, else UTF-8, else GB 18030 (and so GBK and
 * GB 2312), as Chinese spreadsheet programs save CSV; the mark of UTF-8 does not prove that the text is. The byte order
 * mark is left out.
 *
 * A text in yet another 8-bit encoding may pass for GB 18030; its ids and numbers are the same then, its names are not.
 *
 * @throws InputError `UnsupportedFormat` if it is not text in any of these
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : undefined;
  const unmarked = bytes.subarray(UTF_8_MARK.every((byte, i) => bytes[i] === byte) ? UTF_8_MARK.length : 0);
  for (const encoding of marked === undefined ? ["utf-8", "gb18030"] : [marked]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(unmarked);
      if (!text.includes("\0")) return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // not in this encoding
    }
  }
  throw new InputError("UnsupportedFormat", "neither a workbook nor text in UTF-8, UTF-16 or GB 18030", {
    file,
    choices: [".xls", ".xlsx", ".csv"],
  });
}
