import { type Stack, Validations } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { EventType } from "aws-cdk-lib/aws-s3";
import { LambdaDestination } from "aws-cdk-lib/aws-s3-notifications";
import { FilterOrPolicy, SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { ANY, FORECAST_SUFFIXES, inputKeys } from "../lib/keys.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Settings } from "./settings.ts";
import type { Storage } from "./storage.ts";

export interface TriggerProps {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly coordinator: Coordinator;
}

/** Has an upload of a forecast to the input bucket invoke the coordinator, in the way that `trigger` names. */
export function startRunsOnUpload(stack: Stack, { settings: { trigger }, ...parts }: TriggerProps): void {
  if (trigger === "notification") notify(parts);
  else if (trigger === "eventbridge") makeRule(stack, parts);
  else subscribe(stack, trigger, parts);
  for (const handler of stack.node.children.filter(({ node }) => node.id.startsWith("BucketNotificationsHandler"))) {
    Validations.of(handler).acknowledge({
      id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
      reason:
        "The toolkit's own function, which sets the bucket's notification at a deployment; the policy lets it log.",
    });
  }
}

type Parts = Omit<TriggerProps, "settings">;

function notify({ storage: { input }, coordinator }: Parts): void {
  const destination = new LambdaDestination(coordinator.alias);
  for (const suffix of FORECAST_SUFFIXES) {
    input.addEventNotification(EventType.OBJECT_CREATED, destination, { prefix: inputKeys.forecasts, suffix });
  }
}

/** The bucket's notifications stay as they are: it has to send its events to EventBridge, as one that is made here does. */
function makeRule(stack: Stack, { storage: { input }, coordinator }: Parts): void {
  new Rule(stack, "ForecastUploads", {
    description: "Starts a run of each forecast that is uploaded",
    eventPattern: {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      detail: {
        bucket: { name: [input.bucketName] },
        object: { key: FORECAST_SUFFIXES.map((suffix) => ({ wildcard: inputKeys.forecasts + ANY + suffix })) },
      },
    },
    targets: [new LambdaFunction(coordinator.alias, { deadLetterQueue: coordinator.deadLetters })],
  });
}

/** A topic to which the bucket's notifications go, for whoever wants them. */
function subscribe(stack: Stack, topicArn: string, { storage: { input }, coordinator }: Parts): void {
  const is = (...allowlist: string[]) => FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ allowlist }));
  const begins = (...matchPrefixes: string[]) =>
    FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ matchPrefixes }));
  const s3 = FilterOrPolicy.policy({
    bucket: FilterOrPolicy.policy({ name: is(input.bucketName) }),
    object: FilterOrPolicy.policy({ key: begins(inputKeys.forecasts) }),
  });
  const subscription = new LambdaSubscription(coordinator.alias, {
    deadLetterQueue: coordinator.deadLetters,
    filterPolicyWithMessageBody: { Records: FilterOrPolicy.policy({ eventName: begins("ObjectCreated:"), s3 }) },
  });
  const made = Topic.fromTopicArn(stack, "ForecastTopic", topicArn).addSubscription(subscription);
  Validations.of(made).acknowledge({
    id: "CloudFormation-Validate::W3694",
    reason: "A subscription takes an alias, too: it is the qualified ARN of a function.",
  });
}
