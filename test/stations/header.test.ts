import { describe, expect, it } from "vitest";
import { type Row, toCell } from "../../lib/stations/cells.ts";
import { findHeader, noHeader } from "../../lib/stations/header.ts";

/** Rows 1, 2, … of texts separated by bars. */
const rows = (...lines: string[]): Row[] =>
  lines.map((line, i) => ({ number: i + 1, cells: line.split("|").map(toCell) }));

const find = (...lines: string[]) => findHeader(rows(...lines), "t.csv");

describe("findHeader", () => {
  it("knows the titles of the field, in any order", () => {
    expect(find("省份|区站号|站名|纬度(度分)|经度(度分)|观测场海拔高度(米)")).toEqual({
      row: 1,
      columns: new Map([
        ["province", 0],
        ["id", 1],
        ["name", 2],
        ["lat", 3],
        ["lon", 4],
        ["elevation", 5],
      ]),
      notation: { lat: "degreesMinutes", lon: "degreesMinutes" },
    });
    expect(find("经度|纬度|台站号")?.columns).toEqual(
      new Map([
        ["lon", 0],
        ["lat", 1],
        ["id", 2],
      ]),
    );
  });

  it.each([
    "USAF|STATION NAME|STATE|LAT|LON|ELEV(M)",
    "Station_ID|station-name|Province|Latitude (deg)|Longitude [degrees_east]|Altitude (m)",
    "站号|名称|省名|纬度 (°)|经度（十进制）|高程（ 米 ）",
    "ｗｍｏ|台站名|省|Lat|Lng|height",
    "id|name|region|lat (Decimal Degrees)|long|Elevation",
  ])("knows %s as the same six columns in degrees", (line) => {
    const header = find(line);
    expect([...(header?.columns ?? [])].sort((a, b) => a[1] - b[1]).map(([name]) => name)).toEqual([
      "id",
      "name",
      "province",
      "lat",
      "lon",
      "elevation",
    ]);
    expect(header?.notation).toEqual({ lat: "degrees", lon: "degrees" });
  });

  it("reads the notation of each column on its own", () => {
    expect(find("id|纬度（ 度分 ）|lon")?.notation).toEqual({ lat: "degreesMinutes", lon: "degrees" });
    expect(find("id|lat (ddmm)|lon (dddmm)")?.notation).toEqual({ lat: "degreesMinutes", lon: "degreesMinutes" });
  });

  it("passes over rows above the header, 19 of them", () => {
    const blank = Array.from({ length: 19 }, (_, i) => (i === 3 ? "中国站点表" : ""));
    expect(find(...blank, "id|lat|lon")?.row).toBe(20);
    expect(find("", ...blank, "id|lat|lon")).toBeUndefined();
  });

  it("takes neither part of a title for the title nor a row without one of the three", () => {
    expect(find("id|latest|lon")).toBeUndefined();
    expect(find("id|lat|name")).toBeUndefined();
  });

  it.each([
    ["id|纬度|Lat|lon", "t.csv: row 1 has 2 lat columns: 纬度, Lat. Rename or delete all but one"],
    ["id|wmo|lat|lon", "t.csv: row 1 has 2 id columns: id, wmo. Rename or delete all but one"],
    ["id|lat|lon|elev|height", "t.csv: row 1 has 2 elevation columns: elev, height. Rename or delete all but one"],
    [
      "id|lat (rad)|lon",
      "t.csv: row 1: the unit of the column lat (rad) is not understood. Valid choices: 度分, ddmm, 度, degrees. Convert the column; one without a unit is read as degrees",
    ],
    [
      "id|lat|lon|海拔(0.1米)",
      "t.csv: row 1: the unit of the column 海拔(0.1米) is not understood. Valid choices: 米, m. Convert the column; one without a unit is read as metres",
    ],
  ])("refuses %s", (line, message) => {
    expect(() => find(line)).toThrow(expect.objectContaining({ name: "InputError", tag: "BadTable", message }));
  });
});

describe("noHeader", () => {
  it("names what the likeliest row lacks, and what it would be called", () => {
    const error = noHeader(rows("站点表", "省份|站名|经度(度分)", "a|b|c"), "t.csv");
    expect(error.tag).toBe("BadTable");
    expect(error.message).toBe(
      't.csv: none of its first 20 rows names all of id, lat and lon; row 2 ("省份", "站名", "经度(度分)") lacks id and lat. ' +
        "Accepted names: id: 区站号 站号 台站号 id station stationid wmo wmoid usaf; lat: 纬度 lat latitude; lon: 经度 lon long lng longitude",
    );
  });

  it("shows the first row with anything in it where no title is known, and not all of a wide one", () => {
    expect(noHeader(rows("", "x|y"), "t.csv").message).toContain('row 2 ("x", "y") lacks id and lat and lon');
    expect(noHeader(rows(Array.from({ length: 13 }, (_, i) => i).join("|")), "t.csv").message).toContain(
      '"11" and 1 more)',
    );
  });

  it("tells blank rows", () => {
    expect(noHeader(rows("", "|"), "t.csv").message).toMatch(
      /^t\.csv: its first 20 rows are blank\. Accepted names: id/,
    );
  });
});
