import type { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { RunCourse } from "../../lib/run/engine.ts";
import type { Manifest } from "../../lib/run/records.ts";
import { NAMESPACE, NAMESPACE_VARIABLE, type RunMetric } from "./metrics.ts";

/** Logs how a run ended, and counts it. */
export function report(logger: Logger, manifest: Manifest, { seconds, grid, retries }: RunCourse): void {
  const { runId, product, status, counts, missing, error } = manifest;
  for (const { chunkId, error: why } of missing) {
    // What the whole run failed of is told once.
    if (why !== error) logger.error("chunk missing", { runId, product, chunkId, error: why });
  }
  const line = { runId, product, status, ...counts, seconds };
  if (status === "failed") logger.error("run failed", { ...line, error });
  else logger.info("run ended", line);

  const metrics = new Metrics({ namespace: process.env[NAMESPACE_VARIABLE] ?? NAMESPACE });
  // The default is a dimension for the service, and an alarm that does not name it would never see a value.
  metrics.clearDefaultDimensions();
  metrics.addDimension("product", product);
  const add = (name: RunMetric, unit: (typeof MetricUnit)["Count" | "Seconds"], value: number) =>
    metrics.addMetric(name, unit, value);
  const count = (name: RunMetric, value: number) => add(name, MetricUnit.Count, value);
  count("RunsCompleted", status === "complete" ? 1 : 0);
  count("RunsPartial", status === "partial" ? 1 : 0);
  count("RunsFailed", status === "failed" ? 1 : 0);
  count("StationsWritten", counts.written);
  count("StationsUsable", counts.usable);
  count("StationWarnings", counts.warnings);
  count("ChunksFailed", missing.length);
  count("ChunkRetries", retries);
  add("RunSeconds", MetricUnit.Seconds, seconds);
  if (grid !== undefined) {
    count("GridCacheHit", grid.state === "stored" ? 1 : 0);
    add("GridSeconds", MetricUnit.Seconds, grid.seconds);
  }
  metrics.publishStoredMetrics();
}
