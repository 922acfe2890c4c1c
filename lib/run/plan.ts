import { hash } from "node:crypto";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import type { GridDescription } from "../grid/description.ts";
import { keys } from "../keys.ts";
import { jsonText } from "../store/store.ts";
import { monthText, timeText } from "../time.ts";
import { plannedGrid } from "./bands.ts";
import { baseWork } from "./base-period.ts";
import { chunkName, cutChunks, defaultChunkSize, MAX_CHUNKS } from "./chunk-plan.ts";
import type { ChunkPlan, PlannedStation } from "./chunk-records.ts";
import { unmetByRows } from "./expect.ts";
import { keepMean } from "./hindcast-mean.ts";
import { daysOfIssue } from "./initialisations.ts";
import { joinInputs, keepArchive } from "./join.ts";
import { keepTable } from "./placed-table.ts";
import { stationsRecord } from "./planned-station.ts";
import { cellsMethodOf } from "./product.ts";
import type { ChunkRecord, RunPlan } from "./records.ts";
import type { Run } from "./run.ts";
import { requireClaim } from "./superseded.ts";

const CHUNK_WRITES = 16;

/**
 * Plans a claimed run: joins its inputs, cuts chunks and writes one JSON for each, then the plan. Planning again writes
 * the same chunks.
 *
 * @throws InputError for every input that cannot be used, before anything is written; `Superseded` where another has taken
 *   the run over; `TooLarge` for a chunk size that would need too many chunks, a grid that would need more memory, or more stations than a run can carry
 */
export async function planRun(run: Run): Promise<RunPlan> {
  const { store, claim } = run;
  const { runId } = claim;
  const join = await joinInputs(run);
  const { forecast, base, converted, table, hindcasts, archive, grid, stored, bands, planned, rows, warnings } = join;
  const { stations, tooFar, rejected, emptyRows, encoding } = table.placed;
  const chunks = chunksOf(run, planned, grid);
  const initialisations = daysOfIssue(claim);
  const leads = Array.from(forecast.seconds, timeText);
  await requireClaim(store, claim);
  if (!stored) await store.put(keys.gridPlan(runId), JSON.stringify(await plannedGrid(run, grid, bands)));
  await keepArchive(store, archive);
  await keepTable(store, table);
  if (hindcasts !== undefined) await keepMean(store, hindcasts);
  const known = { placed: stations, planned, forecast, method: cellsMethodOf(run.product) };
  await store.put(keys.stations(runId), JSON.stringify(stationsRecord(grid, known)));
  const plan: RunPlan = {
    runId,
    begunBy: claim.begunBy,
    forecast: {
      ...claim.issue,
      targets: leads,
      base,
      ...(initialisations === undefined ? {} : { initialisations }),
      ...(converted === undefined ? {} : { converted }),
    },
    grid: {
      id: grid.id,
      stored,
      ...(grid.weekly === undefined ? {} : { weekly: true }),
      months: grid.seconds.length,
      firstMonth: monthText(grid.seconds[0]!),
      lastMonth: monthText(grid.seconds.at(-1)!),
    },
    units: grid.units ?? null,
    stations: {
      planned: planned.length,
      tooFar,
      rejected,
      emptyRows,
      ...(encoding === undefined ? {} : { encoding }),
    },
    chunks: await writeChunks(run, chunks, {
      grid: grid.id,
      leads,
      base: baseWork(run.product, base, { forecast, grid }),
    }),
    ...(bands.length > 1 ? { bands: bands.length } : {}),
    warnings,
    unmet: unmetByRows(run.product, rows),
  };
  await store.put(keys.plan(runId), jsonText(plan));
  return plan;
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
  shared: Pick<ChunkPlan, "grid" | "leads" | "base">,
): Promise<ChunkRecord[]> {
  const { runId, begunBy, now } = claim;
  const { column, missing, gapRow, times } = product.series;
  const method = cellsMethodOf(product);
  const written: ChunkRecord[] = [];
  await eachLimited(chunks, CHUNK_WRITES, async (stations, position) => {
    const chunkId = chunkName(position);
    const chunk: ChunkPlan = {
      runId,
      chunkId,
      product: product.name,
      begunBy,
      ...shared,
      column,
      missing,
      ...(method === undefined ? {} : { method }),
      ...(times === undefined ? {} : { times }),
      gapRow,
      now,
      stations,
    };
    const text = JSON.stringify(chunk);
    await store.put(keys.chunk(runId, chunkId), text);
    written[position] = { id: chunkId, digest: hash("sha256", text), stations: stations.length };
  });
  return written;
}
