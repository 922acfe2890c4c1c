import { InputError } from "../errors.ts";
import { ENCODINGS, type Encoding, textIn } from "./encoding.ts";
import { guessEncoding, unmarkedUtf16 } from "./guess-encoding.ts";
import { hasChineseTitle } from "./header.ts";

export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
  /** Whether it may be in another encoding as well. */
  readonly guessed: boolean;
}

const UTF_8_MARK = [0xef, 0xbb, 0xbf];

/**
 * The text of a file, without its byte order mark, and its encoding. It is the first of these that the bytes are text in:
 *
 * 1. the encoding that is named, and then no other;
 * 2. UTF-16, if the file begins with its mark, or every other byte is zero in much of it;
 * 3. UTF-8; its mark does not prove that the text is;
 * 4. GB 18030 (and so GBK and GB 2312, as Chinese spreadsheet programs save CSV), if it has the Chinese title of a column;
 * 5. the one of GB 18030 and Windows-1252 that the text looks like, see {@link guessEncoding}. A text in yet another
 *    encoding may pass for one of the two; its ids and numbers are the same then, its names are not.
 *
 * @throws InputError `UnsupportedFormat` if it is not text in any of these
 */
export function decodeText(bytes: Uint8Array, file: string, named?: Encoding): DecodedText {
  const unmarked = bytes.subarray(UTF_8_MARK.every((byte, i) => bytes[i] === byte) ? UTF_8_MARK.length : 0);
  const decoded = named === undefined ? detected(unmarked) : textOf(named, unmarked);
  if (decoded !== undefined) return decoded;
  if (named === undefined) {
    throw new InputError(
      "UnsupportedFormat",
      "neither a workbook nor text in UTF-8, UTF-16, GB 18030 or Windows-1252",
      {
        file,
        choices: [".xls", ".xlsx", ".csv"],
      },
    );
  }
  throw new InputError("UnsupportedFormat", `is not text in ${named}`, {
    file,
    choices: ENCODINGS,
    hint: "Without an encoding being named, it is found out",
  });
}

function textOf(encoding: Encoding, bytes: Uint8Array, guessed = false): DecodedText | undefined {
  const text = textIn(encoding, bytes);
  return text === undefined ? undefined : { text, encoding, guessed };
}

function detected(bytes: Uint8Array): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return textOf("utf-16le", bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return textOf("utf-16be", bytes);
  const utf16 = unmarkedUtf16(bytes);
  if (utf16 !== undefined) return textOf(utf16, bytes);
  const utf8 = textOf("utf-8", bytes);
  if (utf8 !== undefined) return utf8;
  const chinese = textOf("gb18030", bytes, true);
  if (chinese !== undefined && hasChineseTitle(chinese.text)) return { ...chinese, guessed: false };
  const latin = guessEncoding(bytes) === "windows-1252" ? textOf("windows-1252", bytes, true) : undefined;
  return latin ?? chinese;
}
