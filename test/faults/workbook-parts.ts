import { crc32, deflateRawSync } from "node:zlib";
import { CFB } from "@e965/xlsx";
import type { Random } from "../../lib/sample/random.ts";
import { below, mutate } from "./mutate.ts";
import { type Field, setOdd } from "./odd-numbers.ts";

type Parts = [name: string, content: Buffer][];

/** A workbook with the XML of one of its parts changed: tags, attributes or texts; or bytes of it. The archive is right. */
export function mutateXml(original: Uint8Array, random: Random): Buffer {
  const parts = partsOf(original);
  const chosen = parts[below(parts.length, random)]!;
  let pieces = chosen[1].toString("utf8").split(/(?<=>)|(?=<)/);
  for (let changes = 1 + below(4, random); changes > 0 && pieces.length > 0; changes--) {
    pieces = XML_CHANGES[below(XML_CHANGES.length, random)]!(pieces, below(pieces.length, random), random);
  }
  const xml = Buffer.from(pieces.join(""));
  chosen[1] = random() < 0.2 ? mutate(xml, random) : xml;
  return archiveOf(parts).bytes;
}

/** A workbook with one to three fields of its archive changed: of the directory, of entries, or of the end. */
export function mutateEntries(original: Uint8Array, random: Random): Buffer {
  const { bytes, fields } = archiveOf(partsOf(original));
  for (let changes = 1 + below(3, random); changes > 0; changes--) {
    setOdd(bytes, fields[below(fields.length, random)]!, fields, random);
  }
  return bytes;
}

const VALUES = [
  "",
  "A1",
  "XFD1048576",
  "A1:XFD1048576",
  "ZZZZZZ9",
  "-1",
  "1e9",
  "99999999999",
  "rId1",
  "s",
  "b",
  "d",
  "e",
];
VALUES.push(
  "str",
  "inlineStr",
  "&#x110000;",
  "&amp;".repeat(50),
  "a".repeat(5000),
  "2020-02-30",
  "1048577",
  "0",
  "shared",
);

/** Tags by which the library makes more of a sheet than its cells. */
const TAGS = [
  '<hyperlinks><hyperlink ref="A1:XFD1048576" location="a"/></hyperlinks>',
  '<hyperlink r:id="rId1" ref="B2:C9999"/>',
  '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
  '<cols><col min="1" max="16384" width="9"/></cols>',
  '<dimension ref="A1:XFD1048576"/>',
  '<autoFilter ref="A1:XFD1048576"/>',
  '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
  '<c r = "IV3" t=s><v>1</v></c>',
  '<c r="D4" t="inlineStr"><is><t>a</t><r><t>b</t></r></is></c>',
  '<f t="shared" ref="A1:XFD1048576" si="0">A1</f>',
  '<f t="array" ref="A1:XFD1048576">A1</f>',
  '<sheet name="b" sheetId="2" r:id="rId1"/>',
  '<definedName name="a">Sheet1!A1:XFD1048576</definedName>',
  '<si><t xml:space="preserve"> a </t></si>',
  "<![CDATA[<c>]]>",
  "<!-- <c><v> -->",
];

type XmlChange = (pieces: string[], at: number, random: Random) => string[];

const changeValue: XmlChange = (pieces, at, random) => {
  const values = [...(pieces[at]!.matchAll(/=\s*("[^"]*"|'[^']*')/g) ?? [])];
  const chosen = values[below(values.length, random)];
  const value = VALUES[below(VALUES.length, random)]!;
  const quoted = [`="${value}"`, `='${value}'`, `=${value}`, ` = "${value}"`][below(4, random)]!;
  if (chosen === undefined) return pieces.with(at, pieces[at]!.startsWith("<") ? pieces[at]! : value);
  return pieces.with(
    at,
    pieces[at]!.slice(0, chosen.index) + quoted + pieces[at]!.slice(chosen.index + chosen[0].length),
  );
};

/** How often a text may be repeated, at most: what is mutated stays small. */
function timesOf(text: string, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(2 ** 18 / Math.max(1, text.length))));
}

const XML_CHANGES: readonly XmlChange[] = [
  changeValue,
  changeValue,
  changeValue,
  (pieces, at) => pieces.toSpliced(at, 1),
  (pieces, at, random) => pieces.toSpliced(at, 0, TAGS[below(TAGS.length, random)]!),
  (pieces, at, random) => pieces.toSpliced(below(pieces.length, random), 0, pieces[at]!),
  (pieces, at, random) => pieces.with(at, pieces[at]!.repeat(1 + below(timesOf(pieces[at]!, 2000), random))),
  (pieces, at, random) => {
    const block = pieces.slice(at, at + 1 + below(40, random));
    const times = 1 + below(timesOf(block.join(""), 50), random);
    return pieces.toSpliced(at, 0, ...Array.from({ length: times }, () => block).flat());
  },
  (pieces, at, random) =>
    pieces.with(at, pieces[at]!.replace(/^<(\/?)\w+/, `<$1${NAMES[below(NAMES.length, random)]!}`)),
  (pieces, at) => pieces.slice(0, at),
];

const NAMES =
  "c row v t si r is f sheet sheets sheetData sst hyperlink mergeCell x:c x:row Relationship Override".split(" ");

function partsOf(archive: Uint8Array): Parts {
  const { FileIndex, FullPaths } = CFB.read(Buffer.from(archive), { type: "buffer" }) as ArchiveParts;
  return FileIndex.flatMap(
    ({ content = [] }, i): Parts =>
      content.length === 0 ? [] : [[FullPaths[i]!.replace(/^[^/]*\//, ""), Buffer.from(content)]],
  );
}

/** What the archive's reader, which has no types, gives. */
interface ArchiveParts {
  readonly FileIndex: readonly { readonly content?: readonly number[] }[];
  readonly FullPaths: readonly string[];
}

/** Bytes of the fields of an entry's own header, of its entry in the directory, and of the end, behind the signature. */
const LOCAL = [2, 2, 2, 2, 2, 4, 4, 4, 2, 2] as const;
const ENTRY = [2, ...LOCAL, 2, 2, 2, 4, 4] as const;
const END = [2, 2, 2, 2, 4, 4, 2] as const;

/** A deflated archive of the parts with all that it says right, and where it says it. */
function archiveOf(parts: Parts): { readonly bytes: Buffer; readonly fields: readonly Field[] } {
  const blocks: Buffer[] = [];
  const fields: Field[] = [];
  let length = 0;
  const put = (block: Buffer) => {
    blocks.push(block);
    length += block.length;
  };
  const record = (signature: string, widths: readonly (2 | 4)[], values: readonly number[]) => {
    const block = Buffer.alloc(4 + widths.reduce<number>((sum, width) => sum + width, 0));
    block.write(signature, "latin1");
    let at = 4;
    widths.forEach((bytes, i) => {
      block.writeUIntLE(values[i] ?? 0, at, bytes);
      fields.push({ at: length + at, bytes });
      at += bytes;
    });
    put(block);
  };
  const listed = parts.map(([name, content]) => {
    const [title, deflated, offset] = [Buffer.from(name), deflateRawSync(content), length];
    const about = [20, 0x800, 8, 0, 0, crc32(content), deflated.length, content.length, title.length, 0];
    record("PK\u0003\u0004", LOCAL, about);
    put(title);
    put(deflated);
    return { title, about, offset };
  });
  const start = length;
  for (const { title, about, offset } of listed) {
    record("PK\u0001\u0002", ENTRY, [20, ...about, 0, 0, 0, 0, offset]);
    put(title);
  }
  record("PK\u0005\u0006", END, [0, 0, parts.length, parts.length, length - start, start, 0]);
  return { bytes: Buffer.concat(blocks), fields };
}
