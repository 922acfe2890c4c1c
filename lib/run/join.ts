import { InputError } from "../errors.ts";
import { planBands } from "../grid/bands.ts";
import { chooseGrid } from "../grid/choose-grid.ts";
import { describeGrid, type GridDescription, type GridOrder, type GridPlan, gridId } from "../grid/description.ts";
import { firstCell } from "../grid/region.ts";
import type { TileRows } from "../grid/tiles.ts";
import { keys } from "../keys.ts";
import { withDataset } from "../netcdf/open.ts";
import { seal, unseal } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import { secondsOf } from "../time.ts";
import type { Warning } from "../warning.ts";
import { gridOrder, reconcileBases } from "./base-period.ts";
import { MAX_FORECASTS } from "./chunk-plan.ts";
import type { PlannedStation } from "./chunk-records.ts";
import { normalsOf } from "./climatology-file.ts";
import { type Forecast, readForecast } from "./forecast.ts";
import { inUnitsOf } from "./forecast-units.ts";
import { forecastWarnings, nameWarnings } from "./forecast-warnings.ts";
import { pathOf } from "./inputs.ts";
import { plannedStation } from "./place-stations.ts";
import { type FoundTable, placedTable } from "./placed-table.ts";
import { timeWarnings } from "./plan-warnings.ts";
import { seriesKeysOf } from "./product.ts";
import type { BaseRecord, UnitConversion } from "./records.ts";
import type { Run } from "./run.ts";
import { seriesName } from "./series-name.ts";
import { notRising, type SeriesRows } from "./series-rows.ts";

/** The inputs of a run brought together: all that is known of its series before a value of the archive is read. */
export interface Join {
  /** In the units of the grid. */
  readonly forecast: Forecast;
  readonly converted: UnitConversion | undefined;
  readonly table: FoundTable;
  readonly archive: Archive;
  /** The grid that the run uses: the whole one, or of a region of it. */
  readonly grid: GridDescription;
  /** What the forecast's anomalies are relative to; null where nobody tells. */
  readonly base: BaseRecord | null;
  /** Whether the grid is there already. */
  readonly stored: boolean;
  /** The bands that it is made in, one or more; none where it is there. */
  readonly bands: readonly TileRows[];
  /** The stations of the table, in its order, with their cells of the grid that the run uses. */
  readonly planned: readonly PlannedStation[];
  readonly rows: SeriesRows;
  /** What the run goes on in spite of. */
  readonly warnings: readonly Warning[];
}

/** What is known of the archive: the plan of its whole grid, and whether an earlier run has kept that. */
export interface Archive {
  readonly plan: GridPlan;
  /** Where it is kept. */
  readonly key: string;
  readonly kept: boolean;
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
  const { base, warnings } = reconcileBases(product, read);
  const archive = await archiveOf(run, gridOrder(product, base, claim.climatology));
  const { forecast, converted, warnings: unitWarnings } = inUnitsOf(archive.plan, read, product);
  const table = await placedTable(run, archive.plan, forecast);
  requireFew(claim.forecast.key, table.placed.stations.length, forecast.seconds.length);
  const keyOf = seriesKeysOf(product, { forecast: claim.issue.label, run: seriesName(claim) });
  const found = table.placed.stations.map((station) => plannedStation(station, forecast, keyOf(station.id)));
  const { grid, stored, bands } = await gridOf(run, archive.plan, found);
  const planned = onGrid(found, firstCell(grid));
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
    archive,
    grid,
    stored,
    bands,
    planned,
    rows,
    warnings: [
      ...grid.warnings,
      ...unitWarnings,
      ...timeWarnings(grid, forecast, claim.now),
      ...nameWarnings(forecast),
      ...forecastWarnings(forecast),
      ...notRising(rows).map((message): Warning => ({ kind: "rowsNotRising", message })),
      ...warnings,
      ...table.placed.warnings,
    ],
  };
}

/** @throws InputError `TooLarge` for more forecasts than a run can carry */
function requireFew(file: string, stations: number, leads: number): void {
  if (stations * leads <= MAX_FORECASTS) return;
  throw new InputError("TooLarge", `has ${leads} leads, each for ${stations} stations`, {
    file,
    hint: `A run carries at most ${MAX_FORECASTS} forecasts: cut the forecast by its leads, or the station table`,
  });
}

async function forecastOf({ inputs, product, claim }: Run): Promise<Forecast> {
  const path = await pathOf(inputs.forecast, claim.forecast);
  return withDataset(path, claim.forecast.key, (dataset) => readForecast(dataset, product));
}

async function archiveOf(run: Run, order: GridOrder): Promise<Archive> {
  const { store, inputs, claim } = run;
  const { observations } = claim;
  const id = gridId(observations.etag, order);
  const key = keys.archive(id);
  const found = await store.get(key, {});
  const sealed = found && unseal<Pick<Archive, "plan">>(key, found.body);
  // The same bytes may have had another name.
  if (sealed !== undefined) return { plan: { ...sealed.head.plan, observations }, key, kept: true };
  const path = await pathOf(inputs.observations, observations);
  const described = await withDataset(path, observations.key, (dataset) =>
    describeGrid(dataset, order, observations.etag),
  );
  // A climatology that does not fit is seen before the run begins.
  const normals = await normalsOf(run, described);
  const warnings = [...described.warnings, ...(normals?.warnings ?? [])];
  return { plan: { ...described, warnings }, key, kept: false };
}

/** Keeps what is known of the archive for the runs to come. */
export async function keepArchive(store: ObjectStore, { plan, key, kept }: Archive): Promise<void> {
  if (!kept) await store.put(key, seal(key, { head: { plan }, body: new Uint8Array() }));
}

/** The grid that holds the cells of the stations. */
async function gridOf(run: Run, archive: GridPlan, stations: readonly PlannedStation[]) {
  const { store, product, limits } = run;
  const cells = stations.map(({ cell }) => cell);
  const chosen = await chooseGrid(store, archive, { cells, extent: product.grid ?? "stations" });
  if (chosen.stored) return { ...chosen, bands: [] };
  // A grid that does not fit is not begun.
  const { memoryBytes, invocation } = limits;
  const inputBytes = invocation === undefined ? 0 : await gridInputBytes(run);
  return { ...chosen, bands: planBands(chosen.grid, { memoryBytes, invocation, inputBytes }) };
}

/** Bytes of what a grid is made of. */
async function gridInputBytes({ inputs: { observations, climatology } }: Run): Promise<number> {
  return (await observations.size()) + ((await climatology?.size()) ?? 0);
}

/** The stations with the positions of their cells counted from the first cell of the grid. */
function onGrid(stations: readonly PlannedStation[], [lat, lon]: readonly [number, number]): readonly PlannedStation[] {
  if (lat === 0 && lon === 0) return stations;
  return stations.map((station) => ({ ...station, cell: [station.cell[0] - lat, station.cell[1] - lon] }));
}
