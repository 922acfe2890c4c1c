import { Duration, Stack } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  type Metric,
  SingleValueWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { RunMetric } from "../functions/coordinator/metrics.ts";
import type { FetchMetric } from "../functions/fetcher/metrics.ts";
import type { Alarms } from "./alarms.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Fetcher } from "./fetcher.ts";
import { fetchMetric, runMetric } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import type { BandMaker, Worker } from "./workers.ts";

const DAY = Duration.days(1);
const WIDTH = 24;
const HALF = WIDTH / 2;

/** The dashboards of all regions of an account share their names. */
export function dashboardName(scope: Construct, { stackName }: Settings): string {
  return `${stackName}-${Stack.of(scope).region}`;
}

export interface RunDashboardProps {
  readonly settings: Settings;
  readonly coordinator: Coordinator;
  readonly worker: Worker;
  readonly bandMaker: BandMaker;
  readonly fetcher: Fetcher | undefined;
  readonly alarms: Alarms;
}

/** One page that answers: did today's run work, how long did it take, how many stations, what was warned? */
export class RunDashboard extends Construct {
  constructor(scope: Construct, id: string, props: RunDashboardProps) {
    super(scope, id);
    const { settings, coordinator, worker, bandMaker, fetcher, alarms } = props;
    const logs = coordinator.logs.logGroupName;
    new Dashboard(this, "Dashboard", {
      dashboardName: dashboardName(this, settings),
      defaultInterval: Duration.days(14),
      widgets: [
        [new AlarmStatusWidget({ title: "What must be looked at", alarms: alarms.all, width: WIDTH, height: 4 })],
        [lastDay(settings)],
        [runTable(logs)],
        graphsOfRuns(settings),
        [errorTable(logs)],
        [workerGraph(worker.function), coordinatorGraph(coordinator.function)],
        [bandGraph(bandMaker.function), ...(fetcher === undefined ? [] : [fetchGraph(settings)])],
      ],
    });
  }
}

function lastDay(settings: Settings): IWidget {
  return new SingleValueWidget({
    title: "The last day with a run (UTC)",
    metrics: daily(settings, ["RunsCompleted", "RunsPartial", "RunsFailed", "StationsWritten", "StationWarnings"]),
    width: WIDTH,
    height: 4,
  });
}

function graphsOfRuns(settings: Settings): IWidget[] {
  return [
    new GraphWidget({
      title: "Stations written and warned",
      left: daily(settings, ["StationsWritten"]),
      right: daily(settings, ["StationWarnings"]),
      width: HALF,
    }),
    new GraphWidget({
      title: "Seconds of a run",
      left: daily(settings, ["RunSeconds", "GridSeconds"], Stats.MAXIMUM),
      width: HALF,
    }),
  ];
}

/** These metrics of every product, with a value a day. */
function daily(
  { stackName, products }: Settings,
  names: readonly RunMetric[],
  statistic: string = Stats.SUM,
): Metric[] {
  return products.flatMap((product) =>
    names.map((name) => runMetric(name, { stackName, product, label: `${product} ${name}`, period: DAY, statistic })),
  );
}

function runTable(logGroup: string): IWidget {
  return logTable(logGroup, {
    title: "Runs",
    filter: 'message in ["run ended", "run failed"]',
    fields: "product, status, written, planned, warnings, seconds, runId, error",
    height: 8,
  });
}

function errorTable(logGroup: string): IWidget {
  return logTable(logGroup, {
    title: "Chunks missing, forecasts refused, steps that failed",
    filter: 'level = "ERROR"',
    fields: "message, product, runId, chunkId, forecastKey, coalesce(error.message, error) as why",
    height: 6,
  });
}

interface LogTable {
  readonly title: string;
  /** Which lines, and which of their fields beside the time. */
  readonly filter: string;
  readonly fields: string;
  readonly height: number;
}

/** The newest lines of a log. */
function logTable(logGroup: string, { title, filter, fields, height }: LogTable): IWidget {
  return new LogQueryWidget({
    title,
    logGroupNames: [logGroup],
    queryLines: [`filter ${filter}`, `fields @timestamp, ${fields}`, "sort @timestamp desc", "limit 50"],
    view: LogQueryVisualizationType.TABLE,
    width: WIDTH,
    height,
  });
}

function workerGraph(worker: IFunction): IWidget {
  return new GraphWidget({
    title: "Workers",
    left: [worker.metricInvocations(), worker.metricErrors(), worker.metricThrottles()],
    right: [worker.metricDuration({ statistic: Stats.p(95), label: "Duration p95" })],
    width: HALF,
  });
}

function bandGraph(bandMaker: IFunction): IWidget {
  return new GraphWidget({
    title: "Bands of large grids",
    left: [bandMaker.metricInvocations(), bandMaker.metricErrors(), bandMaker.metricThrottles()],
    right: [bandMaker.metricDuration({ statistic: Stats.MAXIMUM, label: "Duration maximum" })],
    width: HALF,
  });
}

function fetchGraph({ stackName }: Settings): IWidget {
  const metric = (name: FetchMetric, statistic: string = Stats.SUM) =>
    fetchMetric(name, { stackName, period: DAY, statistic, label: name });
  return new GraphWidget({
    title: "Files fetched",
    left: [metric("FilesLanded"), metric("FilesFailed"), metric("ForecastLate", Stats.MAXIMUM)],
    width: HALF,
  });
}

function coordinatorGraph(coordinator: IFunction): IWidget {
  return new GraphWidget({
    title: "Coordinator",
    left: [coordinator.metricInvocations(), coordinator.metricErrors()],
    right: [coordinator.metricDuration({ statistic: Stats.MAXIMUM, label: "Duration maximum" })],
    width: HALF,
  });
}
