import type { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { SourceOutcome } from "../../lib/fetch/fetching.ts";
import { NAMESPACE, NAMESPACE_VARIABLE } from "../coordinator/metrics.ts";
import { FETCHER, type FetchMetric } from "./metrics.ts";

/** Logs what came of a round, and counts it. */
export function report(logger: Logger, outcomes: readonly SourceOutcome[]): void {
  for (const { source, files, late } of outcomes) {
    for (const { status, key, why } of files) {
      if (status === "failed") logger.error("file failed", { source, key, error: why });
      else logger.info(`file ${status}`, { source, key });
    }
    if (late !== undefined) logger.warn("source is late", { source, late });
  }
  const files = outcomes.flatMap((outcome) => outcome.files);
  const metrics = new Metrics({ namespace: process.env[NAMESPACE_VARIABLE] ?? NAMESPACE });
  // As for runs: the alarm knows no dimension for the service.
  metrics.clearDefaultDimensions();
  metrics.addDimension("function", FETCHER.function);
  const count = (name: FetchMetric, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  count("ForecastLate", outcomes.filter(({ late }) => late !== undefined).length);
  count("FilesLanded", files.filter(({ status }) => status === "landed").length);
  count("FilesFailed", files.filter(({ status }) => status === "failed").length);
  metrics.publishStoredMetrics();
}
