import { describe, expect, test } from "vitest";
import { makeAxis } from "../../lib/grid/axis.ts";
import type { GridDescription } from "../../lib/grid/description.ts";
import { placeStations } from "../../lib/run/place-stations.ts";
import type { StationsRecord } from "../../lib/run/records.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { counting } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { golden } from "../support/golden.ts";
import { METHODS, type MethodName, type MethodsGolden, methodRun } from "../support/methods.ts";

const expected = golden<MethodsGolden>("methods/expected.json");
const NAMES = Object.keys(METHODS) as MethodName[];
const MONTHS = 24;

/** The values of a CSV; null is missing. */
function valuesOf(csv: string): (number | null)[] {
  return csv
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[1]!)
    .map((text) => (text === "" ? null : Number(text)));
}

const at = (name: "global" | "regional" | "forecast", id: string) =>
  expected[name].stations.find((station) => station.id === id)!;

describe("a run with the method", () => {
  test("of each writes what pandas writes of xarray's and CDO's series, and again of what was kept", async () => {
    // One store: what is kept for the next run of one method is not to be taken for that of another.
    const store = folderStore(temporaryFolder());
    for (const now of ["2003-01-05 00:00:00", "2003-01-06 00:00:00"]) {
      for (const name of NAMES) {
        const { csv, manifest } = await methodRun({ method: METHODS[name], store, now });
        expect(manifest).toMatchObject({ status: "complete", counts: { written: expected.places.length } });
        for (const [id] of expected.places) expect(await csv(id), `${name} ${id}`).toBe(expected.csv[name][id]);
      }
    }
  });

  test.each(NAMES)(
    "%s in double precision is xarray's but for the last bits, from a region of the archive, too",
    async (name) => {
      for (const only of [undefined, ["inside", "sea"]]) {
        const { csv, manifest, about } = await methodRun({ method: METHODS[name], archive: "regional", only });
        // That of the cells around two stations; those within 900 km are most of the archive.
        const isRegion = only !== undefined && (name === "nearest" || name === "bilinear");
        expect(manifest.grid!.id.includes("-lats")).toBe(isRegion);
        expect(about.stations.length).toBeGreaterThan(1);
        for (const { id } of about.stations) {
          // Sums in another order differ by some units in the last of 16 digits.
          expectClose(valuesOf(await csv(id)).slice(0, MONTHS), at("regional", id)[name].values, 1e-13);
        }
      }
    },
  );

  test("bilinear is CDO's remapbil wherever that has a value, to half a unit of what single precision holds", async () => {
    const { csv } = await methodRun({ method: "bilinear" });
    let compared = 0;
    for (const [id] of expected.places) {
      const theirs = [at("global", id).bilinear.cdo, at("forecast", id).bilinear.cdo];
      const [past, ahead] = theirs.map((values, i) => values ?? Array<null>([MONTHS, 2][i]!).fill(null));
      valuesOf(await csv(id)).forEach((value, i) => {
        const their = [...past!, ...ahead!][i] ?? null;
        if (their === null) return;
        compared++;
        expect(Math.abs(value! - their), `${id} ${i}`).toBeLessThan(Math.abs(their) * 2 ** -24 + 1e-9);
      });
    }
    expect(compared).toBeGreaterThan(100);
  });
});

function expectClose(ours: readonly (number | null)[], theirs: readonly (number | null)[], part: number): void {
  expect(ours.map((value) => value === null)).toEqual(theirs.map((value) => value === null));
  ours.forEach((value, i) => expect(Math.abs((value ?? 0) - (theirs[i] ?? 0))).toBeLessThanOrEqual(part * 10));
}

describe("a run of nearestValid", () => {
  const runOf = (...only: string[]) => methodRun({ method: METHODS.nearestValid, only });

  test("has the cell that CDO finds in the receipt, and all that were looked at in stations.json", async () => {
    const run = await methodRun({ method: METHODS.nearestValid });
    for (const { id, nearestValid } of expected.global.stations) {
      const chosen = run.receipt.cells![id]!;
      const theirs = nearestValid.cell === null ? [] : [nearestValid.cell];
      expect([id, ...chosen.map(({ cell }) => cell)]).toEqual([id, ...theirs]);
      const { cells } = run.about.stations.find((station) => station.id === id)!;
      expect(cells).toEqual(expect.arrayContaining([...chosen]));
    }
    expect(run.about.method).toEqual(METHODS.nearestValid);
    const [i, j] = at("forecast", "sea").nearestValid.cell!;
    const ahead = { cell: [i, j], lat: expected.forecast.lat[i], lon: expected.forecast.lon[j], weight: 1 };
    expect(run.about.stations.find(({ id }) => id === "sea")!.forecastCells).toEqual([ahead]);
  });

  test("has the chosen cell and its distance in the table", async () => {
    const run = await runOf("sea", "gap");
    const [header, ...rows] = (await run.table())
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const cell = (id: string) => {
      const row = rows.find(([first]) => first === id)!;
      return ["cell_lat", "cell_lon", "distance_km"].map((name) => Number(row[header!.indexOf(name)]));
    };
    // Its nearest cell, 120° E, is missing.
    expect(cell("sea")).toEqual([22.5, 127.5, 749.7]);
    expect(cell("gap")).toEqual([37.5, 105, 103.9]);
  });

  test("warns of a station with no such cell, and of the months that the chosen one lacks", async () => {
    const run = await runOf("lone", "gap");
    const of = (kind: string) => run.manifest.warnings.filter((warning) => warning.kind === kind);
    const tried = run.about.stations.find(({ id }) => id === "lone")!.cells!.length;
    expect(of("cellMissing")).toMatchObject([
      {
        station: "lone",
        message: `none of the ${tried} cells that series.method takes has anomalies, as they have no observations, or none in the baseline: all are written `,
      },
    ]);
    expect(of("monthsMissing").map(({ station, message }) => `${station}: ${message}`)).toContain(
      "gap: its cell lacks 4 of 24 months: they are written ",
    );
  });
});

describe("a run of a method", () => {
  test("of several cells has them with their weights in stations.json, chunk and receipt", async () => {
    const { about, chunk, receipt } = await methodRun({ method: "bilinear", only: ["seam"] });
    // 12.25° N lies between 7.5 and 15, and 352.5° E at a centre; positions are those on the axes of the region.
    expect(about.stations[0]!.cells).toEqual([
      { cell: [1, 0], lat: 15, lon: 352.5, weight: expect.closeTo(4.75 / 7.5, 12) },
      { cell: [0, 0], lat: 7.5, lon: 352.5, weight: expect.closeTo(2.75 / 7.5, 12) },
    ]);
    expect(about.stations[0]!.cells).toEqual(chunk.stations[0]!.cells);
    expect(receipt.cells!["seam"]).toEqual(about.stations[0]!.cells);
    expect(chunk.method).toBe("bilinear");
  });

  test("that finds no cell warns of it, in both grids", async () => {
    const { manifest } = await methodRun({ method: { box: { km: 1 } }, only: ["inside"] });
    expect(manifest.warnings.map(({ kind, message }) => `${kind}: ${message}`)).toEqual(
      expect.arrayContaining([
        "cellMissing: no centre of a cell of the observations lies in the box of series.method: all are written ",
        "forecastMissing: the forecast lacks 2 of 2 leads there, in all cells that series.method takes: they are written ",
      ]),
    );
    expect(manifest.counts).toMatchObject({ usable: 0, withoutObservations: 1, withoutForecast: 1 });
  });

  test("rebases a forecast at the cells that the observations are from", async () => {
    const rebase = { rebase: true, baseline: [2001, 2001] };
    for (const name of ["nearestValid", "bilinear", "boxKm"] as const) {
      const { csv } = await methodRun({ method: METHODS[name], forecast: rebase, only: ["seam", "sea", "corner"] });
      for (const id of ["seam", "sea", "corner"]) {
        const written = valuesOf(await csv(id));
        // Against the mean of two years, a first year's climatology is its anomaly.
        const plain = at("forecast", id)[name].values;
        const shifts = [1, 2].map((month) => at("global", id)[name].values[month]!);
        written
          .slice(MONTHS)
          .forEach((value, i) => expect(value, `${name} ${id}`).toBeCloseTo(plain[i]! + shifts[i]!, 5));
      }
    }
  });

  test("shows on its page the series that it wrote", async () => {
    const { page } = await methodRun({ method: "bilinear", only: ["seam", "west", "inside"] });
    const [, json] = /<script[^>]*type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(await page())!;
    const { stations } = JSON.parse(json!) as { stations: { series: number[] } };
    // Two stations of one place share theirs.
    expect(new Set(stations.series).size).toBe(2);
    expect(Math.min(...stations.series)).toBe(0);
  });

  test("nearest is as one without, and tells of no more cells", async () => {
    const [said, unsaid] = [await methodRun({ method: "nearest" }), await methodRun({})];
    const bare = ({ stations }: StationsRecord) => stations.map((station) => ({ ...station, key: "" }));
    expect(bare(said.about)).toEqual(bare(unsaid.about));
    for (const record of [said.about, said.chunk, said.receipt, ...said.about.stations]) {
      for (const field of ["method", "cells", "forecastCells"]) expect(record).not.toHaveProperty(field);
    }
  });
});

test("stations with more cells than a run can carry are refused with what to do", () => {
  const axis = counting(0, 200).map((i) => i / 10);
  const stations = counting(0, 30).map((i) => ({
    id: `s${i}`,
    name: "",
    province: "",
    lat: 10,
    lon: 110,
    elevation: 0,
  }));
  const lon = axis.map((degrees) => 100 + degrees);
  const grid = { lat: axis, lon, observations: { key: "a.nc", etag: "" } } as unknown as GridDescription;
  const forecast = { lat: makeAxis("latitude", axis, "f.nc"), lon: makeAxis("longitude", lon, "f.nc") };
  const options = { file: "stations.csv", maxDistanceKm: 500, method: { box: { degrees: 10 } } } as const;
  expect(() => placeStations(stations, grid, forecast, options)).toThrow(
    /stations\.csv: its stations take values from more than 1000000 cells.*Set fewer km or degrees in series\.method/,
  );
  expect(placeStations(stations.slice(0, 10), grid, forecast, options).stations).toHaveLength(10);
});
