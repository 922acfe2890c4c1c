import { expect, test } from "vitest";
import { asWritten } from "../../lib/report/report.ts";
import type { Receipt } from "../../lib/run/chunk-records.ts";
import type { StationsRecord, TableStation } from "../../lib/run/records.ts";

const station = (id: string): TableStation => ({
  id,
  key: `${id}.csv`,
  name: "",
  province: "",
  lat: 0,
  lon: 0,
  elevation: null,
  cell: [0, 0],
  cellLat: 0,
  cellLon: 0,
  distanceKm: 0,
  forecast: [1, null],
  spread: { low: [0.5, null], high: [2, null] },
});

test("the spread of a forecast that is rebased moves with it; of what was not written there is none", () => {
  const about: StationsRecord = {
    variable: { name: "air" },
    baseline: [1991, 2020],
    seconds: [],
    stations: [station("a"), station("b")],
  };
  const receipt: Receipt = {
    runId: "r",
    chunkId: "0001",
    digest: "",
    stations: 1,
    use: { usable: 1, withoutObservations: 0, withoutForecast: 0 },
    warnings: [],
    seconds: 0,
    rebased: { a: [4, null] },
  };
  const { stations } = asWritten(about, [receipt]);
  expect(stations.map(({ spread }) => spread)).toEqual([
    { low: [3.5, null], high: [5, null] },
    { low: [null, null], high: [null, null] },
  ]);
});
