import { InputError } from "../errors.ts";
import { planBands } from "../grid/bands.ts";
import { chooseGrid } from "../grid/choose-grid.ts";
import { describeGrid, type GridDescription, type GridPlan } from "../grid/description.ts";
import { type GridOrder, gridId } from "../grid/grid-order.ts";
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
import { meanOfInitialisations } from "./forecast-mean.ts";
import { inUnitsOf } from "./forecast-units.ts";
import { forecastWarnings, nameWarnings } from "./forecast-warnings.ts";
import type { ForecastAnomalies } from "./full-field.ts";
import type { FoundMean } from "./hindcast-mean.ts";
import { pathOf } from "./inputs.ts";
import { localArchive } from "./local-archive.ts";
import { withObservations } from "./observations.ts";
import { type FoundTable, placedTable } from "./placed-table.ts";
import { timeWarnings } from "./plan-warnings.ts";
import { plannedStation } from "./planned-station.ts";
import { cellsMethodOf, seriesKeysOf } from "./product.ts";
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
  /** Of a forecast that has whole values. */
  readonly hindcasts?: FoundMean;
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
  const { forecast: read, years, hindcasts, warnings: ofForecast } = await forecastOf(run);
  const { base, warnings } = reconcileBases(product, read, years);
  const archive = await archiveOf(run, gridOrder(product, base, claim.climatology, read.weeks));
  const { forecast, converted, warnings: unitWarnings } = inUnitsOf(archive.plan, read, product);
  const table = await placedTable(run, archive.plan, forecast);
  requireFew(claim.forecast.key, table.placed.stations.length, forecast.seconds.length);
  const keyOf = seriesKeysOf(product, { forecast: claim.issue.label, run: seriesName(claim) });
  const method = cellsMethodOf(product);
  const found = table.placed.stations.map((station) =>
    plannedStation(station, forecast, { key: keyOf(station.id), method }),
  );
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
    ...(hindcasts === undefined ? {} : { hindcasts }),
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
      ...ofForecast,
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

/**
 * The anomalies of the forecast: as its file has them, their mean with those of the files before it, or less the climatology of
 * its hindcasts.
 */
async function forecastOf(run: Run): Promise<ForecastAnomalies & { readonly hindcasts?: FoundMean }> {
  const { inputs, product, claim } = run;
  const path = await pathOf(inputs.forecast, claim.forecast);
  const forecast = await withDataset(path, claim.forecast.key, (dataset) => readForecast(dataset, product));
  if (product.forecast.initialisations !== undefined) {
    return { ...(await meanOfInitialisations(run, forecast)), years: undefined };
  }
  if (product.forecast.climatology === undefined) return { forecast, years: undefined, warnings: [] };
  // Loaded late: most forecasts are anomalies already.
  const [{ hindcastMean }, { lessMean }] = await Promise.all([import("./hindcast-mean.ts"), import("./full-field.ts")]);
  const hindcasts = await hindcastMean(run, forecast);
  return { ...lessMean(forecast, product, hindcasts.mean, hindcasts.file), hindcasts };
}

async function archiveOf(run: Run, order: GridOrder): Promise<Archive> {
  const { store, inputs, claim } = run;
  const { observations } = claim;
  const id = gridId(observations.etag, order);
  const key = keys.archive(id);
  const found = await store.get(key, {});
  const sealed = found && unseal<Pick<Archive, "plan">>(key, found.body);
  // The same bytes may have had another name.
  if (sealed !== undefined && tellsType(sealed.head.plan))
    return { plan: { ...sealed.head.plan, observations }, key, kept: true };
  const local = await localArchive(inputs.observations, observations);
  const described = await withObservations(local, order, (dataset) => describeGrid(dataset, order, observations.etag));
  // A climatology that does not fit is seen before the run begins.
  const normals = await normalsOf(run, described);
  const warnings = [...described.warnings, ...(normals?.warnings ?? [])];
  return { plan: { ...described, warnings }, key, kept: false };
}

/** What was kept before grids could be of double precision does not tell whether this one is. */
function tellsType({ type, archive }: GridPlan): boolean {
  return type !== undefined || archive.type === "float32";
}

/** Keeps what is known of the archive for the runs to come. */
export async function keepArchive(store: ObjectStore, { plan, key, kept }: Archive): Promise<void> {
  if (!kept) await store.put(key, seal(key, { head: { plan }, body: new Uint8Array() }));
}

/** The grid that holds the cells of the stations. */
async function gridOf(run: Run, archive: GridPlan, stations: readonly PlannedStation[]) {
  const { store, product, limits } = run;
  const cells = stations.flatMap(({ cell, cells: more = [] }) => [cell, ...more.map((weighted) => weighted.cell)]);
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
  const moved = ([row, column]: PlannedStation["cell"]) => [row - lat, column - lon] as const;
  return stations.map(({ cells, ...station }) => ({
    ...station,
    cell: moved(station.cell),
    ...(cells === undefined ? {} : { cells: cells.map((weighted) => ({ ...weighted, cell: moved(weighted.cell) })) }),
  }));
}
