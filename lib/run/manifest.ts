import { keys } from "../keys.ts";
import { getJson, jsonText, type ObjectStore, requireJson } from "../store/store.ts";
import type { Warning } from "../warning.ts";
import { baseWarnings } from "./base-period.ts";
import { moveLatest } from "./latest.ts";
import { seriesKeyOf } from "./product.ts";
import { readReceipts } from "./receipts.ts";
import type { ChunkPlan, Claim, Manifest, MissingChunk, Receipt, RunPlan } from "./records.ts";
import type { Run } from "./run.ts";
import { holderKey, requireSeries } from "./series-holder.ts";

/** What a manifest says of the way to it. */
export type RunEnd = Pick<Manifest, "seconds" | "finishedAt">;

/**
 * Closes a planned run: gathers its receipts, writes the manifest, and moves `latest.json` forward if the run is complete
 * and its forecast is not older. Receipts alone tell what is done, whatever errors the engine saw.
 *
 * @throws InputError `Superseded` where another run has taken the series; then nothing is written
 */
export async function closeRun(
  run: Run,
  { errors, seconds, finishedAt }: RunEnd & { readonly errors: Readonly<Record<string, string>> },
): Promise<Manifest> {
  const { store, product, claim } = run;
  const plan = await requireJson<RunPlan>(store, keys.plan(claim.runId));
  const { runId, chunks, forecast, grid, stations } = plan;
  await requireSeries(store, holderKey(claim), claim);
  const receipts = await readReceipts(store, plan);
  const done = chunks.filter(({ id }) => receipts.has(id));
  const missing = await missingChunks(store, plan, receipts, errors);
  // Of chunks that all failed, the first one's error stands for the others.
  const error = done.length === 0 ? missing[0]?.error : undefined;
  const series = seriesKeyOf(product, forecast.label, "{station}");
  const shifts = done.flatMap(({ id }) => receipts.get(id)?.baseShift ?? []);
  const warnings = [
    ...plan.warnings,
    ...baseWarnings(forecast.base, product.observations, shifts),
    ...done.flatMap(({ id }) => receipts.get(id)?.warnings ?? []),
  ];
  const manifest: Manifest = {
    ...headOf(claim),
    status: missing.length === 0 ? "complete" : done.length > 0 ? "partial" : "failed",
    ...(error === undefined ? {} : { error }),
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
  return manifest;
}

/** Closes a run that failed before its chunks were begun. @throws InputError `Superseded`, as {@link closeRun} */
export async function failRun(
  { store, claim }: Run,
  error: string,
  { seconds, finishedAt }: RunEnd,
): Promise<Manifest> {
  await requireSeries(store, holderKey(claim), claim);
  const manifest: Manifest = {
    ...headOf(claim),
    status: "failed",
    error,
    counts: { planned: 0, written: 0, rejectedRows: 0, emptyRows: 0, chunks: 0, chunksDone: 0, warnings: 0 },
    missing: [],
    warnings: [],
    seconds,
    finishedAt,
  };
  await store.put(keys.manifest(claim.runId), jsonText(manifest));
  return manifest;
}

/** Adds a warning to the manifest of a run that is closed. @throws InputError `Superseded`, as {@link closeRun} */
export async function addWarning({ store, claim }: Run, warning: Warning): Promise<void> {
  const key = keys.manifest(claim.runId);
  const manifest = await requireJson<Manifest>(store, key);
  await requireSeries(store, holderKey(claim), claim);
  const warnings = [...manifest.warnings, warning];
  const counts = { ...manifest.counts, warnings: warnings.length };
  await store.put(key, jsonText({ ...manifest, counts, warnings } satisfies Manifest));
}

/** The manifest of a run, or undefined where it has not ended. */
export function findManifest(store: ObjectStore, runId: string): Promise<Manifest | undefined> {
  return getJson<Manifest>(store, keys.manifest(runId));
}

function headOf({ runId, product, now, forecast, observations, stations, climatology }: Claim) {
  const inputs = { forecast, observations, stations, ...(climatology === undefined ? {} : { climatology }) };
  return { runId, product, now, inputs };
}

/** The chunks without a receipt, with their stations and errors. */
async function missingChunks(
  store: ObjectStore,
  { runId, chunks }: RunPlan,
  receipts: ReadonlyMap<string, Receipt>,
  errors: Readonly<Record<string, string>>,
): Promise<MissingChunk[]> {
  const missing: MissingChunk[] = [];
  for (const { id } of chunks) {
    if (receipts.has(id)) continue;
    const { stations } = await requireJson<ChunkPlan>(store, keys.chunk(runId, id));
    missing.push({
      chunkId: id,
      error: errors[id] ?? "it left no receipt",
      stations: stations.map((station) => station.id),
    });
  }
  return missing;
}
