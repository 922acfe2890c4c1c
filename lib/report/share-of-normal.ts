import { YEAR_MONTHS } from "../grid/months.ts";
import { climatologyReader, findGrid } from "../grid/stored-grid.ts";
import { tileCell } from "../grid/tiles.ts";
import { WeightedMeans } from "../grid/weighted-means.ts";
import { valueOf } from "../run/planned-value.ts";
import type { Manifest, StationsRecord } from "../run/records.ts";
import type { ObjectStore } from "../store/store.ts";
import { isAmount } from "../units/amount.ts";

/** By station, in the order of the table, then by lead: percent; NaN where there is none. */
export type Shares = readonly (readonly number[])[];

/**
 * The forecast anomalies of stations in percent of the normal of their calendar month, to a tenth: -50 is half of it. The normal is
 * what was taken off the observations, at the cells that these are from. There is none where that is missing or nothing,
 * as in a dry month, and in grids of older versions.
 *
 * @param about - with the forecasts and cells that were taken
 * @returns undefined where the values are no amounts or rates, anomalies from the start, or weeks; or there is no grid
 */
export async function sharesOfNormal(
  store: ObjectStore,
  { grid, units, forecast }: Pick<Manifest, "grid" | "units" | "forecast">,
  { stations }: StationsRecord,
): Promise<Shares | undefined> {
  if (grid === undefined || forecast === undefined || !isAmount(units ?? "")) return undefined;
  const about = await findGrid(store, grid.id);
  if (about === undefined || about.normal === "none" || about.weekly !== undefined) return undefined;
  const read = climatologyReader(store, about, about.baseline);
  const months = forecast.targets.map((time) => Number(time.slice("YYYY-".length, "YYYY-MM".length)) - 1);
  const ordered = stations.map((station, at) => ({ station, at, ...tileCell(about.shape, ...station.cell) }));
  const shares: number[][] = [];
  for (const { station, at } of ordered.sort((a, b) => a.row - b.row || a.column - b.column)) {
    const means = new WeightedMeans(YEAR_MONTHS);
    for (const { cell, weight } of station.cells ?? [{ cell: station.cell, weight: 1 }])
      means.add(await read(cell), weight);
    const normals = means.means();
    shares[at] = months.map((month, lead) => percent(valueOf(station.forecast[lead]!), normals[month]!));
  }
  return shares;
}

function percent(anomaly: number, normal: number): number {
  return normal > 0 ? Math.round((1000 * anomaly) / normal) / 10 : Number.NaN;
}
