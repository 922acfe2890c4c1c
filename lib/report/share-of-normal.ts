import type { StoredGrid } from "../grid/description.ts";
import type { FloatArray } from "../grid/floats.ts";
import { YEAR_MONTHS } from "../grid/months.ts";
import { climatologyShape } from "../grid/stored-climatologies.ts";
import { climatologyReader, findGrid } from "../grid/stored-grid.ts";
import { type TileCell, tileCell } from "../grid/tiles.ts";
import { WeightedMeans } from "../grid/weighted-means.ts";
import { valueOf } from "../run/planned-value.ts";
import type { Manifest, StationsRecord, TableStation } from "../run/records.ts";
import type { ObjectStore } from "../store/store.ts";
import { isAmount } from "../units/amount.ts";

/** By lead, then by station, in the order of the table: percent; NaN where there is none. */
export type Shares = readonly ArrayLike<number>[];

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
  const normalsOf = await normalsReader(store, about, stations);
  const months = forecast.targets.map((time) => Number(time.slice("YYYY-".length, "YYYY-MM".length)) - 1);
  const shares = months.map(() => new Float64Array(stations.length));
  for (const [at, station] of stations.entries()) {
    const normals = normalsOf(station);
    for (const [lead, month] of months.entries()) {
      shares[lead]![at] = percent(valueOf(station.forecast[lead]!), normals[month]!);
    }
  }
  return shares;
}

type StationCells = Pick<TableStation, "cell" | "cells">;
type Cell = readonly [lat: number, lon: number];

/** Reads the normals of all cells of stations, each once, and tile by tile. @returns those of a station, January to December */
async function normalsReader(
  store: ObjectStore,
  about: StoredGrid,
  stations: readonly StationCells[],
): Promise<(station: StationCells) => ArrayLike<number>> {
  const shape = climatologyShape(about);
  const places = new Map<number, TileCell & { readonly cell: Cell }>();
  const nameOf = ([lat, lon]: Cell) => lat * shape.cells[1] + lon;
  for (const { cell: nearest, cells } of stations) {
    for (const cell of cells?.map((one) => one.cell) ?? [nearest]) {
      const name = nameOf(cell);
      if (!places.has(name)) places.set(name, { cell, ...tileCell(shape, ...cell) });
    }
  }
  const read = climatologyReader(store, about, about.baseline);
  const normals = new Map<number, FloatArray>();
  for (const [name, { cell }] of [...places].sort(([, a], [, b]) => a.row - b.row || a.column - b.column)) {
    // A copy, as it would hold the whole tile.
    normals.set(name, (await read(cell)).slice());
  }
  return ({ cell, cells }) => {
    if (cells === undefined) return normals.get(nameOf(cell))!;
    const means = new WeightedMeans(YEAR_MONTHS);
    for (const { cell: one, weight } of cells) means.add(normals.get(nameOf(one))!, weight);
    return means.means();
  };
}

function percent(anomaly: number, normal: number): number {
  return normal > 0 ? Math.round((1000 * anomaly) / normal) / 10 : Number.NaN;
}
