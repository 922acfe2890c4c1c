import { brokenFile } from "./errors.ts";

export interface ZipEntry {
  readonly name: string;
  /** Bytes when inflated, as the archive declares it. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly packed: number;
  readonly crc: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Position of the entry's own header. */
  readonly offset: number;
}

/** The bytes of an archive, read where they are wanted. */
export interface ZipBytes {
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on, which are there. */
  read(offset: number, into: Uint8Array): void;
}

export const END_RECORD = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const END_64_LOCATOR = 0x07064b50;
const END_64_LOCATOR_BYTES = 20;
const END_64_RECORD = 0x06064b50;
const END_64_BYTES = 56;
export const ENTRY_RECORD = 0x02014b50;
const ENTRY_BYTES = 46;
export const LOCAL_RECORD = 0x04034b50;
const LOCAL_BYTES = 30;

/** What stands for a number of 32 bits that does not fit: the right one is in a record of zip64. */
const ELSEWHERE = 0xffffffff;

/** More than the entries of any archive that is read here take. */
const MOST_DIRECTORY_BYTES = 2 ** 24;

export const ZIP_HINT = "It is truncated or damaged: fetch it again";

/**
 * The entries that a zip archive declares in its central directory; nothing is inflated.
 *
 * @throws InputError `BrokenFile` if the directory is missing, which is what truncation does, or damaged
 */
export function zipEntries(archive: Uint8Array | ZipBytes, file: string): ZipEntry[] {
  const source = archive instanceof Uint8Array ? inMemory(archive) : archive;
  const end = findEnd(source);
  if (end === undefined) throw brokenFile("a zip archive without a central directory", { file, hint: ZIP_HINT });
  const { start, count } = end;
  const length = Math.min(end.at - start, MOST_DIRECTORY_BYTES);
  const bytes = length > 0 ? bytesAt(source, start, length) : new Uint8Array();
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    const found = entryAt(bytes, at);
    if (found === undefined) {
      const problem = `the central directory of the zip archive is damaged at entry ${entries.length + 1} of ${count}`;
      throw brokenFile(problem, { file, hint: ZIP_HINT });
    }
    entries.push(found.entry);
    at = found.next;
  }
  return entries;
}

/** Where the content of an entry begins, which its own header says; undefined where that is not there. */
export function contentStart(archive: Uint8Array | ZipBytes, { offset }: ZipEntry): number | undefined {
  const source = archive instanceof Uint8Array ? inMemory(archive) : archive;
  if (offset + LOCAL_BYTES > source.size) return undefined;
  const view = viewOf(bytesAt(source, offset, LOCAL_BYTES));
  if (view.getUint32(0, true) !== LOCAL_RECORD) return undefined;
  return offset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

function entryAt(bytes: Uint8Array, at: number): { entry: ZipEntry; next: number } | undefined {
  const view = viewOf(bytes);
  if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY_RECORD) return undefined;
  const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const [packed, size, offset] = [20, 24, 42].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
    number,
  ];
  const wide = zip64Numbers(view, nameEnd, Math.min(extraEnd, bytes.length));
  // Only what did not fit is there, in this order.
  const wideSize = size === ELSEWHERE ? wide.shift() : undefined;
  const widePacked = packed === ELSEWHERE ? wide.shift() : undefined;
  const wideOffset = offset === ELSEWHERE ? wide.shift() : undefined;
  const entry: ZipEntry = {
    name: new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, nameEnd)),
    size: wideSize ?? size,
    packed: widePacked ?? packed,
    crc: view.getUint32(at + 16, true),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    offset: wideOffset ?? offset,
  };
  return { entry, next: extraEnd + view.getUint16(at + 32, true) };
}

/** Where the directory is, how many entries it has, and where it ends at the latest. */
interface DirectoryEnd {
  readonly at: number;
  readonly start: number;
  readonly count: number;
}

/** The end record stands last, before a comment of at most 65535 bytes. */
function findEnd(source: ZipBytes): DirectoryEnd | undefined {
  const length = Math.min(source.size, END_BYTES + LONGEST_COMMENT);
  const first = source.size - length;
  const view = viewOf(bytesAt(source, first, length));
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    const plain = { at: first + at, start, count };
    return count === 0xffff || start === ELSEWHERE ? (findEnd64(source, first + at) ?? plain) : plain;
  }
  return undefined;
}

/** Of an archive that is too large for the end record at `end`: before it stands where a larger one is. */
function findEnd64(source: ZipBytes, end: number): DirectoryEnd | undefined {
  const locatorAt = end - END_64_LOCATOR_BYTES;
  if (locatorAt < 0) return undefined;
  const locator = viewOf(bytesAt(source, locatorAt, END_64_LOCATOR_BYTES));
  const at = Number(locator.getBigUint64(8, true));
  if (locator.getUint32(0, true) !== END_64_LOCATOR || at + END_64_BYTES > locatorAt) return undefined;
  const record = viewOf(bytesAt(source, at, END_64_BYTES));
  if (record.getUint32(0, true) !== END_64_RECORD) return undefined;
  return { at, start: Number(record.getBigUint64(48, true)), count: Number(record.getBigUint64(32, true)) };
}

/** The numbers in the zip64 extra field, which writers of streams use for small files too. */
function zip64Numbers(view: DataView, start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const count = Math.floor(Math.min(view.getUint16(at + 2, true), end - at - 4) / 8);
    return Array.from({ length: count }, (_, i) => Number(view.getBigUint64(at + 4 + 8 * i, true)));
  }
  return [];
}

function bytesAt(source: ZipBytes, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return bytes;
}

function inMemory(bytes: Uint8Array): ZipBytes {
  return { size: bytes.length, read: (offset, into) => into.set(bytes.subarray(offset, offset + into.length)) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
