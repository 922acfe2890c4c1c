import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { RunMetric } from "../functions/coordinator/metrics.ts";

/**
 * A count that the coordinator writes at the end of a run.
 *
 * @param stackName - the namespace: stacks of one account do not hear of each other's runs
 */
export function runMetric(
  stackName: string,
  metricName: RunMetric,
  product: string,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: stackName,
    metricName,
    dimensionsMap: { product },
    statistic: Stats.SUM,
    ...options,
  });
}

/** What Lambda counts of durable executions as a whole; `Errors` counts single invocations. */
export function executionMetric(metricName: string, durable: IFunction, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: "AWS/Lambda",
    metricName,
    dimensionsMap: { FunctionName: durable.functionName },
    statistic: Stats.SUM,
    ...options,
  });
}
