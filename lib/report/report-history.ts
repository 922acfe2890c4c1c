import { hash } from "node:crypto";
import type { FloatArray } from "../grid/floats.ts";
import { gridReader } from "../grid/stored-grid.ts";
import { tileCell } from "../grid/tiles.ts";
import { keys } from "../keys.ts";
import type { PlannedValue } from "../run/chunk-records.ts";
import { plannedValue } from "../run/planned-value.ts";
import type { StationsRecord, TableStation } from "../run/records.ts";
import { nameOf, placeOf, type SeriesPlace, stationSeriesReader } from "../run/station-series.ts";
import { coastRegion, type Region } from "../stations/region.ts";
import { keptOrMade, type Sealed } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import type { Coast } from "./coast.ts";
import type { PackedSeries } from "./packed.ts";
import { packSeries } from "./packed-series.ts";
import { loadLand } from "./template.ts";

/** What page and table of a run say that is the same for every forecast: of the observed anomalies, and the map's coast. */
export interface ReportHistory {
  /** Of every cell, or group of cells, that is shown; none where there are too many: the CSVs alone then have them. */
  readonly cells: readonly ShownCell[];
  /** The series of these cells, in their order. */
  readonly packed: PackedSeries | null;
  /** Positions in both by the name of what a station's series is made of: of its cell, `lat,lon`. */
  readonly positions: ReadonlyMap<string, number>;
  readonly coast: Coast;
}

/** What the table says of a cell's observed anomalies. */
export interface ShownCell {
  /** How many months are missing. */
  readonly missing: number;
  /** The last ones, {@link LAST_MONTHS} if there are so many. */
  readonly last: readonly PlannedValue[];
}

/** Of a run that knows no stations. */
export const NO_HISTORY: ReportHistory = { cells: [], packed: null, positions: new Map(), coast: [] };

/** Months whose observed anomalies are in the table. */
export const LAST_MONTHS = 3;

/** The page of a run of more cells would be too large to be sent and opened, so it shows no series. */
const MAX_CELLS = 4000;
/** Of all cells: of more values, each would get less than a bit of {@link SERIES_LETTERS}, which shows nothing. */
const MAX_VALUES = 4_000_000;
/** Letters that the packed series may take: with them, the page of 2000 stations in 2000 cells stays below 1 MB. */
const SERIES_LETTERS = 620_000;

/**
 * Part of the digests, as is the library that deflates: changes when the same grid and stations are to be shown by other
 * bytes, be it that they are packed otherwise or that the land is another.
 */
export const SHOWN_VERSION = 2;

/**
 * What is kept beside the grid for these stations, else what is made of the grid's tiles and kept.
 *
 * @param unwritten - ids of stations of which no series is to be shown
 * @throws InputError `FileNotFound`, `BrokenFile` where a tile is gone or damaged
 */
export async function reportHistory(
  store: ObjectStore,
  gridId: string,
  { stations, seconds, method }: Pick<StationsRecord, "stations" | "seconds" | "method">,
  unwritten: ReadonlySet<string>,
): Promise<ReportHistory> {
  const isWritten = ({ id }: TableStation) => !unwritten.has(id);
  const places = areFew(stations, Math.min(MAX_CELLS, MAX_VALUES / seconds.length))
    ? [...new Map(stations.filter(isWritten).map((station) => [nameOf(station), station])).values()]
    : [];
  const around = coastRegion(stations);
  const of = [SHOWN_VERSION, process.versions.zlib, places.map(placeOf), around, ...(method ? [method] : [])];
  const key = keys.shown(gridId, hash("sha256", JSON.stringify(of)).slice(0, 32));
  const make = async () =>
    shelved({ ...shownSeries(await seriesOf(store, gridId, places, method)), coast: await coastAround(around) });
  // Of a run that failed early there may be no grid to keep it beside.
  const { head, body } = !stations.some(isWritten) ? await make() : await keptOrMade(store, key, make);
  return { ...unshelved(head, body), positions: new Map(places.map((place, i) => [nameOf(place), i])) };
}

/** Whether stations have so many places at most. It is found out with a list of no more of them. */
function areFew(stations: readonly SeriesPlace[], most: number): boolean {
  const names = new Set<string>();
  return stations.every((place) => names.add(nameOf(place)).size <= most);
}

/** @param series - observed anomalies, NaN where missing, of every cell that is shown */
export function shownSeries(series: readonly FloatArray[]): Pick<ReportHistory, "cells" | "packed"> {
  return {
    cells: series.map((values) => ({
      missing: missingOf(values),
      last: Array.from(values.subarray(-LAST_MONTHS), plannedValue),
    })),
    packed: series.length === 0 ? null : packSeries(series, SERIES_LETTERS),
  };
}

type Shown = Omit<ReportHistory, "positions">;

/** {@link Shown}, but for the text of the series, which is the object's body. */
interface ShownHead extends Omit<Shown, "packed"> {
  readonly packed: Omit<PackedSeries, "data"> | null;
}

function shelved({ packed, ...shown }: Shown): Sealed<ShownHead> {
  if (packed === null) return { head: { ...shown, packed }, body: new Uint8Array() };
  const { data, ...about } = packed;
  return { head: { ...shown, packed: about }, body: Buffer.from(data, "latin1") };
}

function unshelved({ cells, packed, coast }: ShownHead, { buffer, byteOffset, length }: Uint8Array): Shown {
  const data = () => Buffer.from(buffer, byteOffset, length).toString("latin1");
  return { cells, packed: packed && { ...packed, data: data() }, coast };
}

/** The anomalies of places. They are read tile by tile, as the reader keeps few of them. */
async function seriesOf(
  store: ObjectStore,
  gridId: string,
  places: readonly SeriesPlace[],
  method: StationsRecord["method"],
): Promise<FloatArray[]> {
  // Of a run that failed early there may be no grid.
  if (places.length === 0) return [];
  const grid = await gridReader(store)(gridId);
  const read = stationSeriesReader(grid, method);
  const ordered = places.map((place, at) => ({ place, at, ...tileCell(grid.about.shape, ...place.cell) }));
  const series: FloatArray[] = [];
  for (const { place, at } of ordered.sort((a, b) => a.row - b.row || a.column - b.column)) {
    // A copy, as it would hold the whole tile.
    series[at] = (await read(place)).anomalies.slice();
  }
  return series;
}

/** How many values are missing. A loop, as a callback for each of a million takes longer than all else here. */
function missingOf(values: FloatArray): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) count++;
  return count;
}

/** Loaded late, as it is large and mostly not needed. */
async function coastAround(region: Region): Promise<Coast> {
  const { coastOf, landFor } = await import("./coast.ts");
  return coastOf(await loadLand(landFor(region)), region);
}
