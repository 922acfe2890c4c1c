import { expect, test } from "vitest";
import { partsToRead } from "../../lib/stations/workbook-size.ts";

test("of a workbook only parts of XML are read, and none that make it one of another format", () => {
  const its = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"];
  const others = [
    "META-INF/manifest.xml",
    "meta-inf\\manifest.xml",
    "Index/Document.iwa",
    "objectdata.xml",
    "xl/a.bin",
  ];
  const entries = [...its, ...others].map((name) => ({
    name,
    size: 1,
    packed: 1,
    crc: 0,
    method: 0,
    encrypted: false,
    offset: 0,
  }));
  expect(partsToRead(entries, "t.xlsx").map(({ name }) => name)).toEqual(its);
});
