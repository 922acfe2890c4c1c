import { InputError } from "../errors.ts";

const END_OF_CHAIN = 0xfffffffe;
const NO_ENTRY = 0xffffffff;
const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;

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
 * The streams at the top of an OLE2 file, as old workbooks are, by name. Every chain of sectors is followed to its end
 * once: what comes back to a sector, or leaves the file, is damaged.
 *
 * Source: "[MS-CFB]: Compound File Binary File Format", 2.
 *
 * @throws InputError `BrokenFile`
 */
export function oleStreams(bytes: Uint8Array, file: string): Map<string, () => Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (problem: string) =>
    new InputError("BrokenFile", `the OLE2 file ${problem}`, {
      file,
      hint: "It is truncated or damaged: fetch it again",
    });
  if (bytes.length < HEADER_BYTES) throw broken("is shorter than its header");
  const shift = view.getUint16(30, true);
  if (shift !== 9 && shift !== 12) throw broken(`declares sectors of 2^${shift} bytes`);
  const sectorBytes = 2 ** shift;
  const smallBytes = 64;

  const sector = (number: number): Uint8Array => {
    const at = (number + 1) * sectorBytes;
    if (at + sectorBytes > bytes.length) throw broken(`needs sector ${number}, which is not in it`);
    return bytes.subarray(at, at + sectorBytes);
  };
  const follow = (start: number, next: readonly number[], read: (number: number) => Uint8Array): Uint8Array => {
    const parts: Uint8Array[] = [];
    for (let at = start; at !== END_OF_CHAIN; at = next[at]!) {
      if (at >= next.length || parts.length > next.length) throw broken("has a chain of sectors that does not end");
      parts.push(read(at));
    }
    return Buffer.concat(parts);
  };

  const table = sectorTable();
  const entries = directory(follow(view.getUint32(48, true), table, sector));
  const [root] = entries;
  if (root?.kind !== "root") throw broken("has no directory");
  const small = () => {
    const next = numbers(follow(view.getUint32(60, true), table, sector));
    const content = follow(root.start, table, sector);
    return { next, read: (n: number) => content.subarray(n * smallBytes, (n + 1) * smallBytes) };
  };
  const largest = view.getUint32(56, true);
  const contentOf = ({ name, start, size }: Entry): Uint8Array => {
    if (size === 0) return new Uint8Array(0);
    const { next, read } = size < largest ? small() : { next: table, read: sector };
    const content = follow(start, next, read);
    if (content.length < size) throw broken(`holds ${content.length} of the ${size} bytes of ${name}`);
    return content.subarray(0, size);
  };
  return new Map(topEntries().map((entry) => [entry.name, () => contentOf(entry)]));

  /** The number of the sector after each. Its own sectors are listed in the header, then in sectors of their own. */
  function sectorTable(): number[] {
    const listed = Array.from({ length: 109 }, (_, i) => view.getUint32(76 + 4 * i, true));
    const inFile = Math.ceil(bytes.length / sectorBytes);
    for (let at = view.getUint32(68, true), seen = 0; at < END_OF_CHAIN - 1; seen++) {
      if (seen > inFile) throw broken("has a chain of sectors that does not end");
      const list = numbers(sector(at));
      at = list.pop() ?? END_OF_CHAIN;
      listed.push(...list);
    }
    const used = listed.filter((number) => number < END_OF_CHAIN - 1);
    if (used.length > inFile) throw broken("lists more sectors than it has");
    return used.flatMap((number) => numbers(sector(number)));
  }

  /** The entries below the root, which are a tree by name. */
  function topEntries(): Entry[] {
    const found: Entry[] = [];
    const seen = new Set<number>();
    const open = [root!.child];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const entry = entries[at];
      if (at === NO_ENTRY || entry === undefined || seen.has(at)) continue;
      seen.add(at);
      found.push(entry);
      open.push(...entry.siblings);
    }
    return found;
  }
}

function directory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder("utf-16le");
  return Array.from({ length: Math.floor(bytes.length / ENTRY_BYTES) }, (_, i) => {
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
