import { readFile } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { describeGrid, type GridDescription, type GridOrder, gridId } from "../grid/description.ts";
import { planPasses } from "../grid/passes.ts";
import { findGrid } from "../grid/stored-grid.ts";
import { withDataset } from "../netcdf/open.ts";
import { readStationTable } from "../stations/read-table.ts";
import type { StationTable } from "../stations/station.ts";
import { secondsOf } from "../time.ts";
import type { Warning } from "../warning.ts";
import { gridOrder, reconcileBases } from "./base-period.ts";
import { MAX_STATIONS } from "./chunk-plan.ts";
import { normalsOf } from "./climatology-file.ts";
import { type Forecast, readForecast } from "./forecast.ts";
import { inUnitsOf } from "./forecast-units.ts";
import { forecastWarnings, nameWarnings } from "./forecast-warnings.ts";
import { pathOf } from "./inputs.ts";
import { type PlacedStations, placeStations } from "./place-stations.ts";
import { tableWarnings, timeWarnings } from "./plan-warnings.ts";
import { MAX_DISTANCE_KM, seriesKeyOf } from "./product.ts";
import type { BaseRecord, UnitConversion } from "./records.ts";
import type { Run } from "./run.ts";
import { notRising, type SeriesRows } from "./series-rows.ts";

/** The inputs of a run brought together: all that is known of its series before a value of the archive is read. */
export interface Join {
  /** In the units of the grid. */
  readonly forecast: Forecast;
  readonly converted: UnitConversion | undefined;
  readonly table: StationTable;
  readonly grid: GridDescription;
  /** What the forecast's anomalies are relative to; null where nobody tells. */
  readonly base: BaseRecord | null;
  /** Whether the grid is there already. */
  readonly stored: boolean;
  readonly placed: PlacedStations;
  readonly rows: SeriesRows;
  /** What the run goes on in spite of. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads forecast, station table and the axes of the grid, and finds the cell of each station. Nothing is written.
 *
 * @throws InputError for every input that cannot be used; `TooLarge` for a grid that would need more memory, or more
 *   stations than a run can carry
 */
export async function joinInputs(run: Run): Promise<Join> {
  const { product, claim } = run;
  const read = await forecastOf(run);
  const table = await tableOf(run);
  const { base, warnings } = reconcileBases(product, read);
  const { grid, stored } = await gridOf(run, gridOrder(product, base, claim.climatology));
  const { forecast, converted, warnings: unitWarnings } = inUnitsOf(grid, read, product);
  const placed = placeStations(table.stations, grid, forecast, {
    file: claim.stations.key,
    maxDistanceKm: product.series.maxDistanceKm ?? MAX_DISTANCE_KM,
    keyOf: (station) => seriesKeyOf(product, claim.issue.label, station),
  });
  const rows: SeriesRows = {
    history: grid.seconds,
    now: secondsOf(claim.now),
    hasNow: product.series.gapRow !== null,
    leads: Array.from(forecast.seconds),
  };
  return {
    forecast,
    base,
    converted,
    table,
    grid,
    stored,
    placed,
    rows,
    warnings: [
      ...grid.warnings,
      ...unitWarnings,
      ...timeWarnings(grid, forecast, claim.now),
      ...nameWarnings(forecast),
      ...forecastWarnings(forecast),
      ...notRising(rows).map((message): Warning => ({ kind: "rowsNotRising", message })),
      ...warnings,
      ...tableWarnings(table),
      ...placed.warnings,
    ],
  };
}

async function forecastOf({ inputs, product, claim }: Run): Promise<Forecast> {
  const path = await pathOf(inputs.forecast, claim.forecast);
  return withDataset(path, claim.forecast.key, (dataset) => readForecast(dataset, product));
}

async function tableOf({ inputs, claim }: Run): Promise<StationTable> {
  const { key, encoding } = claim.stations;
  const table = await readStationTable(await readFile(await pathOf(inputs.stations, claim.stations)), key, encoding);
  if (table.stations.length <= MAX_STATIONS) return table;
  throw new InputError("TooLarge", `has ${table.stations.length} stations`, {
    file: key,
    hint: `A run carries at most ${MAX_STATIONS}: cut the table into several, each for a run or a deployment of its own`,
  });
}

/** The grid that a run needs: as it is stored, or as the archive says that it will be. */
async function gridOf(run: Run, order: GridOrder): Promise<{ grid: GridDescription; stored: boolean }> {
  const { store, inputs, claim, limits } = run;
  const { observations } = claim;
  const stored = await findGrid(store, gridId(observations.etag, order));
  if (stored !== undefined) return { grid: stored, stored: true };
  const path = await pathOf(inputs.observations, observations);
  const described = await withDataset(path, observations.key, (dataset) =>
    describeGrid(dataset, order, observations.etag),
  );
  // A climatology that does not fit is seen before the run begins.
  const normals = await normalsOf(run, described);
  const grid = { ...described, warnings: [...described.warnings, ...(normals?.warnings ?? [])] };
  // A grid that memory does not suffice for is not begun.
  planPasses(grid, limits.memoryBytes);
  return { grid, stored: false };
}
