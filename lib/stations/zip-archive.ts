import { crc32, inflateRawSync } from "node:zlib";
import { brokenFile } from "../errors.ts";

export interface ZipEntry {
  readonly name: string;
  /** Bytes when inflated, as the archive declares it. */
  readonly size: number;
  readonly crc: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** Position of the entry's own header. */
  readonly offset: number;
}

const END_RECORD = 0x06054b50;
const ENTRY_RECORD = 0x02014b50;
const LOCAL_RECORD = 0x04034b50;

const HINT = "It is truncated or damaged: fetch it again";

/**
 * The entries that a zip archive declares in its central directory; nothing is inflated.
 *
 * @throws InputError `BrokenFile` if the directory is missing, which is what truncation does, or damaged
 */
export function zipEntries(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = viewOf(bytes);
  const end = findEnd(view);
  if (end === undefined) throw brokenFile("a zip archive without a central directory", { file, hint: HINT });
  const entries: ZipEntry[] = [];
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY_RECORD) {
      throw brokenFile(`the central directory of the zip archive is damaged at entry ${i + 1} of ${count}`, {
        file,
        hint: HINT,
      });
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const size = view.getUint32(at + 24, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      size: size === 0xffffffff ? zip64Size(view, nameEnd, Math.min(extraEnd, end)) : size,
      crc: view.getUint32(at + 16, true),
      method: view.getUint16(at + 10, true),
      offset: view.getUint32(at + 42, true),
    });
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

/**
 * Inflates every entry once, compares size and CRC, and puts them into an archive of its own, not deflated. The workbook
 * reader never returns from some damaged entries, reads numbers out of others, and finds another directory where there are
 * two: so it is given nothing that was not looked at.
 *
 * @throws InputError `BrokenFile` naming the first entry that is not what the directory declares
 */
export function checkedArchive(bytes: Uint8Array, entries: readonly ZipEntry[], file: string): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = inflated(bytes, entry);
    if (content === undefined || content.length !== entry.size || crc32(content) !== entry.crc) {
      throw brokenFile(`${entry.name} is damaged in the zip archive`, { file, hint: HINT });
    }
    const about = aboutOf(entry);
    const name = Buffer.from(entry.name);
    files.push(record(LOCAL_RECORD, 30, about), name, Buffer.from(content.buffer, content.byteOffset, content.length));
    const listed = record(ENTRY_RECORD, 46, Buffer.concat([Buffer.of(20, 0), about]));
    listed.writeUInt32LE(offset, 42);
    directory.push(listed, name);
    offset += 30 + name.length + content.length;
  }
  const end = record(END_RECORD, 22, Buffer.alloc(0));
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** What both records of an entry say, from the version that is needed to the length of the name: stored, its name in UTF-8. */
function aboutOf({ name, size, crc }: ZipEntry): Buffer {
  const about = Buffer.alloc(24);
  about.writeUInt16LE(20, 0);
  about.writeUInt16LE(0x800, 2);
  about.writeUInt32LE(crc, 10);
  about.writeUInt32LE(size, 14);
  about.writeUInt32LE(size, 18);
  about.writeUInt16LE(Buffer.byteLength(name), 22);
  return about;
}

function record(type: number, length: number, start: Buffer): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type);
  start.copy(bytes, 4);
  return bytes;
}

function inflated(bytes: Uint8Array, { size, method, offset }: ZipEntry): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL_RECORD) return undefined;
  const content = bytes.subarray(offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true));
  if (method === 0) return content.subarray(0, size);
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined; // zlib's own words name no entry
  }
}

/** The end record stands last, before a comment of at most 65535 bytes. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END_RECORD) return at;
  }
  return undefined;
}

/** The size in the zip64 extra field, which writers of streams use for small files too. */
function zip64Size(view: DataView, start: number, end: number): number {
  for (let at = start; at + 12 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 1) return Number(view.getBigUint64(at + 4, true));
  }
  return 0xffffffff;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
