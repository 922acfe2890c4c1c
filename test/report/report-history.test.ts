import { expect, test } from "vitest";
import { reportHistory } from "../../lib/report/report-history.ts";
import type { TableStation } from "../../lib/run/records.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { temporaryFolder } from "../support/folder.ts";

const station = (i: number): TableStation => ({
  id: `s${i}`,
  name: "",
  province: "",
  lat: 30 + i / 1000,
  lon: 100,
  elevation: null,
  key: `prec/f/s${i}.csv`,
  cell: [i, 0],
  cellLat: 30,
  cellLon: 100,
  distanceKm: 0,
  forecast: [0],
});

test.each([
  ["cells", 4001, 10],
  // Of which a step that packs them into a page was searched for without end.
  ["values, as a daily archive has,", 3000, 15_000],
])("of too many %s no series is shown, and none is read", async (_, count, months) => {
  const about = {
    stations: Array.from({ length: count }, (__, i) => station(i)),
    seconds: Array.from({ length: months }, (__, i) => i * 86_400),
  };
  // A store without a grid: to read of it would fail.
  const history = await reportHistory(folderStore(temporaryFolder()), "none", about, new Set());
  expect(history).toMatchObject({ cells: [], packed: null });
});
