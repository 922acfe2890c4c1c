import { keys } from "../keys.ts";
import { readReceipts } from "../run/receipts.ts";
import type { Manifest, StationsRecord } from "../run/records.ts";
import type { Run } from "../run/run.ts";
import { requirePlan } from "../run/superseded.ts";
import { requireJson } from "../store/store.ts";
import { pageData } from "./page-data.ts";
import { asWritten, type Report, unwrittenOf, withTakenCells } from "./report.ts";
import { NO_HISTORY, reportHistory } from "./report-history.ts";
import { sharesOfNormal } from "./share-of-normal.ts";
import { stationsCsv } from "./stations-csv.ts";
import { loadTemplate } from "./template.ts";

/**
 * Writes the page of a run that is closed, and the table of its stations. A run that failed before its stations were
 * planned has no table.
 */
export async function writeReport(run: Run): Promise<void> {
  const { store, product, claim } = run;
  const { runId } = claim;
  const manifest = await requireJson<Manifest>(store, keys.manifest(runId));
  const { column } = product.series;
  const unwritten = unwrittenOf(manifest);
  if (manifest.grid === undefined) {
    const { variable, baseline } = product.observations;
    const about: StationsRecord = { variable: { name: variable }, baseline, seconds: [], stations: [] };
    await store.put(keys.page(runId), await reportPage({ manifest, column, about, history: NO_HISTORY, unwritten }));
    return;
  }
  const planned = await requireJson<StationsRecord>(store, keys.stations(runId));
  const about = await receiptsTold(run, planned, manifest.forecast?.base?.rebased === true);
  const history = await reportHistory(store, manifest.grid.id, about, unwritten);
  const shares = await sharesOfNormal(store, manifest, about);
  const report: Report = { manifest, column, about, history, unwritten, shares };
  await store.put(keys.table(runId), stationsCsv(report));
  await store.put(keys.page(runId), await reportPage(report));
}

/** The stations with what receipts alone tell: forecasts that were rebased, and cells that a method took. */
async function receiptsTold(
  { store, claim }: Run,
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
  const title = `${data.product} ${data.forecast.label}: ${data.status}`.replaceAll(/[<&]/g, " ");
  const [start = "", middle = "", end = ""] = template.split(/\{\{(?:title|data)\}\}/);
  // As bytes, part by part: one text of them all would take two bytes for each letter where a name is Chinese.
  return Buffer.concat([start, title, middle, json, end].map((part) => Buffer.from(part)));
}
