import { keys } from "../keys.ts";
import { readReceipts } from "../run/receipts.ts";
import type { Manifest, RunEntry, StationsRecord } from "../run/records.ts";
import type { Run } from "../run/run.ts";
import { requirePlan } from "../run/superseded.ts";
import { requireJson } from "../store/store.ts";
import { entryOf } from "./index/entry.ts";
import { pageData } from "./page-data.ts";
import { asWritten, type Report, unwrittenOf, withTakenCells } from "./report.ts";
import { NO_HISTORY, reportHistory } from "./report-history.ts";
import { sharesOfNormal } from "./share-of-normal.ts";
import { forecastTitle } from "./spoken-dates.ts";
import { stationsCsv } from "./stations-csv.ts";
import { loadTemplate } from "./template.ts";

/**
 * Writes the page of a run that is closed, and the table of its stations. A run that failed before its stations were
 * planned has no table.
 *
 * @returns what the index of all runs says of it
 */
export async function writeReport(run: Run): Promise<RunEntry> {
  const { store, claim } = run;
  const { runId } = claim;
  const manifest = await requireJson<Manifest>(store, keys.manifest(runId));
  const about = await toldStations(run, manifest);
  const report = await reportOf(run, manifest, about);
  if (about !== undefined) await store.put(keys.table(runId), stationsCsv(report));
  await store.put(keys.page(runId), await reportPage(report));
  // The index links what lasts.
  await store.flush?.([keys.table(runId), keys.page(runId)]);
  return entryOf(manifest, { issue: claim.issue, about, hasPage: true });
}

/** @param about - undefined where the run failed before its stations were planned */
async function reportOf(
  { store, product }: Run,
  manifest: Manifest,
  about: StationsRecord | undefined,
): Promise<Report> {
  const { column } = product.series;
  const unwritten = unwrittenOf(manifest);
  if (about === undefined || manifest.grid === undefined) {
    const { variable, baseline } = product.observations;
    const nothing: StationsRecord = { variable: { name: variable }, baseline, seconds: [], stations: [] };
    return { manifest, column, about: nothing, history: NO_HISTORY, unwritten };
  }
  const history = await reportHistory(store, manifest.grid.id, about, unwritten);
  const shares = await sharesOfNormal(store, manifest, about);
  return { manifest, column, about, history, unwritten, shares };
}

/**
 * The stations of a run that is closed, with all that it knew of them at its end; undefined where it failed before it had any.
 *
 * @throws InputError `FileNotFound`, `Superseded`
 */
export async function toldStations(
  run: Pick<Run, "store" | "claim">,
  manifest: Manifest,
): Promise<StationsRecord | undefined> {
  if (manifest.grid === undefined) return undefined;
  const planned = await requireJson<StationsRecord>(run.store, keys.stations(manifest.runId));
  return receiptsTold(run, planned, manifest.forecast?.base?.rebased === true);
}

/** The stations with what receipts alone tell: forecasts that were rebased, and cells that a method took. */
async function receiptsTold(
  { store, claim }: Pick<Run, "store" | "claim">,
  planned: StationsRecord,
  isRebased: boolean,
): Promise<StationsRecord> {
  if (!isRebased && planned.method === undefined) return planned;
  const receipts = [...(await readReceipts(store, await requirePlan(store, claim))).values()];
  const taken = withTakenCells(planned, receipts);
  return isRebased ? asWritten(taken, receipts) : taken;
}

/**
 * One file that shows a run, with all that it needs inside, and that asks for nothing: HTML in UTF-8.
 *
 * @throws Error where the template was not made
 */
export async function reportPage(report: Report): Promise<Uint8Array> {
  const template = await loadTemplate();
  const data = pageData(report);
  // In a script element nothing but `<` can end it, or begin a comment.
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  const words = `${data.product}, ${forecastTitle(data.forecast, data.leads, data.weekly)}: ${data.status}`;
  const title = words.replaceAll(/[<&]/g, " ");
  const [start = "", middle = "", end = ""] = template.split(/\{\{(?:title|data)\}\}/);
  // As bytes, part by part: one text of them all would take two bytes for each letter where a name is Chinese.
  return Buffer.concat([start, title, middle, json, end].map((part) => Buffer.from(part)));
}
