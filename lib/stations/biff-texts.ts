/** Of a workbook, those that are read: as many as its cells. */
const MOST_TEXTS = 2 ** 22;

/**
 * The texts of an .xls record and of those that continue it.
 *
 * Source: "[MS-XLS]", 2.4.265 SST, 2.5.293 XLUnicodeRichExtendedString, 2.5.294 XLUnicodeString.
 */
export class TextReader {
  readonly #parts: readonly Uint8Array[];
  #part = 0;
  #at = 0;

  /** @param parts - the data of the records */
  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  /** A text alone. @throws RangeError where the parts end before it */
  plainText(): string {
    const length = this.#number(2);
    return this.#characters(length, this.#number(1));
  }

  /** The table of texts that cells share: how many, how many different, and these. @throws RangeError as `plainText` */
  sharedTexts(): string[] {
    this.#skip(4);
    const count = this.#number(4);
    const texts: string[] = [];
    if (count > MOST_TEXTS) throw new RangeError(`it declares ${count} texts`);
    while (texts.length < count) texts.push(this.#richText());
    return texts;
  }

  /** A text without its fonts and its phonetic transcription. */
  #richText(): string {
    const length = this.#number(2);
    const flags = this.#number(1);
    const fonts = (flags & 8) === 0 ? 0 : this.#number(2);
    const phonetic = (flags & 4) === 0 ? 0 : this.#number(4);
    const text = this.#characters(length, flags);
    this.#skip(4 * fonts + phonetic);
    return text;
  }

  /** Of one or two bytes, as the flags say; where a part ends among them, the next begins with flags of its own. */
  #characters(length: number, flags: number): string {
    let text = "";
    for (let left = length, wide = flags & 1; left > 0; ) {
      const bytes = this.#parts[this.#part]?.subarray(this.#at) ?? new Uint8Array(0);
      const count = Math.min(left, bytes.length >> wide);
      const taken = Buffer.from(bytes.buffer, bytes.byteOffset, count << wide);
      text += taken.toString(wide === 1 ? "utf16le" : "latin1");
      this.#at += count << wide;
      left -= count;
      if (left === 0) break;
      this.#part++;
      this.#at = 0;
      wide = this.#number(1) & 1;
    }
    return text;
  }

  #number(bytes: number): number {
    let number = 0;
    for (let i = 0; i < bytes; i++, this.#at++) number += this.#rest()[0]! * 256 ** i;
    return number;
  }

  #skip(count: number): void {
    for (let left = count; left > 0; ) {
      const step = Math.min(left, this.#rest().length);
      this.#at += step;
      left -= step;
    }
  }

  /** What is left of the first part that is not all read. */
  #rest(): Uint8Array {
    for (; this.#part < this.#parts.length; this.#part++, this.#at = 0) {
      const rest = this.#parts[this.#part]!.subarray(this.#at);
      if (rest.length > 0) return rest;
    }
    throw new RangeError("a text is cut");
  }
}
