import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";

const read = (text: string) => readStationTable(Buffer.from(text), "t.csv");
const station = { province: "", elevation: Number.NaN };

describe("a CSV", () => {
  it.each([
    ["commas", "id,name,lat,lon\na,x;y,1.5,2.5\n", "x;y"],
    ["semicolons", 'id;"name";lat;lon\na;"x;y";1.5;2.5\n', "x;y"],
    ["tabs", "id\tname\tlat\tlon\na\tx, y\t1.5\t2.5\n", "x, y"],
    ["semicolons, as a first line for spreadsheets says", "sep=;\nid;name;lat;lon\na;x,y;1.5;2.5\n", "x,y"],
    ["semicolons, below a title with commas", "Stations, of all sorts, 2020\n\nid;name;lat;lon\na;x;1.5;2.5", "x"],
  ])("may be separated by %s", async (_, text, name) => {
    expect((await read(text)).stations).toEqual([{ ...station, id: "a", name, lat: 1.5, lon: 2.5 }]);
  });

  it("may have a quote where another delimiter would open a value that never closes", async () => {
    const { stations } = await read('id;name;lat;lon\na;x,"y;1.5;2.5\n');
    expect(stations[0]?.name).toBe('x,"y');
  });

  it("may end its lines in any way, even in several", async () => {
    const { stations } = await read("id,lat,lon\r\na,1,2\nb,3,4\r\nc,5,6\rd,7,8");
    expect(stations.map(({ id, lon }) => [id, lon])).toEqual([
      ["a", 2],
      ["b", 4],
      ["c", 6],
      ["d", 8],
    ]);
  });

  it("numbers its rows as a spreadsheet does: blank lines count, line breaks in quotes do not", async () => {
    const table = await read(
      '\n"a title\nof two lines"\nid,name,lat,lon\n\na,"x\n\ny",99,2\r\n,z,1,2\n\n"b",z,1,2\nb,z,1,2',
    );
    expect(table.rejected.map(({ row, kind }) => [row, kind])).toEqual([
      [5, "coordinate"],
      [9, "duplicate"],
    ]);
    expect(table.emptyRows).toEqual([6]);
  });

  it("keeps the zeros of an id, and reads 50000.0 as 50000", async () => {
    const { stations } = await read('id,lat,lon\n050000,1,2\n50000.0,1,2\n"051",1,2');
    expect(stations.map(({ id }) => id)).toEqual(["050000", "50000", "051"]);
  });

  it("may have the mark of seconds without quoting it", async () => {
    const { stations } = await read('id,lat,lon\na,39°48\'30"N,116°28\'30"E\nb,"39°48\'30""N",1.5\n');
    expect(stations.map(({ id, lat }) => [id, lat])).toEqual([
      ["a", 39 + 48 / 60 + 30 / 3600],
      ["b", 39 + 48 / 60 + 30 / 3600],
    ]);
  });

  it.each(['id,name,lat,lon\na,"x,1,2\nb,y,1,2\n', `id,name,lat,lon\n${"b,y,1,2\n".repeat(30)}a,"x,1,2\n`])(
    "is refused with a quote that does not close, near the header or far from it",
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({
        tag: "BadTable",
        message: expect.stringMatching(
          /^t\.csv: the CSV cannot be read \(Quote Not Closed: .*line \d+\)\. Close every quoted value, and write a quote in one as two quotes$/,
        ),
      });
    },
  );

  it("without a header is shown by the delimiter that divides it most", async () => {
    await expect(read("站名;经度;a,b\n")).rejects.toMatchObject({
      tag: "BadTable",
      message: expect.stringContaining('row 1 ("站名", "经度", "a,b") lacks id and lat'),
    });
  });

  it.each(["\n", "\r", "\r\n"])("of too many lines that end in %j is refused before it is parsed", async (end) => {
    await expect(read(`id,lat,lon${end}${end.repeat(250_001)}`)).rejects.toMatchObject({
      tag: "TooLarge",
      message: expect.stringContaining("has more than 250000 rows"),
    });
  });

  it("with a line of over a million letters is refused", async () => {
    await expect(read(`id,lat,lon\n${",".repeat(2 ** 20 + 1)}\n`)).rejects.toMatchObject({
      tag: "BadTable",
      message: "t.csv: line 2 has more than 1048576 letters. Give a table with one station in a line",
    });
  });

  it("of more than four million values is refused", async () => {
    const line = `${",".repeat(2 ** 19)}\n`;
    await expect(readStationTable(Buffer.from(`id,lat,lon\n${line.repeat(9)}`), "t.csv")).rejects.toMatchObject({
      tag: "TooLarge",
      message: "t.csv: has more than 4194304 values. Keep the columns of the stations alone",
    });
  });

  it("of more than 256 MB is refused", async () => {
    await expect(readStationTable(new Uint8Array(2 ** 28 + 1), "t.csv")).rejects.toMatchObject({
      tag: "TooLarge",
      message: "t.csv: has 256 MB; at most 256 MB are read. Keep the station table alone",
    });
  });
});
