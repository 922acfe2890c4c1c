import { crc32, deflateRawSync } from "node:zlib";

/** An entry, and what its archive says of it that is not so. */
export interface Packed {
  readonly name: string;
  readonly content: Uint8Array;
  readonly crc?: number;
  readonly size?: number;
  readonly flags?: number;
  readonly method?: number;
}

/**
 * A zip archive.
 *
 * @param how - not deflated; or with every number that can be in a record of zip64
 */
export function zipOf(entries: readonly Packed[], how: { readonly stored?: true; readonly wide?: true } = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, ...said } of entries) {
    const packed = how.stored === true ? Buffer.from(content) : deflateRawSync(content);
    const { crc = crc32(content), size = content.length, flags = 0, method = how.stored === true ? 0 : 8 } = said;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    files.push(local, Buffer.from(name), packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc, 16);
    const numbers = [size, packed.length, offset];
    for (const [i, at] of [24, 20, 42].entries()) entry.writeUInt32LE(how.wide === true ? 0xffffffff : numbers[i]!, at);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    const extra = how.wide === true ? wideField(numbers) : Buffer.alloc(0);
    entry.writeUInt16LE(extra.length, 30);
    directory.push(entry, Buffer.from(name), extra);
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(how.wide === true ? 0xffff : entries.length, 10);
  end.writeUInt32LE(how.wide === true ? 0xffffffff : offset, 16);
  const wideEnd = how.wide === true ? wideEndOf(entries.length, offset, listed.length) : Buffer.alloc(0);
  return Buffer.concat([...files, listed, wideEnd, end]);
}

function wideField(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(28);
  field.writeUInt16LE(1);
  field.writeUInt16LE(24, 2);
  for (const [i, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * i);
  return field;
}

function wideEndOf(count: number, offset: number, length: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(BigInt(offset + length), 8);
  return Buffer.concat([record, locator]);
}
