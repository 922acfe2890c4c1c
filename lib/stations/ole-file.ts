import { brokenFile, type InputError } from "../errors.ts";

const END_OF_CHAIN = 0xfffffffe;
const NO_ENTRY = 0xffffffff;
const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Of a small sector. */
const SMALL_BYTES = 64;
const NUMBER_BYTES = 4;
/** Of the directory: a workbook has a few, and one with macros a few dozen. */
const MOST_ENTRIES = 2 ** 12;

/** An entry of the directory: a stream, or the root whose stream holds the small ones. */
interface Entry {
  readonly name: string;
  readonly kind: "stream" | "root" | "other";
  readonly siblings: readonly [left: number, right: number];
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/**
 * The streams at the top of an OLE2 file, as old workbooks are, by name; a stream is read when it is asked for. Every
 * chain of sectors is followed to its end once: what comes back to a sector, or leaves the file, is damaged.
 *
 * Source: "[MS-CFB]: Compound File Binary File Format", 2.
 *
 * @throws InputError `BrokenFile`
 */
export function oleStreams(bytes: Uint8Array, file: string): Map<string, () => Uint8Array> {
  const ole = new OleFile(bytes, file);
  return new Map(ole.topEntries().map((entry) => [entry.name, () => ole.contentOf(entry)]));
}

/** Sectors that follow each other: the number of the one after each, and how they are read. */
interface Sectors {
  readonly next: readonly number[];
  readonly read: (number: number) => Uint8Array;
}

class OleFile {
  readonly #bytes: Uint8Array;
  readonly #header: DataView;
  readonly #file: string;
  readonly #sectorBytes: number;
  readonly #sectors: Sectors;
  readonly #entries: readonly Entry[];
  readonly #root: Entry;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    if (bytes.length < HEADER_BYTES) throw this.#broken("is shorter than its header");
    const shift = this.#header.getUint16(30, true);
    if (shift !== 9 && shift !== 12) throw this.#broken(`declares sectors of 2^${shift} bytes`);
    this.#sectorBytes = 2 ** shift;
    this.#sectors = { next: this.#sectorTable(), read: (number) => this.#sector(number) };
    this.#entries = directory(this.#follow(this.#header.getUint32(48, true), this.#sectors));
    const [root] = this.#entries;
    if (root?.kind !== "root") throw this.#broken("has no directory");
    this.#root = root;
  }

  /** The entries below the root, which are a tree by name. */
  topEntries(): Entry[] {
    const found: Entry[] = [];
    const seen = new Set<number>();
    const open = [this.#root.child];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const entry = this.#entries[at];
      if (at === NO_ENTRY || entry === undefined || seen.has(at)) continue;
      seen.add(at);
      found.push(entry);
      open.push(...entry.siblings);
    }
    return found;
  }

  contentOf({ name, start, size }: Entry): Uint8Array {
    if (size === 0) return new Uint8Array(0);
    const smallest = this.#header.getUint32(56, true);
    const content = this.#follow(start, size < smallest ? this.#smallSectors() : this.#sectors);
    if (content.length < size) throw this.#broken(`holds ${content.length} of the ${size} bytes of ${name}`);
    return content.subarray(0, size);
  }

  /** Streams that are small lie in the root's stream, in small sectors. */
  #smallSectors(): Sectors {
    const content = this.#follow(this.#root.start, this.#sectors);
    const needed = NUMBER_BYTES * Math.ceil(content.length / SMALL_BYTES);
    const next = numbers(this.#follow(this.#header.getUint32(60, true), this.#sectors).subarray(0, needed));
    return { next, read: (n) => content.subarray(n * SMALL_BYTES, (n + 1) * SMALL_BYTES) };
  }

  /** The number of the sector after each. Its own sectors are listed in the header, then in sectors of their own. */
  #sectorTable(): number[] {
    const listed = Array.from({ length: 109 }, (_, i) => this.#header.getUint32(76 + 4 * i, true));
    const inFile = Math.ceil(this.#bytes.length / this.#sectorBytes);
    for (let at = this.#header.getUint32(68, true), seen = 0; at < END_OF_CHAIN - 1; seen++) {
      if (seen > inFile) throw this.#broken("has a chain of sectors that does not end");
      const list = numbers(this.#sector(at));
      at = list.pop() ?? END_OF_CHAIN;
      listed.push(...list);
    }
    const used = listed.filter((number) => number < END_OF_CHAIN - 1);
    if (used.length > inFile) throw this.#broken("lists more sectors than it has");
    // What is behind the last sector of the file is of none, and would take the memory of many.
    const needed = Math.ceil((NUMBER_BYTES * inFile) / this.#sectorBytes);
    return used.slice(0, needed).flatMap((number) => numbers(this.#sector(number)));
  }

  #sector(number: number): Uint8Array {
    const at = (number + 1) * this.#sectorBytes;
    if (at + this.#sectorBytes > this.#bytes.length) throw this.#broken(`needs sector ${number}, which is not in it`);
    return this.#bytes.subarray(at, at + this.#sectorBytes);
  }

  #follow(start: number, { next, read }: Sectors): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let at = start; at !== END_OF_CHAIN; at = next[at]!) {
      parts.push(read(at));
      if (at >= next.length || parts.length > next.length) {
        throw this.#broken("has a chain of sectors that does not end");
      }
    }
    return Buffer.concat(parts);
  }

  #broken(problem: string): InputError {
    return brokenFile(`the OLE2 file ${problem}`, {
      file: this.#file,
      hint: "It is truncated or damaged: fetch it again",
    });
  }
}

function directory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder("utf-16le");
  return Array.from({ length: Math.min(MOST_ENTRIES, Math.floor(bytes.length / ENTRY_BYTES)) }, (_, i) => {
    const at = i * ENTRY_BYTES;
    const number = (offset: number) => view.getUint32(at + offset, true);
    const nameBytes = Math.min(64, view.getUint16(at + 64, true));
    const kind = view.getUint8(at + 66);
    return {
      name: text.decode(bytes.subarray(at, at + Math.max(0, nameBytes - 2))),
      kind: kind === 2 ? "stream" : kind === 5 ? "root" : "other",
      siblings: [number(68), number(72)],
      child: number(76),
      start: number(116),
      size: number(120),
    };
  });
}

function numbers(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(4 * i, true));
}
