import { keys } from "../keys.ts";
import { readReceipts } from "../run/receipts.ts";
import type { Manifest, RunPlan, StationsRecord } from "../run/records.ts";
import type { Run } from "../run/run.ts";
import { requireJson } from "../store/store.ts";
import type { Land } from "./coast.ts";
import { pageData } from "./page-data.ts";
import { type Report, reportOf } from "./report.ts";
import { stationsCsv } from "./stations-csv.ts";
import { loadTemplate } from "./template.ts";

/**
 * Writes the page of a run that is closed, and the table of its stations. A run that failed before its stations were
 * planned has no table.
 */
export async function writeReport({ store, product, claim: { runId } }: Run): Promise<void> {
  const manifest = await requireJson<Manifest>(store, keys.manifest(runId));
  const { column } = product.series;
  if (manifest.grid === undefined) {
    const { variable, baseline } = product.observations;
    const about: StationsRecord = { variable: { name: variable }, baseline, seconds: [], stations: [] };
    await store.put(keys.page(runId), await reportPage(reportOf(manifest, column, about, [])));
    return;
  }
  const about = await requireJson<StationsRecord>(store, keys.stations(runId));
  const receipts = await readReceipts(store, await requireJson<RunPlan>(store, keys.plan(runId)));
  const report = reportOf(manifest, column, about, receipts.values());
  await store.put(keys.table(runId), stationsCsv(report));
  await store.put(keys.page(runId), await reportPage(report));
}

/**
 * One file that shows a run, with all that it needs inside, and that asks for nothing.
 *
 * @throws Error where the template was not made
 */
export async function reportPage(report: Report): Promise<string> {
  const { template, fine, coarse } = await loadTemplate();
  const land = { fine: JSON.parse(fine), coarse: JSON.parse(coarse) } as Land;
  const data = pageData(report, land);
  // In a script element nothing but `<` can end it, or begin a comment.
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  const title = `${data.product} ${data.forecast.label}: ${data.status}`.replaceAll(/[<&]/g, " ");
  // Functions, as a text would have its $ replaced.
  return template.replace("{{title}}", () => title).replace("{{data}}", () => json);
}
