import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";
import type { StationTable } from "../../lib/stations/station.ts";
import { fixture, golden } from "../support/golden.ts";

const bytesOf = (name: string) => readFileSync(fixture(`stations/${name}`));
/** What Python reads, which has no warnings. */
type FromPython = Pick<StationTable, "stations" | "rejected" | "emptyRows">;
const fromPython = golden<FromPython>("stations/china.expected.json");

const csv = 'id,name,lat,lon\r\nA1,"北京\n市",39.8,-116.5\r\n';
const fromCsv = [{ id: "A1", name: "北京 市", province: "", lat: 39.8, lon: -116.5, elevation: Number.NaN }];

describe("a table of any format", () => {
  it("that is an old workbook has the stations and dropped rows that Python reads from it", async () => {
    expect(fromPython.stations).toHaveLength(4);
    const table = await readStationTable(bytesOf("china.xls"), "china.xls");
    expect(table).toEqual({ ...fromPython, warnings: [expect.objectContaining({ kind: "idsFromNumbers" })] });
  });

  it("that is CSV in GB 18030 has the same, and by its titles is nothing else", async () => {
    const table = await readStationTable(bytesOf("china-gb18030.csv"), "china.csv");
    expect(table).toEqual({ ...fromPython, warnings: [], encoding: "gb18030" });
  });

  it("that is CSV of Europe has what pandas reads: decimal commas, names in Windows-1252, which is a guess", async () => {
    const table = await readStationTable(bytesOf("europe-windows-1252.csv"), "europe.csv");
    expect(table).toEqual({
      ...golden<FromPython>("stations/europe.expected.json"),
      warnings: [
        { kind: "encodingGuessed", message: 'the text was taken for windows-1252, in which it has "Bodø VI"' },
      ],
      encoding: "windows-1252",
    });
  });

  it.each(["utf-16le", "utf-16be"])(
    "that is CSV in %s without a mark has the same, and is no guess",
    async (encoding) => {
      const table = await readStationTable(bytesOf(`europe-${encoding}.csv`), "europe.csv");
      expect(table).toEqual({ ...golden<FromPython>("stations/europe.expected.json"), warnings: [], encoding });
    },
  );

  it("that is .xlsx is read from its first sheet with a header, below merged titles and beside remarks", async () => {
    expect(await readStationTable(bytesOf("titled.xlsx"), "titled.xlsx")).toEqual({
      stations: [
        { id: "050000", name: "甲", province: "", lat: 39.8, lon: 116.4667, elevation: 31.25 },
        { id: "50000", name: "乙", province: "", lat: -12.5, lon: -75.5, elevation: 0 },
      ],
      rejected: [
        {
          row: 8,
          id: "50002",
          kind: "coordinate",
          reason: "latitude 91.5 is off the globe: it lies between -90 and 90 degrees",
        },
      ],
      emptyRows: [7], // its id is the error #N/A
      warnings: [
        {
          kind: "idsFromNumbers",
          message: "1 id is a number where others are text with a zero in front, such as 050000: 50000",
        },
      ],
    });
  });

  it("is told by its content, not by its name", async () => {
    expect(await readStationTable(bytesOf("china.xls"), "china.csv")).toMatchObject(fromPython);
    expect((await readStationTable(bytesOf("titled.xlsx"), "titled.xls")).stations).toHaveLength(2);
    expect((await readStationTable(Buffer.from(csv), "a.xlsx")).stations).toEqual(fromCsv);
  });

  it("may be a view into other bytes", async () => {
    for (const name of ["china.xls", "titled.xlsx", "china-gb18030.csv"]) {
      const bytes = bytesOf(name);
      const around = new Uint8Array(bytes.length + 20);
      around.set(bytes, 7);
      const view = around.subarray(7, 7 + bytes.length);
      expect(await readStationTable(view, name)).toEqual(await readStationTable(bytes, name));
      expect(Object.keys(view)).toHaveLength(bytes.length); // readers hang fields on what they are given
    }
  });

  it.each([
    ["UTF-8", Buffer.from(csv)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${csv}`)],
    ["UTF-16, little-endian", Buffer.from(`\ufeff${csv}`, "utf16le")],
    ["UTF-16, big-endian", Buffer.from(`\ufeff${csv}`, "utf16le").swap16()],
  ])("may be text in %s", async (_, bytes) => {
    expect((await readStationTable(bytes, "a.csv")).stations).toEqual(fromCsv);
  });
});

describe("what is no table", () => {
  it.each<[string, Uint8Array, string, string]>([
    ["no bytes", new Uint8Array(), "EmptyFile", "a.csv: the station table has no bytes"],
    [
      "HTML, as web sites serve for .xls",
      Buffer.from("\r\n<html><table><tr><td>id"),
      "UnsupportedFormat",
      "a.csv: HTML or XML, whatever its name says. Open it in a spreadsheet program and save it as .xlsx",
    ],
    [
      "binary of another kind",
      Buffer.from("CDF\u0001\u0000\u0000\u0000\u0000id,lat,lon\n"),
      "UnsupportedFormat",
      "a.csv: neither a workbook nor text in UTF-8, UTF-16, GB 18030 or Windows-1252. Valid choices: .xls, .xlsx, .csv",
    ],
    [
      "bytes that are no text in any encoding",
      Uint8Array.of(0x69, 0x64, 0x2c, 0xff, 0xff, 0x0a),
      "UnsupportedFormat",
      "a.csv: neither a workbook nor text",
    ],
    [
      "half a character of UTF-16",
      Uint8Array.of(0xff, 0xfe, 0x69, 0x00, 0x64),
      "UnsupportedFormat",
      "a.csv: neither a workbook nor text",
    ],
    ["blank lines", Buffer.from(" \r\n\r\n"), "BadTable", "a.csv: its first 20 rows are blank"],
    [
      "a table without one of the columns",
      Buffer.from("省份,站名,区站号,经度(度分)\n"),
      "BadTable",
      'row 1 ("省份", "站名", "区站号", "经度(度分)") lacks lat',
    ],
  ])("%s", async (_, bytes, tag, message) => {
    await expect(readStationTable(bytes, "a.csv")).rejects.toMatchObject({
      name: "InputError",
      tag,
      message: expect.stringContaining(message),
    });
  });
});
