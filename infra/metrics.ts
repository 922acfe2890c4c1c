import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { RunMetric } from "../functions/coordinator/metrics.ts";
import { FETCHER, type FetchMetric } from "../functions/fetcher/metrics.ts";

interface Namespaced {
  /** The namespace of the metrics, so that each stack of an account counts its own alone. */
  readonly stackName: string;
}

export interface RunMetricOptions extends MetricOptions, Namespaced {
  readonly product: string;
}

/** What the coordinator counted at the end of each run. */
export function runMetric(metricName: RunMetric, { stackName, product, ...options }: RunMetricOptions): Metric {
  return new Metric({
    namespace: stackName,
    metricName,
    dimensionsMap: { product },
    statistic: Stats.SUM,
    ...options,
  });
}

/** What the fetcher counted of each round. */
export function fetchMetric(metricName: FetchMetric, { stackName, ...options }: MetricOptions & Namespaced): Metric {
  return new Metric({
    namespace: stackName,
    metricName,
    dimensionsMap: FETCHER,
    statistic: Stats.SUM,
    ...options,
  });
}

/** What Lambda counts of whole durable executions; its metric `Errors` counts single invocations instead. */
export function executionMetric(metricName: string, durable: IFunction, options: MetricOptions): Metric {
  return new Metric({
    namespace: "AWS/Lambda",
    metricName,
    dimensionsMap: { FunctionName: durable.functionName },
    statistic: Stats.SUM,
    ...options,
  });
}
