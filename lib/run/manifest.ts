import { findGrid } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import {
  getJson,
  jsonText,
  noObject,
  type ObjectStore,
  parseJson,
  requireJson,
  type StoredObject,
} from "../store/store.ts";
import { swap } from "../store/swap.ts";
import type { Warning } from "../warning.ts";
import { baseWarnings } from "./base-period.ts";
import type { ChunkPlan, Receipt } from "./chunk-records.ts";
import { notExpected, unmetByStations } from "./expect.ts";
import { moveLatest } from "./latest.ts";
import { type Product, seriesKeysOf } from "./product.ts";
import { readReceipts } from "./receipts.ts";
import type { Claim, GridRecord, Manifest, MissingChunk, RunPlan } from "./records.ts";
import type { Run } from "./run.ts";
import { seriesName } from "./series-name.ts";
import { requireClaim, requirePlan } from "./superseded.ts";

/** What a manifest says of the way to it. */
export type RunEnd = Pick<Manifest, "seconds" | "finishedAt">;

/**
 * Closes a planned run: gathers its receipts, writes the manifest, and moves `latest.json` forward if the run is complete
 * and its forecast is not older. Receipts alone tell what is done, whatever errors the engine saw. A run of which all is
 * written and too few stations are usable, as its product says, is failed.
 *
 * @throws InputError `Superseded` where another has taken the run over; then nothing is written
 */
export async function closeRun(
  run: Run,
  { errors, seconds, finishedAt }: RunEnd & { readonly errors: Readonly<Record<string, string>> },
): Promise<Manifest> {
  const { store, product, claim } = run;
  const planned = await plannedPart(run, (chunkId) => errors[chunkId] ?? "it left no receipt");
  const manifest: Manifest = {
    ...headOf(claim),
    ...endingOf(product, planned),
    ...planned,
    seconds,
    finishedAt,
  };
  await putManifest(store, claim, () => manifest);
  if (manifest.status === "complete") {
    const { runId, claimedAt } = claim;
    const { forecast, series } = planned;
    await moveLatest(store, product.name, { runId, claimedAt, forecast, manifest: keys.manifest(runId), series });
  }
  return manifest;
}

/**
 * Closes a run that failed before its chunks were begun. One that was planned by then is told of as far as it came.
 *
 * @throws InputError `Superseded`, as {@link closeRun}
 */
export async function failRun(
  run: Run,
  { error, planned, seconds, finishedAt }: RunEnd & { readonly error: string; readonly planned: boolean },
): Promise<Manifest> {
  const { store, claim } = run;
  const manifest: Manifest = {
    ...headOf(claim),
    status: "failed",
    error,
    ...(planned ? await plannedPart(run, () => error) : { counts: NOTHING, missing: [], warnings: [] }),
    seconds,
    finishedAt,
  };
  await putManifest(store, claim, () => manifest);
  return manifest;
}

/** The counts of a run that was not planned. */
export const NOTHING: Manifest["counts"] = {
  planned: 0,
  written: 0,
  usable: 0,
  withoutObservations: 0,
  withoutForecast: 0,
  tooFar: 0,
  rejectedRows: 0,
  emptyRows: 0,
  chunks: 0,
  chunksDone: 0,
  warnings: 0,
};

/** What a manifest says of a run that was planned. */
type PlannedPart = Required<
  Pick<Manifest, "inputs" | "forecast" | "grid" | "units" | "series" | "counts" | "missing" | "warnings">
>;

/** @param errorOf - why a chunk, by its id, has no receipt */
async function plannedPart({ store, product, claim }: Run, errorOf: (chunkId: string) => string): Promise<PlannedPart> {
  const plan = await requirePlan(store, claim);
  const { chunks, forecast, grid, units, stations } = plan;
  const { inputs } = headOf(claim);
  const { encoding } = stations;
  const receipts = await readReceipts(store, plan);
  const done = chunks.flatMap(({ id }) => receipts.get(id) ?? []);
  const shifts = done.flatMap(({ baseShift }) => baseShift ?? []);
  const warnings = [
    ...plan.warnings,
    ...(await gridWarnings(store, grid)),
    ...baseWarnings(forecast.base, { baseline: product.observations.baseline, units }, shifts),
    ...done.flatMap((receipt) => receipt.warnings),
  ];
  const sum = (count: (receipt: Receipt) => number) => done.reduce((total, receipt) => total + count(receipt), 0);
  return {
    inputs: encoding === undefined ? inputs : { ...inputs, stations: { ...inputs.stations, encoding } },
    forecast,
    grid,
    units,
    series: seriesKeysOf(product, { forecast: forecast.label, run: seriesName(claim) })("{station}"),
    counts: {
      planned: stations.planned,
      written: sum((receipt) => receipt.stations),
      usable: sum(({ use }) => use.usable),
      withoutObservations: sum(({ use }) => use.withoutObservations),
      withoutForecast: sum(({ use }) => use.withoutForecast),
      tooFar: stations.tooFar,
      rejectedRows: stations.rejected,
      emptyRows: stations.emptyRows,
      chunks: chunks.length,
      chunksDone: done.length,
      warnings: warnings.length,
    },
    missing: await missingChunks(store, plan, receipts, errorOf),
    warnings,
  };
}

/** What was found of a grid while the run made it. That of one which was there already is in the plan. */
async function gridWarnings(store: ObjectStore, { id, stored }: GridRecord): Promise<readonly Warning[]> {
  const made = stored ? undefined : await findGrid(store, id);
  return made?.warnings.filter(({ kind }) => kind === "baselineSparse") ?? [];
}

/** How a planned run ended, and why if it failed. */
function endingOf(product: Product, { counts, missing }: PlannedPart): Pick<Manifest, "status" | "error"> {
  // Of chunks that all failed, the first one's error stands for the others.
  if (counts.chunksDone === 0)
    return { status: "failed", ...(missing[0] === undefined ? {} : { error: missing[0].error }) };
  if (missing.length > 0) return { status: "partial" };
  const unmet = unmetByStations(product, counts);
  if (unmet.length > 0) return { status: "failed", error: notExpected(product, unmet).message };
  return { status: "complete" };
}

/** Adds a warning to the manifest of a run that is closed. @throws InputError `Superseded`, as {@link closeRun} */
export async function addWarning({ store, claim }: Run, warning: Warning): Promise<void> {
  const key = keys.manifest(claim.runId);
  await putManifest(store, claim, (found) => {
    if (found === undefined) throw noObject(store, key);
    const manifest = parseJson<Manifest>(key, found.body);
    const warnings = [...manifest.warnings, warning];
    return { ...manifest, counts: { ...manifest.counts, warnings: warnings.length }, warnings };
  });
}

/**
 * Writes the manifest of a run as long as the claim is this one: over the very manifest that was there before the claim was
 * looked at, so that none of a later owner is lost to a late one of an earlier.
 *
 * @param from - makes it, of what is there
 */
function putManifest(
  store: ObjectStore,
  claim: Claim,
  from: (found: StoredObject | undefined) => Manifest,
): Promise<void> {
  return swap(store, keys.manifest(claim.runId), async (found) => {
    await requireClaim(store, claim);
    return jsonText(from(found));
  });
}

/** The manifest of a run, or undefined where it has not ended. */
export function findManifest(store: ObjectStore, runId: string): Promise<Manifest | undefined> {
  return getJson<Manifest>(store, keys.manifest(runId));
}

function headOf({ runId, product, now, nowFrom, ...claim }: Claim) {
  const { forecast, observations, stations, climatology, hindcasts, initialisations } = claim;
  const inputs = {
    forecast,
    observations,
    stations,
    ...(climatology === undefined ? {} : { climatology }),
    ...(hindcasts === undefined ? {} : { hindcasts }),
    ...(initialisations === undefined ? {} : { initialisations }),
  };
  return { runId, product, now, nowFrom, inputs };
}

/** The chunks without a receipt, with their stations and errors. */
async function missingChunks(
  store: ObjectStore,
  { runId, chunks }: RunPlan,
  receipts: ReadonlyMap<string, Receipt>,
  errorOf: (chunkId: string) => string,
): Promise<MissingChunk[]> {
  const missing: MissingChunk[] = [];
  for (const { id } of chunks) {
    if (receipts.has(id)) continue;
    const { stations } = await requireJson<ChunkPlan>(store, keys.chunk(runId, id));
    missing.push({ chunkId: id, error: errorOf(id), stations: stations.map((station) => station.id) });
  }
  return missing;
}
