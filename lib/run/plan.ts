import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import { describeGrid, type GridDescription, gridId } from "../grid/description.ts";
import { GRID_MEMORY_BYTES, planPasses } from "../grid/passes.ts";
import { findGrid } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { withDataset } from "../netcdf/open.ts";
import { MAX_CELLS } from "../report/report.ts";
import { readStationTable } from "../stations/read-table.ts";
import { jsonText, type ObjectStore } from "../store/store.ts";
import { monthText, timeText } from "../time.ts";
import type { Warning } from "../warning.ts";
import { type ChunkPlan, chunkName, cutChunks, defaultChunkSize, MAX_CHUNKS, MAX_STATIONS } from "./chunk-plan.ts";
import type { Claim } from "./claim.ts";
import { readForecast } from "./forecast.ts";
import { forecastLabel } from "./forecast-label.ts";
import { pathOf, type RunInputs } from "./inputs.ts";
import { placeStations } from "./place-stations.ts";
import { tableWarnings, timeWarnings } from "./plan-warnings.ts";
import { plannedStations } from "./planned-stations.ts";
import { type Product, seriesKeyOf } from "./product.ts";
import { requireSeries } from "./series-holder.ts";

/** `runs/<runId>/plan.json`: what the run will do, and what it was warned of before it began. */
export interface RunPlan {
  readonly runId: string;
  readonly forecast: { readonly label: string; readonly issued: string | null; readonly targets: readonly string[] };
  readonly grid: {
    readonly id: string;
    /** Whether the grid was there already. */
    readonly stored: boolean;
    readonly months: number;
    readonly firstMonth: string;
    readonly lastMonth: string;
  };
  readonly stations: { readonly planned: number; readonly rejected: number; readonly emptyRows: number };
  readonly chunks: readonly { readonly id: string; readonly digest: string; readonly stations: number }[];
  readonly warnings: readonly Warning[];
}

const CHUNK_WRITES = 16;

export interface RunLimits {
  /** Stations in a chunk; by default as many as keep the run within its number of chunks. */
  readonly chunkSize?: number;
  readonly maxChunks?: number;
  /** Bytes of the grid that may be held at once, if it is to be computed. */
  readonly memoryBytes?: number;
}

/**
 * Plans a claimed run: reads forecast, station table and the axes of the grid, finds the cell of each station, cuts
 * chunks and writes one JSON for each, then the plan. Planning again writes the same chunks.
 *
 * @throws InputError for every input that cannot be used, before anything is written; `TooLarge` for a chunk size that
 *   would need too many chunks, a grid that would need more memory, or more stations than a run can carry
 */
export async function planRun(
  store: ObjectStore,
  inputs: RunInputs,
  product: Product,
  claim: Claim,
  { chunkSize, maxChunks = MAX_CHUNKS, memoryBytes = GRID_MEMORY_BYTES }: RunLimits = {},
): Promise<RunPlan> {
  const { runId } = claim;
  const forecast = await withDataset(await pathOf(inputs.forecast, claim.forecast), claim.forecast.key, (dataset) =>
    readForecast(dataset, product),
  );
  const table = await readStationTable(
    await readFile(await pathOf(inputs.stations, claim.stations)),
    claim.stations.key,
  );
  if (table.stations.length > MAX_STATIONS) {
    throw new InputError("TooLarge", `has ${table.stations.length} stations`, {
      file: claim.stations.key,
      hint: `A run carries at most ${MAX_STATIONS}: cut the table into several, each for a run or a deployment of its own`,
    });
  }
  const { about, stored } = await gridOf(store, inputs, product, claim, memoryBytes);
  const { label, issued } = forecastLabel(claim.forecast.key);
  const { stations, warnings } = placeStations(table.stations, about, forecast, (id) =>
    seriesKeyOf(product, label, id),
  );
  const size = chunkSize ?? defaultChunkSize(stations.length, maxChunks);
  const chunks = cutChunks(stations, about.shape, size);
  if (chunks.length > maxChunks) {
    throw new InputError("TooLarge", `${stations.length} stations in chunks of ${size} make ${chunks.length} chunks`, {
      file: claim.stations.key,
      hint: `This run has at most ${maxChunks}: leave the chunk size unset, or set ${defaultChunkSize(stations.length, maxChunks)}`,
    });
  }
  const holder = keys.holder(product.name, label);
  await requireSeries(store, holder, claim);
  const leads = Array.from(forecast.seconds, timeText);
  const { column, missing, gapRow } = product.series;
  const keepSeries = new Set(stations.map(({ cell }) => cell.join())).size <= MAX_CELLS;
  await store.put(keys.stations(runId), JSON.stringify(plannedStations(about, table.stations, stations)));
  const planned: { id: string; digest: string; stations: number }[] = [];
  await eachLimited(chunks, CHUNK_WRITES, async (members, position) => {
    const chunkId = chunkName(position);
    const chunk: ChunkPlan = {
      runId,
      chunkId,
      product: product.name,
      owner: claim.owner,
      holder,
      grid: about.id,
      column,
      missing,
      keepSeries,
      gapRow,
      now: claim.now,
      leads,
      stations: members,
    };
    const text = JSON.stringify(chunk);
    await store.put(keys.chunk(runId, chunkId), text);
    planned[position] = { id: chunkId, digest: hash("sha256", text), stations: members.length };
  });
  const plan: RunPlan = {
    runId,
    forecast: { label, issued, targets: leads },
    grid: {
      id: about.id,
      stored,
      months: about.seconds.length,
      firstMonth: monthText(about.seconds[0]!),
      lastMonth: monthText(about.seconds.at(-1)!),
    },
    stations: { planned: stations.length, rejected: table.rejected.length, emptyRows: table.emptyRows.length },
    chunks: planned,
    warnings: [...about.warnings, ...timeWarnings(about, forecast, claim.now), ...tableWarnings(table), ...warnings],
  };
  await store.put(keys.plan(runId), jsonText(plan));
  return plan;
}

/** The grid that a run needs: as it is stored, or as the archive says that it will be. */
async function gridOf(
  store: ObjectStore,
  inputs: RunInputs,
  product: Product,
  { observations }: Claim,
  memoryBytes: number,
): Promise<{ about: GridDescription; stored: boolean }> {
  const stored = await findGrid(store, gridId(observations.etag, product.observations));
  if (stored !== undefined) return { about: stored, stored: true };
  const about = await withDataset(await pathOf(inputs.observations, observations), observations.key, (dataset) => {
    const found = describeGrid(dataset, product.observations, observations.etag);
    planPasses(found, memoryBytes);
    return found;
  });
  return { about, stored: false };
}
