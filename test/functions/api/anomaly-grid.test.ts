import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  computeAnomalyGrid,
  folderStore,
  isInputError,
  runLocally,
  storeAnomalyGrid,
} from "../../../functions/api/index.ts";
import { observations } from "../../support/bad-input.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, float32, float64, golden } from "../../support/golden.ts";
import type { GridGolden } from "../../support/grid.ts";
import { openGroup } from "../../support/zarr.ts";

test.each([
  ["grid/packed.nc", "air", "packed"],
  ["run/precip.mon.mean.nc", "precip", "precip"],
  ["run/precip.classic.nc", "precip", "precip"],
])("the anomalies of %s are xarray's to the last bit, in memory and stored", async (file, variable, name) => {
  const { firstMonth, baseline, shape, lat, lon, seconds, anomalies } = golden<GridGolden>(
    `grid/${name}.expected.json`,
  );
  const request = { variable, firstMonth, baseline };
  const grid = await computeAnomalyGrid(fixture(file), request);
  expect(grid.shape).toEqual(shape);
  expect(grid.values).toEqual(float32(anomalies));
  expect([grid.lat, grid.lon, grid.time]).toEqual([lat, lon, seconds].map((axis) => Float64Array.from(axis)));

  const store = folderStore(temporaryFolder());
  const { prefix, warnings } = await storeAnomalyGrid(fixture(file), request, store);
  const stored = await (await openGroup(store, prefix.slice(0, -1))).read("anomaly");
  expect(stored).toMatchObject({ shape, data: grid.values });
  expect(warnings).toEqual(grid.warnings);
});

test("the anomalies of an archive in double precision are, too", async () => {
  const request = { variable: "air", firstMonth: "1990-05", baseline: [1991, 1992] as const };
  const all = golden<{ file: string; anomalies: string }[]>("views/grids.expected.json");
  const { anomalies } = all.find(({ file }) => file === "double.nc")!;
  expect((await computeAnomalyGrid(fixture("views/double.nc"), request)).values).toEqual(float64(anomalies));
});

test("an archive without any value gives a grid of NaN", async () => {
  const path = join(temporaryFolder(), "missing.nc");
  const attributes = { _FillValue: Float32Array.of(-999) };
  writeFileSync(path, observations({ values: new Float32Array(24 * 4 * 5).fill(-999), attributes }));
  const grid = await computeAnomalyGrid(path, { variable: "precip", firstMonth: "2000-03", baseline: [2000, 2001] });
  expect(grid.shape).toEqual([4, 5, 22]);
  expect(grid.values).toEqual(new Float32Array(4 * 5 * 22).fill(Number.NaN));
});

test.each([
  [{ variable: "rain" }, "MissingVariable"],
  [{ firstMonth: "2100-01" }, "BadTime"],
  [{ baseline: [1850, 1860] as const }, "BadBaseline"],
] as const)("%j is refused as %s", async (wrong, tag) => {
  const request = { variable: "precip", firstMonth: "1990-03", baseline: [1991, 1995] as const, ...wrong };
  const error = await computeAnomalyGrid(fixture("run/precip.mon.mean.nc"), request).catch((caught: unknown) => caught);
  expect(isInputError(error, tag)).toBe(true);
});

test("a run over a folder uses the grid that was stored there", async () => {
  const folder = temporaryFolder();
  const archive = join(folder, "precip.mon.mean.nc");
  copyFileSync(fixture("run/precip.mon.mean.nc"), archive);
  const out = join(folder, "out");
  const request = { variable: "precip", firstMonth: "1990-03", baseline: [1991, 1995] as const };
  const { id } = await storeAnomalyGrid(archive, request, folderStore(out));
  expect(existsSync(join(out, "grids", id))).toBe(true);
  const { manifest } = await runLocally({
    observations: archive,
    forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
    stations: fixture("run/stations.xls"),
    products: fixture("run/products.json"),
    out,
  });
  expect(manifest).toMatchObject({ status: "complete", grid: { id, stored: true } });
});
