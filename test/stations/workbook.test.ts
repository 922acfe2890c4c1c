import { readFileSync } from "node:fs";
import { type CellObject, CFB, utils, type WorkSheet, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { fixture } from "../support/golden.ts";

const bytesOf = (name: string) => readFileSync(fixture(`stations/${name}`));
const refusal = (bytes: Uint8Array) =>
  readStationTable(bytes, "t.xls").then(
    () => "read",
    (error: unknown) => error,
  );

/** A workbook of the given sheets, as bytes. */
function workbook(bookType: "xlsx" | "biff8", ...sheets: WorkSheet[]): Buffer {
  const book = utils.book_new();
  for (const sheet of sheets) utils.book_append_sheet(book, sheet);
  return Buffer.from(write(book, { bookType, type: "buffer" }) as Uint8Array);
}

/** An OLE2 file of the given streams. */
function oleFile(streams: Record<string, Uint8Array>): Buffer {
  const container = CFB.utils.cfb_new();
  for (const [name, content] of Object.entries(streams)) CFB.utils.cfb_add(container, name, content);
  return Buffer.from(CFB.write(container, { type: "buffer" }) as Uint8Array);
}

const header = ["id", "name", "lat", "lon"];
const formula = (value: number): CellObject => ({ t: "n", v: value, f: "1+1" });
const failed: CellObject = { t: "e", v: 42 };

describe.each(["xlsx", "biff8"] as const)("a workbook (%s)", (bookType) => {
  it("gives raw values: numbers, texts with their zeros, results of formulas, no error cells", async () => {
    const sheet = utils.aoa_to_sheet([header]);
    const cells: CellObject[][] = [
      [{ t: "n", v: 50000, z: "0.00" }, { t: "n", v: 7 }, formula(39.123456789), { t: "s", v: "116.5E" }],
      [
        { t: "s", v: "050000" },
        { t: "s", v: "" },
        { t: "n", v: 1 },
        { t: "n", v: 2 },
      ],
      [{ t: "s", v: "050001" }, { t: "b", v: true }, { t: "n", v: -1.5 }, formula(2)],
      [{ t: "s", v: "050002" }, { t: "s", v: "x" }, failed, { t: "n", v: 2 }],
    ];
    cells.forEach((row, r) => {
      row.forEach((cell, c) => {
        sheet[utils.encode_cell({ r: r + 1, c })] = cell;
      });
    });
    sheet["!ref"] = "A1:D5";
    const table = await readStationTable(workbook(bookType, sheet), "t.xls");
    const station = { province: "", elevation: Number.NaN };
    expect(table).toEqual({
      stations: [
        { ...station, id: "50000", name: "7", lat: 39.123456789, lon: 116.5 },
        { ...station, id: "050001", name: "true", lat: -1.5, lon: 2 },
      ],
      rejected: [],
      emptyRows: [3, 5],
      warnings: [
        {
          kind: "idsFromNumbers",
          message: "1 id is a number where others are text with a zero in front, such as 050001: 50000",
        },
      ],
    });
  });

  it("is read from its first sheet with a header row, rows numbered as the sheet numbers them", async () => {
    const blank = utils.aoa_to_sheet([]);
    const notes = utils.aoa_to_sheet([["id and lat and lon are below"], ["id", "name"]]);
    const table = utils.sheet_add_aoa(
      utils.aoa_to_sheet([]),
      [["Stations"], header, [], ["a", "x", 1, 2], [], ["b", "x", 1, 200, "a note"], ["c", "x", 91, 0]],
      { origin: "C3" },
    );
    const other = utils.aoa_to_sheet([header, ["z", "z", 1, 2]]);
    const { stations, rejected } = await readStationTable(workbook(bookType, blank, notes, table, other), "t.xls");
    expect(stations.map(({ id, lon }) => [id, lon])).toEqual([
      ["a", 2],
      ["b", 200],
    ]);
    expect(rejected.map(({ row, id }) => [row, id])).toEqual([[9, "c"]]);
  });

  it("without a header row is refused, showing the first sheet that is not blank", async () => {
    expect(
      await refusal(workbook(bookType, utils.aoa_to_sheet([]), utils.aoa_to_sheet([["站名", "经度"]]))),
    ).toMatchObject({
      tag: "BadTable",
      message: expect.stringContaining('row 1 ("站名", "经度") lacks id and lat'),
    });
    expect(await refusal(workbook(bookType, utils.aoa_to_sheet([])))).toMatchObject({
      tag: "BadTable",
      message: expect.stringMatching(/^t\.xls: its first 20 rows are blank\. Accepted names: id: /),
    });
  });
});

describe("a workbook that is not read", () => {
  const encrypted = {
    tag: "UnsupportedFormat",
    message: "t.xls: the workbook is encrypted. Open it with its password and save it without one",
  };

  it("is encrypted as .xlsx is, in an OLE2 file", async () => {
    expect(
      await refusal(oleFile({ EncryptionInfo: Buffer.alloc(8), EncryptedPackage: Buffer.alloc(64) })),
    ).toMatchObject(encrypted);
  });

  it("is encrypted as .xls is, with a FILEPASS record behind its first", async () => {
    const stream = Buffer.from(
      CFB.find(CFB.read(bytesOf("china.xls"), { type: "buffer" }), "/Workbook").content as Uint8Array,
    );
    const afterFirst = 4 + stream.readUInt16LE(2);
    const filepass = Buffer.of(0x2f, 0, 6, 0, 0, 0, 0x12, 0x34, 0x56, 0x78);
    const locked = Buffer.concat([stream.subarray(0, afterFirst), filepass, stream.subarray(afterFirst)]);
    expect(await refusal(oleFile({ Workbook: locked }))).toMatchObject(encrypted);
  });

  it.each([
    ["Book", "a workbook of Excel 95 or older, which is not read"],
    ["WordDocument", "an OLE2 file without a workbook, which is not read"],
  ])("is an OLE2 file of a %s", async (stream, problem) => {
    expect(await refusal(oleFile({ [stream]: Buffer.alloc(5000, 1) }))).toMatchObject({
      tag: "UnsupportedFormat",
      message: `t.xls: ${problem}. Open it in a spreadsheet program and save it as .xlsx`,
    });
  });

  it("is an archive of something else", async () => {
    const zip = CFB.utils.cfb_new();
    CFB.utils.cfb_add(zip, "/word/document.xml", Buffer.from("<w/>"));
    expect(await refusal(Buffer.from(CFB.write(zip, { type: "buffer", fileType: "zip" }) as Uint8Array))).toMatchObject(
      {
        tag: "UnsupportedFormat",
        message: expect.stringMatching(
          /^t\.xls: a zip archive without an \.xlsx workbook in it \(.*word\/document\.xml …\)\. Open it/,
        ),
      },
    );
  });

  it("inflates to more than 32 MB", async () => {
    const bytes = bytesOf("titled.xlsx");
    const entry = bytes.indexOf(Buffer.from("504b0102", "hex"));
    bytes.writeUInt32LE(300 * 2 ** 20, entry + 24);
    expect(await refusal(bytes)).toMatchObject({
      tag: "TooLarge",
      message:
        "t.xls: the workbook inflates to 300 MB; at most 32 MB are read. Keep the station table alone, or save it as .csv",
    });
  });

  it.each([
    ["china.xls", 0.1],
    ["china.xls", 0.5],
    ["titled.xlsx", 0.1],
    ["titled.xlsx", 0.9],
    ["titled.xlsx", 0.999],
  ])("is %s of which only a part (%d) arrived", async (name, part) => {
    const bytes = bytesOf(name);
    expect(await refusal(bytes.subarray(0, bytes.length * part))).toMatchObject({
      tag: "BrokenFile",
      message: expect.stringContaining("It is truncated or damaged: fetch it again"),
    });
  });

  it("is damaged in its only sheet", async () => {
    const bytes = workbook("xlsx", utils.aoa_to_sheet([header]));
    const local = bytes.indexOf("xl/worksheets/sheet1.xml");
    const central = bytes.lastIndexOf("xl/worksheets/sheet1.xml");
    bytes.write("?", local);
    bytes.write("?", central);
    expect(await refusal(bytes)).toMatchObject({
      tag: "BrokenFile",
      message: expect.stringContaining("t.xls: the sheet Sheet1 cannot be read. It is truncated or damaged"),
    });
  });

  it("has a cell as far down as numbers go, which the library takes for a row of its own", async () => {
    const zip = CFB.read(workbook("xlsx", utils.aoa_to_sheet([header])), { type: "buffer" });
    const sheet = CFB.find(zip, "/xl/worksheets/sheet1.xml");
    sheet.content = Buffer.from(String(Buffer.from(sheet.content as Uint8Array)).replace('r="A1"', 'r="B4294967295"'));
    const bytes = Buffer.from(CFB.write(zip, { type: "buffer", fileType: "zip" }) as Uint8Array);
    expect(await refusal(bytes)).toMatchObject({ tag: "TooLarge" });
  });
});
