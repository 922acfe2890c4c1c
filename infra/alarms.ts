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
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { RunMetric } from "../functions/coordinator/metrics.ts";
import type { Coordinator, Worker } from "./functions.ts";
import { executionMetric, runMetric } from "./metrics.ts";
import type { Settings } from "./settings.ts";

const DAY = Duration.days(1);
const FIVE_MINUTES = Duration.minutes(5);
/** Of its time limit, that the coordinator may use before somebody looks. */
const NEAR_THE_LIMIT = 0.8;

/** What somebody must look at, and a topic that tells them. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, id: string, settings: Settings, coordinator: Coordinator, worker: Worker) {
    super(scope, id);
    const { stackName, products, alarmEmail, quietDays, coordinatorTimeoutSeconds } = settings;
    this.topic = new Topic(this, "Topic", { enforceSSL: true });
    // A policy of its own takes the place of the default one, by which alarms of the account could publish.
    this.topic.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(alarmEmail));

    for (const product of products) {
      const sum = (name: RunMetric) => runMetric(stackName, name, product, { period: FIVE_MINUTES });
      this.#alarm(`RunNotComplete-${product}`, sumOf([sum("RunsPartial"), sum("RunsFailed")]), {
        description: `A run of ${product} ended partial or failed: its manifest names what is missing and why. Mend it, then resume.`,
      });
      this.#alarm(`NoRun-${product}`, sumOf([runMetric(stackName, "RunsCompleted", product, { period: DAY })], DAY), {
        description: `No run of ${product} was completed within ${quietDays} days: see whether forecasts still arrive in forecasts/.`,
        below: true,
        periods: quietDays,
      });
    }
    this.#alarm(
      "ExecutionFailed",
      sumOf(
        ["DurableExecutionFailed", "DurableExecutionTimedOut", "DurableExecutionStopped"].map((name) =>
          executionMetric(name, coordinator.function, { period: FIVE_MINUTES }),
        ),
      ),
      {
        description:
          "An execution of the coordinator failed: a run did, or a forecast was refused. Its result says which and why; one that ran out of executionTimeoutMinutes has none: raise it, then resume.",
      },
    );
    this.#alarm("CoordinatorErrors", coordinator.function.metricErrors({ period: FIVE_MINUTES }), {
      description: "The coordinator crashed or ran out of time or memory: see its logs.",
    });
    this.#alarm(
      "DeadLetters",
      coordinator.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: FIVE_MINUTES,
        statistic: Stats.MAXIMUM,
      }),
      {
        description:
          "The event of an execution that failed, or could not begin, is in the queue. When it is mended, delete the message: until then this alarm stays.",
      },
    );
    this.#alarm("WorkerErrors", worker.function.metricErrors({ period: FIVE_MINUTES }), {
      description: "Chunks failed; each is tried three times, and the manifest tells what came of it.",
    });
    this.#alarm("WorkerThrottles", worker.function.metricThrottles({ period: FIVE_MINUTES }), {
      description: "Lambda refused workers: lower the setting concurrency, or have the account's limit raised.",
    });
    this.#alarm(
      "CoordinatorSlow",
      coordinator.function.metricDuration({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      {
        description: `One invocation of the coordinator took more than ${NEAR_THE_LIMIT * 100} % of its time: give it more memory, which is more processor.`,
        threshold: NEAR_THE_LIMIT * coordinatorTimeoutSeconds * 1000,
      },
    );
  }

  #alarm(
    id: string,
    metric: IMetric,
    {
      description,
      threshold = 1,
      below = false,
      periods = 1,
    }: { description: string; threshold?: number; below?: boolean; periods?: number },
  ): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: description,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      // Where silence is what is looked for, no value is the worst one.
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
    // A metric that has no value in a period counts as none: it does not hide the others, and an alarm does not look
    // for an older value in its place.
    expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [ids[i]!, metric])),
    period,
  });
}
