import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { book } from "../support/workbooks.ts";

const read = (...lines: string[]) => readStationTable(Buffer.from(["id,lat,lon", ...lines].join("\n")), "t.csv");
const readSheet = (...rows: (string | number)[][]) =>
  readStationTable(book("xlsx", [["id", "lat", "lon"], ...rows]), "t.xlsx");
const warned = (message: string) => [{ kind: "idsFromNumbers", message }];

describe("ids that have been numbers are warned of", () => {
  it("with decimals, and the run goes on without these", async () => {
    const { stations, warnings } = await read("06260.0,52.1,5.18", "10381.00,52.45,13.3");
    expect(stations.map(({ id }) => id)).toEqual(["06260", "10381"]);
    expect(warnings).toEqual(warned("2 ids written as a number with decimals: 06260.0, 10381.00"));
  });

  it("among texts with a zero in front", async () => {
    const { stations, warnings } = await readSheet(["06260", 52.1, 5.18], [10381, 52.45, 13.3], [10382, 52.5, 13.3]);
    expect(stations.map(({ id }) => id)).toEqual(["06260", "10381", "10382"]);
    expect(warnings).toEqual(
      warned("2 ids are numbers where others are text with a zero in front, such as 06260: 10381, 10382"),
    );
  });

  it("where a zero in front makes them the WMO number of the place", async () => {
    const { stations, warnings } = await read("6260,52.1,5.18", "10381,52.45,13.3", "7157,48.97,2.43");
    expect(stations.map(({ id }) => id)).toEqual(["6260", "10381", "7157"]);
    expect(warnings).toEqual(warned("2 ids are the WMO numbers of the place only with a zero in front: 6260, 7157"));
    expect((await readSheet([6260, 52.1, 5.18])).warnings).toEqual(
      warned("1 id is the WMO number of the place only with a zero in front: 6260"),
    );
    // As NOAA's Integrated Surface Database writes it, without its zero.
    expect((await read("62600,52.1,5.18")).warnings).toHaveLength(1);
  });

  it("with no more than five examples", async () => {
    const { warnings } = await read(...[1, 2, 3, 4, 5, 6].map((n) => `${n}.0,1,2`));
    expect(warnings).toEqual(warned("6 ids written as a number with decimals: 1.0, 2.0, 3.0, 4.0, 5.0 and 1 more"));
  });
});

describe("ids are not taken for such", () => {
  it.each([
    ["with their zeros", ["06260,52.1,5.18", "10381,52.45,13.3"]],
    ["of differing length that are texts", ["050001,30,110", "50001,40,120"]],
    ["of four digits of another kind", ["6260,39.8,116.5", "6261,39.9,116.5", "1001,52.1,5.2"]],
    ["of which few happen to be near", ["1048,51.13,13.75", "3987,52.38,13.06", "2932,51.43,12.24", "6305,49.8,9.9"]],
    ["with letters", ["a1.0,1,2", "GM000006260,52.1,5.2"].slice(1)],
  ])("%s", async (_, lines) => {
    expect((await read(...lines)).warnings).toEqual([]);
  });

  it("where all of a sheet are numbers", async () => {
    expect((await readSheet([10381, 52.45, 13.3], [54511, 39.8, 116.47])).warnings).toEqual([]);
  });
});
