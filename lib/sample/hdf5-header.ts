import * as fs from "node:fs";

/** Message types of an HDF5 object header, by the names of the format specification. */
export const MESSAGE = { filterPipeline: 0x0b, continuation: 0x10, modificationTime: 0x12 } as const;

const PREFIX = 16; // version, reserved, message count, reference count, size, padding
const MESSAGE_HEAD = 8; // type, size, flags, reserved

/**
 * Edits the messages of one type in a closed file's object headers, in place: an edit cannot change their size.
 * Only version 1 headers, which carry no checksum: those of files written with the library bound `earliest`.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.1.a "Version 1 Data Object Header Prefix".
 *
 * @param addresses of the object headers, as object references hold them
 * @returns how many messages were edited
 */
export function editMessages(
  path: string,
  addresses: readonly number[],
  type: number,
  edit: (body: Buffer) => void,
): number {
  const file = fs.openSync(path, "r+");
  let edited = 0;

  function editBlock(start: number, length: number): void {
    const block = readBytes(file, start, length);
    for (let at = 0; at + MESSAGE_HEAD <= length; ) {
      const found = block.readUInt16LE(at);
      const body = block.subarray(at + MESSAGE_HEAD, at + MESSAGE_HEAD + block.readUInt16LE(at + 2));
      if (found === type) {
        edit(body);
        fs.writeSync(file, body, 0, body.length, start + at + MESSAGE_HEAD);
        edited++;
      } else if (found === MESSAGE.continuation) {
        editBlock(Number(body.readBigUInt64LE(0)), Number(body.readBigUInt64LE(8)));
      }
      at += MESSAGE_HEAD + body.length;
    }
  }

  try {
    for (const address of addresses) {
      const prefix = readBytes(file, address, PREFIX);
      if (prefix[0] !== 1) throw new Error(`${path}: object header at ${address} is not of version 1`);
      editBlock(address + PREFIX, prefix.readUInt32LE(8));
    }
  } finally {
    fs.closeSync(file);
  }
  return edited;
}

function readBytes(file: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const count = fs.readSync(file, bytes, 0, length, start);
  if (count < length) throw new Error(`file ends at ${start + count}, within an object header`);
  return bytes;
}
