import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";

/** A count that the coordinator writes at the end of a run: functions/coordinator/report.ts has their names. */
export function runMetric(metricName: string, product: string, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: "S2sFanout",
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
