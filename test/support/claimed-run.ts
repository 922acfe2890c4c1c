import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { claimRun } from "../../lib/run/claim.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { planRun } from "../../lib/run/plan.ts";
import { findProduct } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import type { Run, RunLimits } from "../../lib/run/run.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { InputFile } from "../../lib/store/input-file.ts";
import { table } from "./bad-input.ts";
import { classicFile, latitudes, longitudes, monthsOf } from "./classic.ts";
import { temporaryFolder } from "./folder.ts";
import { fixture } from "./golden.ts";
import { fileInput } from "./inputs.ts";

/** The product of the run fixtures. */
export const PRODUCT = findProduct(
  parseProducts(readFileSync(fixture("run/products.json"), "utf8"), "products.json"),
  "prec",
);
export const FORECAST = "CFSv2.Prec.19970520.199707.nc";
export const NOW = "1997-06-20 06:07:08";

/** Paths, or names of fixtures; and how the station table is encoded. */
export type Paths = Partial<Record<Exclude<keyof RunInputs, "encoding">, string>> & Pick<RunInputs, "encoding">;

function inputsOf(paths: Paths): RunInputs & { readonly observations: InputFile } {
  const {
    observations = "run/precip.mon.mean.nc",
    forecast = `run/${FORECAST}`,
    stations = "run/stations.xls",
    encoding,
  } = paths;
  const path = (name: string) => (name.startsWith("/") ? name : fixture(name));
  return {
    observations: fileInput(path(observations), "observations/precip.mon.mean.nc"),
    forecast: fileInput(path(forecast), `forecasts/${FORECAST}`),
    stations: fileInput(path(stations), "stations/stations.xls"),
    encoding,
  };
}

/** A claimed run of the fixtures, or of these files and this product instead of theirs, in a new store. */
export async function claimed(paths: Paths = {}, now = NOW, product = PRODUCT) {
  const store = folderStore(temporaryFolder());
  const inputs = inputsOf(paths);
  const { claim } = await claimRun(store, inputs, { product, mode: "new", now }, { owner: "me", clock: now });
  const limits: RunLimits = { memoryBytes: GRID_MEMORY_BYTES };
  const run: Run = { store, inputs, product, claim, limits };
  return {
    ...run,
    inputs,
    run,
    plan: (own: Partial<RunLimits> = {}) => planRun({ ...run, limits: { ...limits, ...own } }),
  };
}

/** The path of a new station table with the columns id, name, lat, lon. */
export function stationTable(...rows: string[]): string {
  const path = join(temporaryFolder(), "stations.csv");
  writeFileSync(path, table(...rows));
  return path;
}

/** The path of a new archive in mm/day over these places, of months counted from January 1990. */
export function archive(lat: number[], lon: number[], months: number[]): string {
  const axes = { time: monthsOf(1990, ...months), lat: latitudes(...lat), lon: longitudes(...lon) };
  return classicFile({ variable: PRODUCT.observations.variable, axes, attributes: { units: "mm/day" } });
}
