import { crc32, inflateRawSync } from "node:zlib";
import { brokenFile } from "../errors.ts";
import { contentStart, END_RECORD, ENTRY_RECORD, LOCAL_RECORD, ZIP_HINT, type ZipEntry } from "../zip-directory.ts";

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
      throw brokenFile(`${entry.name} is damaged in the zip archive`, { file, hint: ZIP_HINT });
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

function inflated(bytes: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  const { size, method } = entry;
  const start = contentStart(bytes, entry);
  if (start === undefined) return undefined;
  const content = bytes.subarray(start);
  if (method === 0) return content.subarray(0, size);
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined; // zlib's own words name no entry
  }
}
