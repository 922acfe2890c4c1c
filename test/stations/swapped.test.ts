import { describe, expect, it } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { looksSwapped } from "../../lib/stations/swapped.ts";

const read = (...lines: string[]) => readStationTable(Buffer.from(["id,lat,lon", ...lines].join("\n")), "t.csv");
const swap = (line: string) => line.replace(/,(.*),(.*)/, ",$2,$1");

/** Real stations with their WMO numbers. */
const CHINA = ["54511,39.8,116.47", "58362,31.4,121.45", "51463,43.78,87.65", "55591,29.67,91.13"];
const EUROPE = ["10381,52.45,13.30", "11035,48.25,16.36", "07157,48.97,2.43", "08221,40.45,-3.55", "03772,51.48,-0.45"];

const swapped = (message: unknown) => [{ kind: "coordinatesSwapped", message }];

describe("a table with latitude and longitude swapped", () => {
  it("is refused where no row is on the globe, and says so", async () => {
    await expect(read(...CHINA.slice(0, 2).map(swap))).rejects.toMatchObject({
      tag: "BadTable",
      message:
        't.csv: none of its 2 rows is usable. row 2: latitude "116.47" and longitude "39.8" look swapped: they can be used ' +
        'only the other way round. row 3: latitude "121.45" and longitude "31.4" look swapped: they can be used only the ' +
        "other way round. Exchange the titles of the two columns",
    });
  });

  it("warns of the rows that run where most do not", async () => {
    const table = await read(...[...CHINA, "x,30,120"].slice(0, 3).map(swap));
    expect(table.stations.map(({ id }) => id)).toEqual(["51463"]);
    expect(table.rejected.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('latitude "116.47" and longitude "39.8" look swapped'),
      expect.stringContaining("look swapped"),
    ]);
    expect(table.warnings).toEqual(
      swapped(
        "latitude and longitude look swapped: 2 rows can be used only the other way round, so the others may be wrong, too",
      ),
    );
  });

  it("is seen by the letters of the hemispheres, and in columns of degrees and minutes", async () => {
    await expect(read("1,116.47E,39.8N", "2,13.3E,52.45N")).rejects.toThrow(
      '"13.3E" and longitude "52.45N" look swapped',
    );
    const csv = "id,lat (ddmm),lon (ddmm)\n1,11628,3948\n2,12145,3124";
    await expect(readStationTable(Buffer.from(csv), "t.csv")).rejects.toThrow("look swapped");
  });

  it("is seen where most of the world's stations are on the globe either way", async () => {
    const world = [...EUROPE, ...CHINA, "94767,-33.95,151.18", "72509,42.36,-71.01", "68816,-33.97,18.6"];
    const ids = (lines: string[]) => lines.map((line, i) => line.replace(/^\d+/, `s${i}`));
    const { warnings, rejected } = await read(...ids(world).map(swap));
    expect(rejected).toHaveLength(4);
    expect(warnings).toEqual(swapped(expect.stringContaining("4 rows can be used only the other way round")));
    expect((await read(...ids(world))).warnings).toEqual([]);
  });

  it("runs with a warning where all rows are on the globe and WMO numbers say where they should be", async () => {
    const { stations, warnings } = await read(...EUROPE.map(swap));
    expect(stations).toHaveLength(5);
    expect(warnings).toEqual(
      swapped(
        "latitude and longitude look swapped: 5 of 5 stations with a WMO number lie where it says only the other way round, " +
          "such as 10381 at latitude 13.3, longitude 52.45",
      ),
    );
    expect((await read(...EUROPE)).warnings).toEqual([]);
  });
});

describe("no table is taken for swapped", () => {
  it.each([
    ["for single rows that are", [...EUROPE, "1,116.47,39.8"]],
    ["for slips of other kinds", ["1,52.45,13.3", "2,91,13.3", "3,x,13.3", "4,5 2,13"]],
    ["where other longitudes are no latitudes", [...CHINA, "1,116,39", "2,117,39", "3,118,39", "4,30,120"]],
  ])("%s", async (_, lines) => {
    const { warnings, rejected } = await read(...lines);
    expect(warnings).toEqual([]);
    expect(rejected.map(({ reason }) => reason).join()).not.toContain("swapped");
  });

  it("by ids that are no WMO numbers, or whose stations are near where these say", () => {
    const station = (id: string, lat: number, lon: number) => ({ id, lat, lon, name: "", province: "", elevation: 0 });
    expect(looksSwapped([])).toBe(false);
    expect(looksSwapped([station("a", 13.3, 52.45), station("1", 13.3, 52.45), station("123456", 13, 52)])).toBe(false);
    expect(looksSwapped([station("10381", 13.3, 52.45), station("11035", 48.25, 16.36)])).toBe(false);
    expect(looksSwapped([station("62366", 30.1, 31.4)])).toBe(false);
    expect(looksSwapped([station("72509", 42.36, 288.99)])).toBe(false);
    expect(looksSwapped([station("103810", 13.3, 52.45)])).toBe(true);
  });
});
