import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  type Metric,
  type MetricOptions,
  SingleValueWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { RunMetric } from "../functions/coordinator/metrics.ts";
import type { Alarms } from "./alarms.ts";
import type { Coordinator, Worker } from "./functions.ts";
import { runMetric } from "./metrics.ts";
import type { Settings } from "./settings.ts";

const DAY = Duration.days(1);
const WIDTH = 24;
const HALF = WIDTH / 2;

/** One page that answers: did today's run work, how long did it take, how many stations, what was warned? */
export class RunDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    { stackName, products }: Settings,
    coordinator: Coordinator,
    worker: Worker,
    alarms: Alarms,
  ) {
    super(scope, id);
    const each = (names: readonly RunMetric[], options: MetricOptions = {}): Metric[] =>
      products.flatMap((product) =>
        names.map((name) =>
          runMetric(stackName, name, product, { label: `${product} ${name}`, period: DAY, ...options }),
        ),
      );
    this.dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: stackName,
      defaultInterval: Duration.days(14),
    });
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: "What must be looked at", alarms: alarms.all, width: WIDTH, height: 4 }),
    );
    this.dashboard.addWidgets(
      new SingleValueWidget({
        title: "The last day with a run (UTC)",
        metrics: each(["RunsCompleted", "RunsPartial", "RunsFailed", "StationsWritten", "StationWarnings"]),
        width: WIDTH,
        height: 4,
      }),
    );
    this.dashboard.addWidgets(
      new LogQueryWidget({
        title: "Runs",
        logGroupNames: [coordinator.logs.logGroupName],
        queryLines: [
          'filter message in ["run ended", "run failed"]',
          "fields @timestamp, product, status, written, planned, warnings, seconds, runId, error",
          "sort @timestamp desc",
          "limit 50",
        ],
        view: LogQueryVisualizationType.TABLE,
        width: WIDTH,
        height: 8,
      }),
    );
    this.dashboard.addWidgets(
      new GraphWidget({
        title: "Stations written and warned",
        left: each(["StationsWritten"]),
        right: each(["StationWarnings"]),
        width: HALF,
      }),
      new GraphWidget({
        title: "Seconds of a run",
        left: each(["RunSeconds", "GridSeconds"], { statistic: Stats.MAXIMUM }),
        width: HALF,
      }),
    );
    this.dashboard.addWidgets(
      new LogQueryWidget({
        title: "Chunks missing, forecasts refused, steps that failed",
        logGroupNames: [coordinator.logs.logGroupName],
        queryLines: [
          'filter level = "ERROR"',
          "fields @timestamp, message, product, runId, chunkId, forecastKey, coalesce(error.message, error) as why",
          "sort @timestamp desc",
          "limit 50",
        ],
        view: LogQueryVisualizationType.TABLE,
        width: WIDTH,
        height: 6,
      }),
    );
    this.dashboard.addWidgets(
      new GraphWidget({
        title: "Workers",
        left: [worker.function.metricInvocations(), worker.function.metricErrors(), worker.function.metricThrottles()],
        right: [worker.function.metricDuration({ statistic: Stats.p(95), label: "Duration p95" })],
        width: HALF,
      }),
      new GraphWidget({
        title: "Coordinator",
        left: [coordinator.function.metricInvocations(), coordinator.function.metricErrors()],
        right: [coordinator.function.metricDuration({ statistic: Stats.MAXIMUM, label: "Duration maximum" })],
        width: HALF,
      }),
    );
  }
}
