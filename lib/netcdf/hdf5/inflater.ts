import { constants, createInflate, type Inflate } from "node:zlib";

/**
 * Inflates one text after another in libuv's thread pool, all of one length, into the same memory: to make a stream and
 * fresh memory for each takes longer than inflating it.
 */
export class Inflater {
  readonly #length: number;
  #stream: Inflate | undefined;
  /** The text under way. */
  #current: { readonly parts: Buffer[]; found: number; readonly fail: (cause: Error) => void } | undefined;

  /** @param length - of every text, in bytes */
  constructor(length: number) {
    this.#length = length;
  }

  /**
   * @param deflated - in zlib's format (RFC 1950); what stands behind its end is not looked at
   * @returns bytes that are there until the next call
   * @throws Error where it is cut short, damaged (its checksum included), or of another length
   */
  async inflate(deflated: Uint8Array): Promise<Uint8Array> {
    const stream = (this.#stream ??= this.#open());
    stream.reset();
    // Its memory from the beginning again. Node has no word for that; where this one means nothing, a text comes in parts.
    Object.assign(stream, { _outOffset: 0 });
    const before = stream.bytesWritten;
    const parts: Buffer[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        this.#current = { parts, found: 0, fail: reject };
        stream.write(deflated, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#current = undefined;
    }
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    // A stream ends with what stands behind a text, and with too much of it.
    if (stream.bytesWritten - before < deflated.length || bytes.length !== this.#length) this.close();
    if (bytes.length !== this.#length) throw new Error(`${bytes.length} bytes, not ${this.#length}`);
    return bytes;
  }

  close(): void {
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  #open(): Inflate {
    // With Z_FINISH a text that is cut short is an error, and with room for more than a text it comes in one part.
    const stream = createInflate({ flush: constants.Z_FINISH, chunkSize: this.#length + 64 });
    stream.on("data", (part: Buffer) => {
      const current = this.#current;
      if (current === undefined) return;
      current.parts.push(part);
      current.found += part.length;
      if (current.found > this.#length) stream.destroy(new Error(`more than ${this.#length} bytes`));
    });
    stream.on("error", (error) => this.#current?.fail(error));
    return stream;
  }
}
