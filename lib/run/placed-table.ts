import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InputError } from "../errors.ts";
import type { GridDescription } from "../grid/description.ts";
import { keys } from "../keys.ts";
import type { Encoding } from "../stations/encoding.ts";
import { readStationTable } from "../stations/read-table.ts";
import type { StationTable } from "../stations/station.ts";
import { cannotRead } from "../store/disk-errors.ts";
import { seal, unseal } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import { MAX_STATIONS } from "./chunk-plan.ts";
import type { Forecast } from "./forecast.ts";
import { pathOf } from "./inputs.ts";
import { type PlacedStations, placeStations } from "./place-stations.ts";
import { tableWarnings } from "./plan-warnings.ts";
import { cellsMethodOf, MAX_DISTANCE_KM } from "./product.ts";
import type { Run } from "./run.ts";

/** A station table, read, and its stations placed on the axes of archive and forecast. */
export interface PlacedTable extends PlacedStations {
  /** Rows that cannot be used, and those with an empty cell. */
  readonly rejected: number;
  readonly emptyRows: number;
  readonly encoding?: Encoding;
}

/** A placed table, and where it is kept, if it is by now. */
export interface FoundTable {
  readonly placed: PlacedTable;
  readonly key: string;
  readonly kept: boolean;
}

/**
 * Part of the digests: changes when the same table and axes give something else, be it that tables are read otherwise, so
 * that what is kept of older ones is not used.
 */
const PLACED_VERSION = 1;

/**
 * The station table of a run with the cells of its stations: as a run of the same table, axes, method and largest distance has
 * kept it, or else as it is found now. Nothing is written.
 *
 * @throws InputError for a table that cannot be used; `TooLarge` for more stations than a run can carry
 */
export async function placedTable(run: Run, grid: GridDescription, forecast: Forecast): Promise<FoundTable> {
  const { store, product, claim } = run;
  const { etag, encoding } = claim.stations;
  const { maxDistanceKm = MAX_DISTANCE_KM } = product.series;
  const axes = [grid.lat, grid.lon, Array.from(forecast.lat.values), Array.from(forecast.lon.values)];
  const method = cellsMethodOf(product);
  const of = [PLACED_VERSION, etag, encoding ?? null, maxDistanceKm, axes, ...(method === undefined ? [] : [method])];
  const key = keys.placed(hash("sha256", JSON.stringify(of)).slice(0, 32));
  const found = await store.get(key, {});
  const sealed = found && unseal<PlacedTable>(key, found.body);
  if (sealed !== undefined) return { placed: sealed.head, key, kept: true };
  const table = await tableOf(run);
  const { stations, tooFar, warnings } = placeStations(table.stations, grid, forecast, {
    file: claim.stations.key,
    maxDistanceKm,
    method,
  });
  const placed: PlacedTable = {
    stations,
    tooFar,
    warnings: [...tableWarnings(table), ...warnings],
    rejected: table.rejected.length,
    emptyRows: table.emptyRows.length,
    ...(table.encoding === undefined ? {} : { encoding: table.encoding }),
  };
  return { placed, key, kept: false };
}

/** Keeps the table for the runs to come. */
export async function keepTable(store: ObjectStore, { placed, key, kept }: FoundTable): Promise<void> {
  if (!kept) await store.put(key, seal(key, { head: placed, body: new Uint8Array() }));
}

async function tableOf({ inputs, claim }: Run): Promise<StationTable> {
  const { key, encoding } = claim.stations;
  const path = await pathOf(inputs.stations, claim.stations);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw cannotRead(cause, key);
  });
  const table = await readStationTable(bytes, key, encoding);
  if (table.stations.length <= MAX_STATIONS) return table;
  throw new InputError("TooLarge", `has ${table.stations.length} stations`, {
    file: key,
    hint: `A run carries at most ${MAX_STATIONS}: cut the table into several, each for a run or a deployment of its own`,
  });
}
