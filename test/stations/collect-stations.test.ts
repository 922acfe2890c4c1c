import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";

const read = (...lines: string[]) => readStationTable(Buffer.from(lines.join("\n")), "t.csv");

describe("the stations of a table", () => {
  it("have what the table has: no name, province or elevation column is needed", async () => {
    expect(await read("id,lat,lon", "a,1.5,2.5")).toEqual({
      stations: [{ id: "a", name: "", province: "", lat: 1.5, lon: 2.5, elevation: Number.NaN }],
      rejected: [],
      emptyRows: [],
      warnings: [],
      encoding: "utf-8",
    });
  });

  it("keep any name, on one line, without control characters and other directions", async () => {
    const { stations } = await read(
      "id,name,province,lat,lon",
      'a,"  São\u0007 \n 三亚; ""x""  ",\u00a0海\u202e\u2067南\u3000,1,2',
    );
    expect(stations[0]).toMatchObject({ name: 'São 三亚; "x"', province: "海南" });
  });

  it("may have an elevation that is no number, as it is not computed with", async () => {
    const { stations } = await read("id,lat,lon,elev", "a,1,2,约500", "b,1,2,-12.5", "c,1,2,Infinity");
    expect(stations.map(({ elevation }) => elevation)).toEqual([Number.NaN, -12.5, Number.NaN]);
  });

  it("may have decimal commas; one before three digits, which may be thousands, leaves the elevation open", async () => {
    const { stations } = await read("id;lat;lon;elev", "a;52,97;-122,51;31,3", "b;1,5;2,5;1,234");
    expect(stations.map(({ lat, lon, elevation }) => [lat, lon, elevation])).toEqual([
      [52.97, -122.51, 31.3],
      [1.5, 2.5, Number.NaN],
    ]);
    const quotes = await read("id,lat,lon", 'a,"52,97","-122,51"');
    expect(quotes.stations).toMatchObject([{ lat: 52.97, lon: -122.51 }]);
  });
});

describe("rows with an empty cell", () => {
  it("are dropped and counted, be it any recognised column and any of pandas' words for missing", async () => {
    const table = await read(
      "id,name,lat,lon,note",
      "a,A,1,2,",
      ",B,1,2,x",
      "c, ,1,2,x",
      "d,D,NaN,2,x",
      "e,E,1,N/A,x",
      "f,F,1",
    );
    expect(table.stations.map(({ id }) => id)).toEqual(["a"]);
    expect(table.emptyRows).toEqual([3, 4, 5, 6, 7]);
    expect(table.rejected).toEqual([]);
  });

  it("are not counted where no recognised column is filled", async () => {
    const table = await read("id,lat,lon,note", "a,1,2,", "", ",,,", ",,,a footnote", "b,1,2,", "", "");
    expect(table.stations.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(table.emptyRows).toEqual([]);
  });
});

describe("rows that cannot be used", () => {
  it("are rejected with their row, their id and why, and the others are read", async () => {
    const { stations, rejected } = await read(
      "区站号,站名,纬度(度分),经度(度分)",
      "1,a,3960N,10515E",
      "2,b,3948N,3948N",
      "../3,c,3948N,10515E",
      "nul,d,3948N,10515E",
      "5,e,3948N,10515E",
      "区站号,站名,纬度,经度",
    );
    expect(stations.map(({ id }) => id)).toEqual(["5"]);
    expect(rejected).toEqual([
      { row: 2, id: "1", kind: "coordinate", reason: 'latitude "3960N" has 60 minutes: they go from 0 to 59' },
      { row: 3, id: "2", kind: "coordinate", reason: 'longitude "3948N" has the letter N: a longitude has E or W' },
      {
        row: 4,
        kind: "id",
        reason: 'id "../3" cannot be a file name: an id is 1 to 64 letters A-Z or a-z, digits, _ and -',
      },
      { row: 5, kind: "id", reason: 'id "nul" is a device name on Windows and cannot be a file name' },
      { row: 7, kind: "id", reason: expect.stringContaining('id "区站号" cannot be a file name') },
    ]);
  });

  it("are those after the first usable one with an id, in either case", async () => {
    const { stations, rejected } = await read("id,lat,lon", "Ab,99,1", "ab,1,1", "AB,2,2", "ab,3,3", "abc,4,4");
    expect(stations.map(({ id, lat }) => [id, lat])).toEqual([
      ["ab", 1],
      ["abc", 4],
    ]);
    expect(rejected.map(({ row, kind }) => [row, kind])).toEqual([
      [2, "coordinate"],
      [4, "duplicate"],
      [5, "duplicate"],
    ]);
    expect(rejected[1]).toEqual({
      row: 4,
      id: "AB",
      kind: "duplicate",
      reason: "id AB is that of row 3 already, written ab: letter case does not tell files apart",
    });
    expect(rejected[2]?.reason).toBe("id ab is that of row 3 already");
  });

  it("are those of a CSV that a comma has shifted: 39,8 must not become 39 and 8", async () => {
    const { stations, rejected } = await read("id,lat,lon", "a,39,8,116,5", "b,39.8,116.5", "c,1,2,,");
    expect(stations.map(({ id, lon }) => [id, lon])).toEqual([
      ["b", 116.5],
      ["c", 2],
    ]);
    expect(rejected).toEqual([
      {
        row: 2,
        id: "a",
        kind: "fields",
        reason:
          "the row has 5 fields and the header 3: put quotes around a value with a delimiter in it, and write 39.8 for 39,8",
      },
    ]);
  });
});

describe("a table without a usable row", () => {
  it("is refused with the number of rows and the first three reasons, in their order", async () => {
    await expect(read("id,lat,lon", "a,1,", "b,91,2", "c d,1,2", "e,1,x", "")).rejects.toMatchObject({
      tag: "BadTable",
      message:
        "t.csv: none of its 4 rows is usable. row 2: a cell is empty. " +
        'row 3: latitude "91" is off the globe: it lies between -90 and 90 degrees; degrees and minutes need 度分 in the header. ' +
        'row 4: id "c d" cannot be a file name: an id is 1 to 64 letters A-Z or a-z, digits, _ and -',
    });
  });

  it("is refused where it ends with its header", async () => {
    await expect(read("id,lat,lon", "")).rejects.toMatchObject({
      tag: "BadTable",
      message: "t.csv: there are no rows below its header. Write a row for each station",
    });
  });
});
