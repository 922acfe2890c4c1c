import { describe, expect, it } from "vitest";
import { decodeText } from "../../lib/stations/decode-text.ts";
import { parseEncoding } from "../../lib/stations/encoding.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { canEncode, encode } from "../support/encode.ts";

const row = (name: string) => `id,name,lat,lon\n10381,${name},52.5,13.4\n`;

/** The names of countries and languages in a language, those with other characters than ASCII. */
function namesIn(language: string): string[] {
  const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const regions = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const languages = new Intl.DisplayNames(language, { type: "language", fallback: "none" });
  const names = codes.flatMap((code) => [regions.of(code) ?? [], languages.of(code.toLowerCase()) ?? []].flat());
  return [...new Set(names)].filter((name) => /[^\0-\x7f]/.test(name));
}

/** The tables of one name that do not come out as they were. */
function misread(encoding: "gb18030" | "windows-1252", names: readonly string[]): string[] {
  const wrong = (name: string) => decodeText(encode(encoding, row(name)), "t.csv").text !== row(name);
  return names.filter((name) => canEncode(encoding, name) && wrong(name));
}

describe("a table of one name that is not ASCII", () => {
  const EUROPEAN = ["de", "fr", "es", "pt", "ca", "it", "nl", "nb", "da", "sv", "fi", "is", "et", "ga"];
  it.each(EUROPEAN)("in Windows-1252 is told from GB 18030: all countries and languages in %s", (language) => {
    const names = namesIn(language);
    expect(names.length).toBeGreaterThan(10);
    expect(misread("windows-1252", [...names, ...names.map((name) => name.toLocaleUpperCase(language))])).toEqual([]);
  });

  it("in GB 18030 is told from Windows-1252: all countries and languages in Chinese", () => {
    const names = namesIn("zh-CN");
    expect(names.length).toBeGreaterThan(400);
    expect(misread("gb18030", names)).toEqual([]);
  });

  it.each(["Österreich", "Å", "Åre", "Ål", "ÇÃO", "Tromsø", "São João", "l’Église", "Eþíópía", "A – B", "Zürich"])(
    "%s",
    (name) => {
      expect(decodeText(encode("windows-1252", row(name)), "t.csv")).toEqual({
        text: row(name),
        encoding: "windows-1252",
        guessed: true,
      });
    },
  );

  it.each(["北京", "鹏", "漯河", "亳州", "北京A站", "镕基站", "39°48′", "（甲）"])("%s", (name) => {
    expect(decodeText(encode("gb18030", row(name)), "t.csv")).toEqual({
      text: row(name),
      encoding: "gb18030",
      guessed: true,
    });
  });
});

describe("what tells an encoding", () => {
  it("is a column's Chinese title, whatever the names look like", () => {
    const text = "区站号,站名,纬度,经度\n1,镕F,1,2\n2,犇E,1,2\n";
    expect(decodeText(encode("gb18030", text), "t.csv")).toEqual({ text, encoding: "gb18030", guessed: false });
  });

  it("is the sign of degrees before a letter, which Latin-1 writes in one byte", async () => {
    const { stations, warnings } = await readStationTable(
      encode("windows-1252", "id,lat,lon\n1,52°18'N,4°46'E\n2,39°N,3°E\n"),
      "t.csv",
    );
    expect(stations.map(({ lat, lon }) => [lat, lon])).toEqual([
      [52.3, 4 + 46 / 60],
      [39, 3],
    ]);
    expect(warnings).toEqual([
      { kind: "encodingGuessed", message: 'the text was taken for windows-1252, in which it has "52°18\'N"' },
    ]);
  });

  it("is a zero in every other byte, also among characters whose zero is the other byte", () => {
    const text = row("一一一一");
    const little = Buffer.from(text, "utf16le");
    expect(decodeText(little, "t.csv")).toEqual({ text, encoding: "utf-16le", guessed: false });
    const big = Buffer.from(little).swap16();
    expect(decodeText(big, "t.csv")).toEqual({ text, encoding: "utf-16be", guessed: false });
  });

  it("is UTF-8 wherever the bytes are UTF-8, and then nothing is guessed", () => {
    for (const name of ["Österreich", "北京", "plain"]) {
      expect(decodeText(Buffer.from(row(name)), "t.csv")).toEqual({
        text: row(name),
        encoding: "utf-8",
        guessed: false,
      });
    }
  });
});

describe("an encoding that is named", () => {
  it("is taken, and no guess", async () => {
    const bytes = encode("windows-1252", row("Österreich"));
    const table = await readStationTable(bytes, "t.csv", "gb18030");
    expect(table).toMatchObject({ encoding: "gb18030", warnings: [], stations: [{ name: "謘terreich" }] });
    expect(await readStationTable(bytes, "t.csv", "windows-1252")).toMatchObject({
      encoding: "windows-1252",
      warnings: [],
      stations: [{ name: "Österreich" }],
    });
  });

  it("reads all that Windows-1252 has where Latin-1 has control characters", () => {
    const text = row("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ¡ÿ");
    expect(decodeText(encode("windows-1252", text), "t.csv", "windows-1252").text).toBe(text);
  });

  it.each([
    ["utf-8", encode("windows-1252", row("Österreich"))],
    ["utf-16le", Buffer.from(`\ufeff${row("x")}`, "utf16le").swap16()],
    ["windows-1252", Uint8Array.of(0x69, 0x81)],
    ["gb18030", Uint8Array.of(0x69, 0xff)],
  ] as const)("is refused where the table is not text in it: %s", (encoding, bytes) => {
    expect(() => decodeText(bytes, "t.csv", encoding)).toThrow(
      expect.objectContaining({
        tag: "UnsupportedFormat",
        message:
          `t.csv: is not text in ${encoding}. Valid choices: utf-8, utf-16le, utf-16be, gb18030, windows-1252. ` +
          "Without an encoding being named, it is found out",
      }),
    );
  });

  it.each([
    ["UTF-8", "utf-8"],
    ["utf8", "utf-8"],
    ["UTF-16", "utf-16le"],
    ["GB18030", "gb18030"],
    ["gbk", "gb18030"],
    ["GB2312", "gb18030"],
    ["Windows-1252", "windows-1252"],
    ["latin1", "windows-1252"],
    ["ISO-8859-1", "windows-1252"],
    ["cp1252", "windows-1252"],
  ])("may be called %s", (name, encoding) => {
    expect(parseEncoding(name)).toBe(encoding);
  });

  it.each(["", "mandarin", "shift_jis"])("is not %j", (name) => {
    expect(() => parseEncoding(name)).toThrow(
      expect.objectContaining({
        tag: "BadOption",
        message:
          `"${name}" is no encoding that station tables are read in. Valid choices: utf-8, utf-16le, utf-16be, gb18030, ` +
          "windows-1252. Save a table in another one as UTF-8",
      }),
    );
  });
});
