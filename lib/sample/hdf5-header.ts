import { closeSync, openSync, writeSync } from "node:fs";
import { Metadata } from "../netcdf/hdf5/format/metadata.ts";
import { headerMessages } from "../netcdf/hdf5/format/object-header.ts";
import { openFile } from "../netcdf/random-access.ts";

/** Message types of an HDF5 object header, by the names of the format specification. */
export const MESSAGE = { filterPipeline: 0x0b, modificationTime: 0x12 } as const;

/**
 * Edits the messages of one type in a closed file's object headers, in place: an edit cannot change their size.
 * Only version 1 headers, which carry no checksum: those of files written with the library bound `earliest`.
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
  const access = openFile(path, path);
  const metadata = new Metadata(access);
  const file = openSync(path, "r+");
  try {
    const messages = addresses.flatMap((address) => {
      if (metadata.view(address, 1).getUint8(0) === 1) return headerMessages(metadata, address).messages;
      throw new Error(`${path}: object header at ${address} is not of version 1`);
    });
    const chosen = messages.filter((message) => message.type === type);
    for (const { address, body } of chosen) {
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      edit(bytes);
      writeSync(file, bytes, 0, bytes.length, address);
    }
    return chosen.length;
  } finally {
    closeSync(file);
    access.close();
  }
}
