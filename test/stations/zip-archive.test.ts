import { CFB } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { InputError } from "../../lib/errors.ts";
import { checkedArchive } from "../../lib/stations/checked-archive.ts";
import { zipEntries } from "../../lib/zip-directory.ts";

interface Declared {
  readonly name: string;
  readonly size: number;
  readonly extra?: Buffer;
}

/** The central directory of an archive of which nothing else is there, behind `before` bytes. */
function directory(entries: readonly Declared[], comment = "", before = 4): Buffer {
  const records = entries.map(({ name, size, extra = Buffer.alloc(0) }) => {
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50);
    record.writeUInt32LE(size, 24);
    record.writeUInt16LE(Buffer.byteLength(name), 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt16LE(3, 32);
    return Buffer.concat([record, Buffer.from(name), extra, Buffer.from("abc")]);
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(before, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([Buffer.alloc(before), ...records, end, Buffer.from(comment)]);
}

describe("zipEntries", () => {
  it("lists names and declared sizes, up to the archive's comment", () => {
    const entries = [
      { name: "xl/工作簿.xml", size: 0 },
      { name: "b", size: 4_000_000_000 },
    ];
    expect(zipEntries(directory(entries, "a comment"), "a.xlsx")).toMatchObject(entries);
    expect(zipEntries(directory([]), "a.xlsx")).toEqual([]);
  });

  it("finds the size of zip64 among the extra fields", () => {
    const extra = Buffer.alloc(6 + 20);
    extra.writeUInt16LE(0x5455);
    extra.writeUInt16LE(2, 2);
    extra.writeUInt16LE(1, 6);
    extra.writeUInt16LE(16, 8);
    extra.writeBigUInt64LE(5_000_000_000n, 10);
    const size = 0xffffffff;
    expect(
      zipEntries(
        directory([
          { name: "a", size, extra },
          { name: "b", size },
        ]),
        "a.xlsx",
      ),
    ).toMatchObject([
      { name: "a", size: 5_000_000_000 },
      { name: "b", size },
    ]);
  });

  it.each([
    ["nothing", Buffer.from("PK\u0003\u0004")],
    ["no end", directory([{ name: "a", size: 1 }]).subarray(0, -1)],
  ])("refuses an archive with %s", (_, bytes) => {
    expect(() => zipEntries(bytes, "a.xlsx")).toThrow(InputError);
    expect(() => zipEntries(bytes, "a.xlsx")).toThrow("a.xlsx: a zip archive without a central directory");
  });

  it("refuses a directory that is not where it should be", () => {
    const bytes = directory([
      { name: "a", size: 1 },
      { name: "b", size: 2 },
    ]);
    bytes.writeUInt16LE(7, 4 + 28);
    expect(() => zipEntries(bytes, "a.xlsx")).toThrow(
      "a.xlsx: the central directory of the zip archive is damaged at entry 2 of 2. It is truncated or damaged: fetch it again",
    );
  });
});

const archive = (compression: boolean) => {
  const zip = CFB.utils.cfb_new();
  CFB.utils.cfb_add(zip, "/a.xml", Buffer.from("<a>0123456789</a>".repeat(20)));
  CFB.utils.cfb_add(zip, "/empty.xml", Buffer.alloc(0));
  return Buffer.from(CFB.write(zip, { type: "buffer", fileType: "zip", compression }) as Uint8Array);
};
const check = (bytes: Uint8Array) => checkedArchive(bytes, zipEntries(bytes, "a.xlsx"), "a.xlsx");
const contentOf = (bytes: Buffer) => bytes.indexOf("a.xml") + "a.xml".length;

describe("checkedArchive", () => {
  const damaged = expect.objectContaining({
    tag: "BrokenFile",
    message: expect.stringMatching(
      /^a\.xlsx: .*a\.xml is damaged in the zip archive\. It is truncated or damaged: fetch it again$/,
    ),
  });

  it.each([true, false])("has the entries of an archive that is whole (compressed: %s)", (compression) => {
    const whole = archive(compression);
    const checked = check(whole);
    const entries = (bytes: Buffer) => zipEntries(bytes, "a.xlsx").map(({ name, size, crc }) => ({ name, size, crc }));
    expect(entries(checked)).toEqual(entries(whole));
    const [theirs, ours] = [whole, checked].map((bytes) => CFB.read(bytes, { type: "buffer" }));
    for (const { name } of entries(whole)) {
      const content = (zip: typeof ours) => Buffer.from(CFB.find(zip, `/${name}`).content as Uint8Array);
      expect(content(ours)).toEqual(content(theirs));
    }
  });

  it("has nothing of a second directory", () => {
    const whole = archive(true);
    // Another archive stands in the comment of the first.
    const [first, second] = [whole, archive(false)];
    const both = Buffer.concat([first, second.subarray(0, -22)]);
    both.writeUInt16LE(second.length - 22, first.length - 2);
    expect(check(both)).toEqual(check(whole));
  });

  it.each([true, false])("refuses every flipped byte of an entry (compressed: %s)", (compression) => {
    const whole = archive(compression);
    const start = contentOf(whole);
    for (let at = start; at < start + 15; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 0x10;
      expect(() => check(bytes), `byte ${at}`).toThrow(damaged);
    }
  });

  it.each<[string, number, number]>([
    ["a smaller size than it inflates to", 24, 100],
    ["a greater size than it inflates to", 24, 100_000],
    ["another method", 10, 12],
    ["a place outside the archive", 42, 1_000_000],
    ["a place where no entry is", 42, 1],
  ])("refuses an entry that declares %s", (_, field, value) => {
    const bytes = archive(true);
    const record = bytes.lastIndexOf("504b0102", bytes.lastIndexOf("a.xml"), "hex");
    if (field === 10) bytes.writeUInt16LE(value, record + field);
    else bytes.writeUInt32LE(value, record + field);
    expect(() => check(bytes)).toThrow(damaged);
  });
});
