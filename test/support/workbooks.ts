import { crc32, deflateRawSync } from "node:zlib";
import { type CellObject, CFB, utils, write } from "@e965/xlsx";

/** A workbook of one sheet. @param merged - ranges of merged cells */
export function book(
  bookType: "xlsx" | "biff8",
  rows: readonly (readonly (string | number | CellObject | null)[])[],
  merged: readonly string[] = [],
): Buffer {
  const sheet = utils.aoa_to_sheet(rows.map((row) => [...row]));
  sheet["!merges"] = merged.map((range) => utils.decode_range(range));
  return Buffer.from(write(utils.book_new(sheet), { bookType, type: "buffer" }) as Uint8Array);
}

/** An OLE2 file of these streams. */
export function oleFile(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  return container(streams, "cfb");
}

/** A zip archive of these files. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Buffer {
  return container(files, "zip");
}

function container(contents: Readonly<Record<string, Uint8Array>>, fileType: "cfb" | "zip"): Buffer {
  const made = CFB.utils.cfb_new();
  for (const [name, content] of Object.entries(contents)) CFB.utils.cfb_add(made, `/${name}`, content);
  return Buffer.from(CFB.write(made, { type: "buffer", fileType }) as Uint8Array);
}

/** An old workbook with the record that says that the others are encrypted. */
export function locked(workbook: Buffer): Buffer {
  const stream = Buffer.from(CFB.find(CFB.read(workbook, { type: "buffer" }), "/Workbook").content as Uint8Array);
  const afterFirst = 4 + stream.readUInt16LE(2);
  const filepass = Buffer.of(0x2f, 0, 6, 0, 0, 0, 0x12, 0x34, 0x56, 0x78);
  return oleFile({ Workbook: Buffer.concat([stream.subarray(0, afterFirst), filepass, stream.subarray(afterFirst)]) });
}

/** An OLE2 file whose table of sectors leads back from the first to itself. */
export function circular(ole: Buffer): Buffer {
  const table = 512 * (1 + ole.readUInt32LE(76));
  const entry = 512 * (1 + ole.readUInt32LE(48));
  for (let at = entry; at < entry + 512; at += 128) {
    const start = ole.readUInt32LE(at + 116);
    if (ole.readUInt32LE(at + 120) >= 4096) ole.writeUInt32LE(start, table + 4 * start);
  }
  return ole;
}

const BOMB_BYTES = 2 ** 30;

/** An archive with a sheet of 1 GiB of spaces. @param declared - how long its entry says that it is */
export function bomb(declared = BOMB_BYTES): Buffer {
  const part = Buffer.alloc(2 ** 20, " ");
  const name = Buffer.from("xl/workbook.xml");
  // Blocks of one megabyte each, without the mark of the last: they may follow each other.
  const deflated = deflateRawSync(part, { finishFlush: 2 });
  const content = Buffer.concat(Array.from({ length: BOMB_BYTES / part.length }, () => deflated));
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(part), 0);
  sizes.writeUInt32LE(content.length, 4);
  sizes.writeUInt32LE(declared, 8);
  const version = Buffer.of(20, 0, 0, 0, 8, 0, 0, 0, 0, 0);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), version, sizes, Buffer.of(name.length, 0, 0, 0), name]);
  const entry = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\0"),
    version,
    sizes,
    Buffer.of(name.length, 0),
    Buffer.alloc(16),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length + content.length, 16);
  return Buffer.concat([local, content, entry, end]);
}
