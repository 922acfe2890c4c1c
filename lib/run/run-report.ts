import { keys } from "../keys.ts";
import type { Report, ReportStation } from "../report/report.ts";
import { type ObjectStore, requireJson } from "../store/store.ts";
import { timeText } from "../time.ts";
import { valueOf } from "./chunk-plan.ts";
import { keptSeries } from "./kept-series.ts";
import type { Manifest } from "./manifest.ts";
import type { PlannedStations } from "./planned-stations.ts";
import type { Product } from "./product.ts";
import type { Receipt } from "./run-chunk.ts";

/**
 * Writes the page of a run, and the table of its stations.
 *
 * @param receipts - those that count; undefined for a run that failed before its stations were planned, which has no table
 */
export async function writeReport(
  store: ObjectStore,
  product: Product,
  manifest: Manifest,
  receipts: Iterable<Receipt> | undefined,
): Promise<void> {
  const { runId } = manifest;
  // Loaded late, as a worker needs none of it.
  const [{ reportPage }, { stationsCsv }] = await Promise.all([
    import("../report/report-page.ts"),
    import("../report/stations-csv.ts"),
  ]);
  if (receipts === undefined) {
    await store.put(keys.page(runId), await reportPage(failedReport(product, manifest), ""));
    return;
  }
  const planned = await requireJson<PlannedStations>(store, keys.stations(runId));
  const report = reportOf(product, manifest, planned, receipts);
  await store.put(keys.table(runId), stationsCsv(report));
  await store.put(keys.page(runId), await reportPage(report, manifest.series ?? ""));
}

function reportOf(
  product: Product,
  manifest: Manifest,
  { variable, baseline, seconds, stations }: PlannedStations,
  receipts: Iterable<Receipt>,
): Report {
  const series: Float32Array[] = [];
  const position = new Map<string, number>();
  for (const receipt of receipts) {
    if (receipt.series === undefined) continue;
    for (const [cell, values] of keptSeries(receipt.series)) {
      // Neighbours of two chunks can share a cell.
      if (!position.has(cell)) position.set(cell, series.push(values) - 1);
    }
  }
  const unwritten = new Set(manifest.missing.flatMap((chunk) => chunk.stations));
  return {
    ...failedReport(product, manifest),
    leads: manifest.forecast?.targets ?? [],
    history: seconds.map(timeText),
    variable: { column: product.series.column, ...variable },
    baseline,
    stations: stations.map(({ cell, elevation, forecast, ...station }): ReportStation => {
      const at = unwritten.has(station.id) ? undefined : position.get(cell.join());
      return {
        ...station,
        elevation: elevation ?? Number.NaN,
        forecast: forecast.map(valueOf),
        ...(at === undefined ? {} : { series: at }),
      };
    }),
    series,
  };
}

/** What there is to say of a run without its stations. */
function failedReport({ series, observations }: Product, manifest: Manifest): Report {
  const { runId, product, status, error, now, finishedAt, seconds, inputs, forecast, counts, missing, warnings } =
    manifest;
  return {
    runId,
    product,
    status,
    now,
    finishedAt,
    seconds,
    counts,
    missing,
    warnings,
    ...(error === undefined ? {} : { error }),
    inputs: {
      forecast: inputs.forecast.key,
      observations: inputs.observations.key,
      stations: inputs.stations.key,
    },
    forecast: forecast ?? { label: inputs.forecast.key, issued: null },
    leads: [],
    history: [],
    variable: { column: series.column, name: observations.variable },
    baseline: observations.baseline,
    stations: [],
    series: [],
  };
}
