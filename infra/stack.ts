import { Aws, CfnMapping, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { inputKeys, keys } from "../lib/keys.ts";
import { Alarms } from "./alarms.ts";
import { Coordinator } from "./coordinator.ts";
import { dashboardName, RunDashboard } from "./dashboard.ts";
import { Fetcher } from "./fetcher.ts";
import type { Settings } from "./settings.ts";
import { smokeCommand } from "./smoke/command-line.ts";
import { Storage } from "./storage.ts";
import { startRunsOnUpload } from "./trigger.ts";
import { BandMaker, Worker } from "./workers.ts";

/** Where each partition has its console. */
const CONSOLES = {
  aws: { domain: "console.aws.amazon.com" },
  "aws-cn": { domain: "console.amazonaws.cn" },
  "aws-us-gov": { domain: "console.amazonaws-us-gov.com" },
};

/** A deployment: two buckets, three functions, or four where inputs are fetched, and the alarms and the dashboard that show how runs went. */
export class S2sFanoutStack extends Stack {
  readonly worker: Worker;
  readonly bandMaker: BandMaker;
  readonly coordinator: Coordinator;
  /** Only where sources are set. */
  readonly fetcher: Fetcher | undefined;

  constructor(scope: Construct, settings: Settings, props: StackProps = {}) {
    super(scope, settings.stackName, {
      description: "Joins an archive of gridded observations with each new sub-seasonal forecast: a CSV per station",
      ...props,
    });
    const storage = new Storage(this, "Storage", settings);
    const worker = new Worker(this, "Worker", { settings, storage });
    const bandMaker = new BandMaker(this, "BandMaker", { settings, storage });
    const coordinator = new Coordinator(this, "Coordinator", { settings, storage, worker, bandMaker });
    this.worker = worker;
    this.bandMaker = bandMaker;
    this.coordinator = coordinator;
    startRunsOnUpload(this, { settings, storage, coordinator });
    const { fetch: sources } = settings;
    this.fetcher = sources && new Fetcher(this, "Fetcher", { settings, storage, sources });
    const functions = { coordinator, worker, bandMaker, fetcher: this.fetcher };
    const alarms = new Alarms(this, "Alarms", { settings, ...functions });
    new RunDashboard(this, "Dashboard", { settings, ...functions, alarms });
    this.#writeOutputs(settings, storage, alarms);
  }

  /** What `cdk deploy` prints at its end: where things are, and the commands that start a run. */
  #writeOutputs(settings: Settings, { input, output }: Storage, alarms: Alarms): void {
    const { alias, function: coordinator, deadLetters } = this.coordinator;
    const consoles = new CfnMapping(this, "Consoles", { mapping: CONSOLES });
    const console = `https://${this.region}.${consoles.findInMap(Aws.PARTITION, "domain")}`;
    const say = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    say("InputBucket", "Holds observations/, stations/, forecasts/, products.json", input.bucketName);
    say("OutputBucket", "Holds the series, latest.json, runs/ and grids/", output.bucketName);
    const smoke = smokeCommand(settings, { input: input.bucketName, output: output.bucketName });
    if (smoke !== undefined) say("SmokeTest", "Tries this deployment with made inputs", smoke);
    say("UploadForecast", "Starts a run", `aws s3 cp FORECAST.nc s3://${input.bucketName}/${inputKeys.forecasts}`);
    say(
      "InvokeByHand",
      "Starts a run of a forecast that is there",
      `aws lambda invoke --function-name ${alias.functionArn} --invocation-type Event --cli-binary-format raw-in-base64-out --payload file://events/manual.json /dev/stdout`,
    );
    say(
      "TestInConsole",
      "Starts a run from the console",
      `${console}/lambda/home?region=${this.region}#/functions/${coordinator.functionName}/aliases/live?tab=testing`,
    );
    say("Runs", "Manifests of all runs", `${console}/s3/buckets/${output.bucketName}?prefix=${keys.runs}`);
    say(
      "RunDashboard",
      "Did today's run work?",
      `${console}/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName(this, settings)}`,
    );
    say(
      "DeadLetters",
      "Events whose executions failed",
      `${console}/sqs/v3/home?region=${this.region}#/queues/https%3A%2F%2Fsqs.${this.region}.${this.urlSuffix}%2F${this.account}%2F${deadLetters.queueName}`,
    );
    say("AlarmTopic", "Tells of alarms", alarms.topic.topicArn);
  }
}
