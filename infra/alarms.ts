import { Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { RunMetric } from "../functions/coordinator/metrics.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Fetcher } from "./fetcher.ts";
import { executionMetric, fetchMetric, runMetric } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import type { BandMaker, Worker } from "./workers.ts";

const DAY = Duration.days(1);
const FIVE_MINUTES = Duration.minutes(5);
/** How much of its time limit an invocation of the coordinator may take before somebody is told. */
const NEAR_THE_LIMIT = 0.8;

export interface AlarmsProps {
  readonly settings: Settings;
  readonly coordinator: Coordinator;
  readonly worker: Worker;
  readonly bandMaker: BandMaker;
  readonly fetcher: Fetcher | undefined;
}

interface AlarmOptions {
  readonly description: string;
  readonly threshold?: number;
  /** Whether values below the threshold are what is wrong, and not those from the threshold on. */
  readonly below?: boolean;
  /** How many periods in a row must be wrong. */
  readonly periods?: number;
}

/** The alarms of a deployment, and the topic that sends them to people. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, id: string, { settings, coordinator, worker, bandMaker, fetcher }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { enforceSSL: true });
    // That gives the topic a policy of its own, in place of the default one, which lets the account's alarms publish.
    this.topic.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (settings.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    // In the order in which the dashboard shows them.
    this.#watchRuns(settings);
    this.#watchExecutions(coordinator);
    this.#watchWorker(worker.function);
    this.#watchBands(bandMaker.function);
    this.#watchTime(coordinator.function, settings);
    if (fetcher !== undefined) this.#watchFetcher(fetcher.function, settings);
  }

  #watchRuns({ stackName, products, quietDays }: Settings): void {
    for (const product of products) {
      const sum = (name: RunMetric, period = FIVE_MINUTES) => runMetric(name, { stackName, product, period });
      this.#alarm(`RunNotComplete-${product}`, sumOf([sum("RunsPartial"), sum("RunsFailed")]), {
        description: `A run of ${product} ended partial or failed: its manifest names what is missing and why. Mend it, then resume.`,
      });
      this.#alarm(`NoRun-${product}`, sumOf([sum("RunsCompleted", DAY)], DAY), {
        description: `No run of ${product} was completed within ${quietDays} days: see whether forecasts still arrive in forecasts/.`,
        below: true,
        periods: quietDays,
      });
    }
  }

  #watchExecutions({ function: durable, deadLetters }: Coordinator): void {
    this.#alarm(
      "ExecutionFailed",
      sumOf(
        ["DurableExecutionFailed", "DurableExecutionTimedOut", "DurableExecutionStopped"].map((name) =>
          executionMetric(name, durable, { period: FIVE_MINUTES }),
        ),
      ),
      {
        description:
          "An execution of the coordinator failed: a run did, or a forecast was refused. Its result says which and why; one that ran out of executionTimeoutMinutes has none: raise it, then resume.",
      },
    );
    this.#alarm("CoordinatorErrors", durable.metricErrors({ period: FIVE_MINUTES }), {
      description: "The coordinator crashed or ran out of time or memory: see its logs.",
    });
    this.#alarm(
      "DeadLetters",
      deadLetters.metricApproximateNumberOfMessagesVisible({
        period: FIVE_MINUTES,
        statistic: Stats.MAXIMUM,
      }),
      {
        description:
          "The event of an execution that failed, or could not begin, is in the queue. When it is mended, delete the message: until then this alarm stays.",
      },
    );
  }

  #watchWorker(worker: IFunction): void {
    this.#alarm("WorkerErrors", worker.metricErrors({ period: FIVE_MINUTES }), {
      description: "Chunks failed; each is tried three times, and the manifest tells what came of it.",
    });
    this.#alarm("WorkerThrottles", worker.metricThrottles({ period: FIVE_MINUTES }), {
      description: "Lambda refused workers: lower the setting concurrency, or have the account's limit raised.",
    });
  }

  #watchBands(bandMaker: IFunction): void {
    this.#alarm("BandErrors", bandMaker.metricErrors({ period: FIVE_MINUTES }), {
      description:
        "Bands of a large grid failed; each is tried three times, and the run's manifest names those that could not be made.",
    });
    this.#alarm("BandThrottles", bandMaker.metricThrottles({ period: FIVE_MINUTES }), {
      description: "Lambda refused to make bands of a grid: lower concurrency, or have the account's limit raised.",
    });
  }

  #watchTime(coordinator: IFunction, { coordinatorTimeoutSeconds }: Settings): void {
    this.#alarm("CoordinatorSlow", coordinator.metricDuration({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }), {
      description: `One invocation of the coordinator took more than ${NEAR_THE_LIMIT * 100} % of its time: give it more memory, which is more processor.`,
      threshold: NEAR_THE_LIMIT * coordinatorTimeoutSeconds * 1000,
    });
  }

  #watchFetcher(fetcher: IFunction, { stackName }: Settings): void {
    const late = fetchMetric("ForecastLate", { stackName, statistic: Stats.MAXIMUM, period: DAY });
    this.#alarm("ForecastLate", sumOf([late], DAY), {
      description:
        "A source has had nothing new for longer than it allows: the fetcher's logs say which. See whether the publisher still has it at that address.",
    });
    this.#alarm("FetcherErrors", fetcher.metricErrors({ period: DAY }), {
      description: "The fetcher fetched nothing, as sources.json or its permissions are wrong, or it ran out of time.",
    });
  }

  #alarm(id: string, metric: IMetric, { description, threshold = 1, below = false, periods = 1 }: AlarmOptions): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: description,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      // An alarm that waits for too few of something must go off, too, where nothing is counted at all.
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.all.push(alarm);
  }
}

function sumOf(metrics: readonly Metric[], period = FIVE_MINUTES): MathExpression {
  const ids = metrics.map((_, i) => `m${i}`);
  return new MathExpression({
    // In a period without a value a metric counts as 0. Else the sum would have no value either, and the alarm would take
    // an older one in its place.
    expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [ids[i]!, metric])),
    period,
  });
}
