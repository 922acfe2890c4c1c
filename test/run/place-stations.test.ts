import { describe, expect, test } from "vitest";
import type { Product } from "../../lib/run/product.ts";
import type { RunPlan } from "../../lib/run/records.ts";
import { archive, claimed, NOW, PRODUCT, stationTable } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../support/classic.ts";

/** The observations: cells of 20 degrees, whose corners are some 1500 km away. */
const OBSERVATIONS = () => archive([0, 20, 40], [100, 120, 140], counting(0, 89));
/** The forecast, over the same region and some more. */
const FORECAST = () =>
  classicFile({
    variable: "anom",
    axes: { TIME: monthsOf(1997, 6), LAT: latitudes(...counting(-10, 61)), LON: longitudes(...counting(90, 61)) },
  });

/** The plan of a run of these stations whose product allows so many kilometres; by default says nothing of them. */
async function planOf(rows: readonly string[], maxDistanceKm?: number, forecast = FORECAST()): Promise<RunPlan> {
  const { maxDistanceKm: _, ...series } = PRODUCT.series;
  const product: Product = { ...PRODUCT, series: { ...series, maxDistanceKm } };
  const paths = { observations: OBSERVATIONS(), forecast, stations: stationTable(...rows) };
  return (await claimed(paths, NOW, product)).plan();
}

const of = ({ warnings }: RunPlan, kind: string) => warnings.filter((warning) => warning.kind === kind);

describe("a station", () => {
  test("within a cell, but far from its centre in kilometres, is told of", async () => {
    const plan = await planOf(["near,x,3.5,100", "far,x,4,100"]);
    expect(plan.stations).toMatchObject({ planned: 2, tooFar: 0 });
    expect(of(plan, "cellFar")).toEqual([
      {
        kind: "cellFar",
        message: "the centre of the nearest cell of the observations is 444.8 km away",
        station: "far",
        cell: { lat: 0, lon: 100 },
        distanceKm: 444.8,
      },
    ]);
  });

  test("that is too far away is not written, counted and named with its distance and cell", async () => {
    const plan = await planOf(["in,x,4.4,100", "out,x,4.6,100", "out2,x,9,240"]);
    expect(plan.stations).toMatchObject({ planned: 1, tooFar: 2 });
    expect(plan.chunks).toMatchObject([{ stations: 1 }]);
    expect(of(plan, "cellTooFar")).toEqual([
      {
        kind: "cellTooFar",
        message:
          "station out was not written: the nearest cell of the observations, 0° N, 100° E, is 511.5 km away, and 500 km are allowed",
        station: "out",
        cell: { lat: 0, lon: 100 },
        distanceKm: 511.5,
      },
      {
        kind: "cellTooFar",
        message: expect.stringMatching(/^station out2 was not written: .*, 0° N, 140° E, is 11\d{3}\.\d km away/),
        station: "out2",
        cell: { lat: 0, lon: 140 },
        distanceKm: expect.any(Number),
      },
    ]);
    // It is not also called far.
    expect(of(plan, "cellFar").map(({ station }) => station)).toEqual(["in"]);
  });

  test("may be as far away as its product allows", async () => {
    const rows = ["corner,x,10,110"];
    expect(of(await planOf(rows, 1600), "cellFar")).toHaveLength(1);
    expect(of(await planOf(rows, 2000), "cellFar")).toEqual([]);
    expect((await planOf([...rows, "centre,x,0,100"], 100)).stations).toMatchObject({ planned: 1, tooFar: 1 });
  });

  test("near the observations and too far from the forecast is not written either", async () => {
    const axes = { TIME: monthsOf(1997, 6), LAT: latitudes(0, 1), LON: longitudes(100, 101) };
    const forecast = classicFile({ variable: "anom", axes });
    const plan = await planOf(["in,x,0,100", "out,x,20,120"], undefined, forecast);
    expect(of(plan, "cellTooFar").map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^station out was not written: the nearest cell of the forecast, 1° N, 101° E, is 29\d\d\./,
      ),
    ]);
  });
});

test("a table whose every station is too far away is refused, with the nearest one", async () => {
  await expect(planOf(["a,x,-60,240", "b,x,10,110"])).rejects.toMatchObject({
    tag: "BadTable",
    message:
      "stations/stations.xls: none of its 2 stations is within 500 km of a cell of both observations and forecast. The nearest, b, is 1544.8 km from the cell of the observations at 20° N, 120° E. Check its coordinates and the region of both files; for a coarse grid set series.maxDistanceKm of the product",
  });
});
