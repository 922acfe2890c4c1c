import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import { describeGrid, type GridDescription, gridId } from "../grid/description.ts";
import { planPasses } from "../grid/passes.ts";
import { findGrid } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { withDataset } from "../netcdf/open.ts";
import { readStationTable } from "../stations/read-table.ts";
import type { StationTable } from "../stations/station.ts";
import { jsonText } from "../store/store.ts";
import { monthText, timeText } from "../time.ts";
import { chunkName, cutChunks, defaultChunkSize, MAX_CHUNKS, MAX_STATIONS } from "./chunk-plan.ts";
import { type Forecast, readForecast } from "./forecast.ts";
import { forecastLabel } from "./forecast-label.ts";
import { pathOf } from "./inputs.ts";
import { placeStations, stationsRecord } from "./place-stations.ts";
import { tableWarnings, timeWarnings } from "./plan-warnings.ts";
import { seriesKeyOf } from "./product.ts";
import type { ChunkPlan, ChunkRecord, PlannedStation, RunPlan } from "./records.ts";
import type { Run } from "./run.ts";
import { holderKey, requireSeries } from "./series-holder.ts";

const CHUNK_WRITES = 16;

/** A run of more cells keeps no series for its page, which would be too large to be sent and opened. */
const MAX_KEPT_CELLS = 4000;

/**
 * Plans a claimed run: reads forecast, station table and the axes of the grid, finds the cell of each station, cuts
 * chunks and writes one JSON for each, then the plan. Planning again writes the same chunks.
 *
 * @throws InputError for every input that cannot be used, before anything is written; `TooLarge` for a chunk size that
 *   would need too many chunks, a grid that would need more memory, or more stations than a run can carry
 */
export async function planRun(run: Run): Promise<RunPlan> {
  const { store, product, claim } = run;
  const { runId } = claim;
  const forecast = await forecastOf(run);
  const table = await tableOf(run);
  const { grid, stored } = await gridOf(run);
  const { label, issued } = forecastLabel(claim.forecast.key);
  const keyOf = (station: string) => seriesKeyOf(product, label, station);
  const { stations, warnings } = placeStations(table.stations, grid, forecast, keyOf);
  const chunks = chunksOf(run, stations, grid);
  const leads = Array.from(forecast.seconds, timeText);
  await requireSeries(store, holderKey(claim), claim);
  if (!stored) await store.put(keys.gridPlan(runId), JSON.stringify(grid));
  await store.put(keys.stations(runId), JSON.stringify(stationsRecord(grid, table.stations, stations)));
  const plan: RunPlan = {
    runId,
    forecast: { label, issued, targets: leads },
    grid: {
      id: grid.id,
      stored,
      months: grid.seconds.length,
      firstMonth: monthText(grid.seconds[0]!),
      lastMonth: monthText(grid.seconds.at(-1)!),
    },
    stations: { planned: stations.length, rejected: table.rejected.length, emptyRows: table.emptyRows.length },
    chunks: await writeChunks(run, chunks, { grid: grid.id, leads }),
    warnings: [...grid.warnings, ...timeWarnings(grid, forecast, claim.now), ...tableWarnings(table), ...warnings],
  };
  await store.put(keys.plan(runId), jsonText(plan));
  return plan;
}

async function forecastOf({ inputs, product, claim }: Run): Promise<Forecast> {
  const path = await pathOf(inputs.forecast, claim.forecast);
  return withDataset(path, claim.forecast.key, (dataset) => readForecast(dataset, product));
}

async function tableOf({ inputs, claim }: Run): Promise<StationTable> {
  const { key } = claim.stations;
  const table = await readStationTable(await readFile(await pathOf(inputs.stations, claim.stations)), key);
  if (table.stations.length <= MAX_STATIONS) return table;
  throw new InputError("TooLarge", `has ${table.stations.length} stations`, {
    file: key,
    hint: `A run carries at most ${MAX_STATIONS}: cut the table into several, each for a run or a deployment of its own`,
  });
}

/** The grid that a run needs: as it is stored, or as the archive says that it will be. */
async function gridOf({
  store,
  inputs,
  product,
  claim: { observations },
  limits,
}: Run): Promise<{ grid: GridDescription; stored: boolean }> {
  const stored = await findGrid(store, gridId(observations.etag, product.observations));
  if (stored !== undefined) return { grid: stored, stored: true };
  const path = await pathOf(inputs.observations, observations);
  const grid = await withDataset(path, observations.key, (dataset) =>
    describeGrid(dataset, product.observations, observations.etag),
  );
  // A grid that memory does not suffice for is not begun.
  planPasses(grid, limits.memoryBytes);
  return { grid, stored: false };
}

/** The stations cut into chunks, along the tiles of the grid. */
function chunksOf({ claim, limits }: Run, stations: readonly PlannedStation[], grid: GridDescription) {
  const { chunkSize, maxChunks = MAX_CHUNKS } = limits;
  const fitting = defaultChunkSize(stations.length, maxChunks);
  const size = chunkSize ?? fitting;
  const chunks = cutChunks(stations, grid.shape, size);
  if (chunks.length <= maxChunks) return chunks;
  throw new InputError("TooLarge", `${stations.length} stations in chunks of ${size} make ${chunks.length} chunks`, {
    file: claim.stations.key,
    hint: `This run has at most ${maxChunks}: leave the chunk size unset, or set ${fitting}`,
  });
}

/** Writes the JSON of every chunk. */
async function writeChunks(
  { store, product, claim }: Run,
  chunks: readonly (readonly PlannedStation[])[],
  shared: Pick<ChunkPlan, "grid" | "leads">,
): Promise<ChunkRecord[]> {
  const { runId, owner, now } = claim;
  const { column, missing, gapRow } = product.series;
  const cells = new Set(chunks.flat().map(({ cell }) => cell.join()));
  const keepSeries = cells.size <= MAX_KEPT_CELLS;
  const holder = holderKey(claim);
  const written: ChunkRecord[] = [];
  await eachLimited(chunks, CHUNK_WRITES, async (stations, position) => {
    const chunkId = chunkName(position);
    const { grid, leads } = shared;
    const chunk: ChunkPlan = {
      runId,
      chunkId,
      product: product.name,
      owner,
      holder,
      grid,
      column,
      missing,
      keepSeries,
      gapRow,
      now,
      leads,
      stations,
    };
    const text = JSON.stringify(chunk);
    await store.put(keys.chunk(runId, chunkId), text);
    written[position] = { id: chunkId, digest: hash("sha256", text), stations: stations.length };
  });
  return written;
}
