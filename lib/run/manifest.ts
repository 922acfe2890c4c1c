import { eachLimited } from "../each-limited.ts";
import { keys } from "../keys.ts";
import { getJson, getJsonIfWhole, jsonText, type ObjectStore, requireJson } from "../store/store.ts";
import type { Warning } from "../warning.ts";
import type { ChunkPlan } from "./chunk-plan.ts";
import type { Claim } from "./claim.ts";
import { forecastLabel } from "./forecast-label.ts";
import type { InputRecord } from "./inputs.ts";
import { moveLatest } from "./latest.ts";
import type { RunPlan } from "./plan.ts";
import { type Product, seriesKeyOf } from "./product.ts";
import type { Receipt } from "./run-chunk.ts";
import { writeReport } from "./run-report.ts";
import { requireSeries } from "./series-holder.ts";

/** `complete`: all stations are written. `partial`: those of some chunks. `failed`: none. */
export type RunStatus = "complete" | "partial" | "failed";

/** Stations that were not written, and why. */
export interface MissingChunk {
  readonly chunkId: string;
  readonly error: string;
  readonly stations: readonly string[];
}

/** `runs/<runId>/manifest.json`, which closes a run. */
export interface Manifest {
  readonly runId: string;
  readonly product: string;
  readonly status: RunStatus;
  /** Why a failed run failed. */
  readonly error?: string;
  readonly now: string;
  readonly inputs: {
    readonly forecast: InputRecord;
    readonly observations: InputRecord;
    readonly stations: InputRecord;
  };
  readonly forecast?: RunPlan["forecast"];
  readonly grid?: RunPlan["grid"];
  /** Key of the CSV of a station, with {station} for its id. */
  readonly series?: string;
  readonly counts: {
    readonly planned: number;
    readonly written: number;
    readonly rejectedRows: number;
    readonly emptyRows: number;
    readonly chunks: number;
    readonly chunksDone: number;
    readonly warnings: number;
  };
  readonly missing: readonly MissingChunk[];
  readonly warnings: readonly Warning[];
  /** Seconds by stage, of the last attempt. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly finishedAt: string;
}

/** How a run ended, as its driver saw it. */
export interface RunEnd {
  /** Errors of chunks by their id. */
  readonly errors: ReadonlyMap<string, string>;
  readonly seconds: Readonly<Record<string, number>>;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly finishedAt: string;
}

const READS = 16;

/** The chunks of a plan that have no receipt for their very content. */
export async function pendingChunks(store: ObjectStore, plan: RunPlan): Promise<RunPlan["chunks"]> {
  const receipts = await readReceipts(store, plan);
  return plan.chunks.filter(({ id }) => !receipts.has(id));
}

/**
 * Closes a run: gathers its receipts, writes the manifest, moves `latest.json` forward if the run is complete and its
 * forecast is not older, and writes the run's page and table of stations. What is done is told by the receipts alone, whatever the driver believes.
 *
 * @throws InputError `Superseded` where another run has taken the series; then nothing is written
 */
export async function closeRun(
  store: ObjectStore,
  product: Product,
  claim: Claim,
  plan: RunPlan,
  { errors, seconds, finishedAt }: RunEnd,
): Promise<Manifest> {
  const { runId, chunks, forecast, grid, stations } = plan;
  await requireSeries(store, keys.holder(product.name, forecast.label), claim);
  const receipts = await readReceipts(store, plan);
  const missing: MissingChunk[] = [];
  for (const { id } of chunks) {
    if (receipts.has(id)) continue;
    const chunk = await requireJson<ChunkPlan>(store, keys.chunk(runId, id));
    const error = errors.get(id) ?? "it left no receipt";
    missing.push({ chunkId: id, error, stations: chunk.stations.map((station) => station.id) });
  }
  const done = chunks.filter(({ id }) => receipts.has(id));
  // Of chunks that all failed, the first one's error stands for the others.
  const error = done.length === 0 ? missing[0]?.error : undefined;
  const series = seriesKeyOf(product, forecast.label, "{station}");
  const warnings = [...plan.warnings, ...done.flatMap(({ id }) => receipts.get(id)?.warnings ?? [])];
  const manifest: Manifest = {
    runId,
    product: product.name,
    status: missing.length === 0 ? "complete" : done.length > 0 ? "partial" : "failed",
    ...(error === undefined ? {} : { error }),
    now: claim.now,
    inputs: inputsOf(claim),
    forecast,
    grid,
    series,
    counts: {
      planned: stations.planned,
      written: done.reduce((sum, chunk) => sum + chunk.stations, 0),
      rejectedRows: stations.rejected,
      emptyRows: stations.emptyRows,
      chunks: chunks.length,
      chunksDone: done.length,
      warnings: warnings.length,
    },
    missing,
    warnings,
    seconds,
    finishedAt,
  };
  await store.put(keys.manifest(runId), jsonText(manifest));
  if (manifest.status === "complete") {
    await moveLatest(store, product.name, { runId, forecast, manifest: keys.manifest(runId), series });
  }
  await writeReport(store, product, manifest, receipts.values());
  return manifest;
}

/** Closes a run that failed before its chunks were begun. @throws InputError `Superseded`, as {@link closeRun} */
export async function failRun(
  store: ObjectStore,
  product: Product,
  claim: Claim,
  error: string,
  { seconds, finishedAt }: Omit<RunEnd, "errors">,
): Promise<Manifest> {
  const { runId, now } = claim;
  await requireSeries(store, keys.holder(product.name, forecastLabel(claim.forecast.key).label), claim);
  const counts = { planned: 0, written: 0, rejectedRows: 0, emptyRows: 0, chunks: 0, chunksDone: 0, warnings: 0 };
  const manifest: Manifest = {
    runId,
    product: product.name,
    status: "failed",
    error,
    now,
    inputs: inputsOf(claim),
    counts,
    missing: [],
    warnings: [],
    seconds,
    finishedAt,
  };
  await store.put(keys.manifest(runId), jsonText(manifest));
  await writeReport(store, product, manifest, undefined);
  return manifest;
}

/** The manifest of a run, or undefined where it has not ended. */
export function findManifest(store: ObjectStore, runId: string): Promise<Manifest | undefined> {
  return getJson<Manifest>(store, keys.manifest(runId));
}

function inputsOf({ forecast, observations, stations }: Claim): Manifest["inputs"] {
  return { forecast, observations, stations };
}

/** The receipts that count, by chunk: those whose digest is that of the plan's chunk. */
async function readReceipts(store: ObjectStore, { runId, chunks }: RunPlan): Promise<Map<string, Receipt>> {
  const present = new Set<string>();
  for await (const { key } of store.list(keys.receipts(runId))) present.add(key);
  const receipts = new Map<string, Receipt>();
  await eachLimited(chunks, READS, async ({ id, digest }) => {
    const key = keys.receipt(runId, id);
    if (!present.has(key)) return;
    const receipt = await getJsonIfWhole<Receipt>(store, key);
    if (receipt?.digest === digest) receipts.set(id, receipt);
  });
  return receipts;
}
