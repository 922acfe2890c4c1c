import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { synthesize } from "../support/synth.ts";

const deployment = synthesize();
const { template, resources } = deployment;
const coordinator = { Environment: { Variables: { STATION_CHUNK_FUNCTION: Match.anyValue() } } };

/** The statements of every role's policies. */
function statements(of: Template): { Action: string | string[]; Effect: string; Resource: unknown }[] {
  const policies = Object.values(of.findResources("AWS::IAM::Policy")) as {
    Properties: { PolicyDocument: { Statement: { Action: string; Effect: string; Resource: unknown }[] } };
  }[];
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe("buckets", () => {
  test("are encrypted, closed to the public, and outlive the stack, but not a first deployment that fails", () => {
    const closed = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    template.resourceCountIs("AWS::S3::Bucket", 2);
    template.allResources("AWS::S3::Bucket", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        PublicAccessBlockConfiguration: closed,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      },
    });
  });

  test("that are not to be kept go with the stack, once they are empty", () => {
    const removed = synthesize({ keepBuckets: "false" }).template;
    removed.allResources("AWS::S3::Bucket", { DeletionPolicy: "Delete" });
    removed.resourceCountIs("Custom::S3AutoDeleteObjects", 0);
  });

  test("keep old versions of inputs, and old runs and grids, for as long as is set", () => {
    const { template: set } = synthesize({ inputVersionDays: 30, runDays: 50, gridDays: 60 });
    set.hasResourceProperties("AWS::S3::Bucket", {
      VersioningConfiguration: { Status: "Enabled" },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "ReplacedInputs",
            Status: "Enabled",
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    });
    set.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: {
        // Nothing here reaches a series or latest.json. A grid's marker goes before its tiles.
        Rules: [
          { Id: "Runs", Prefix: "runs/", Status: "Enabled", ExpirationInDays: 50 },
          { Id: "Index", Prefix: "index/", Status: "Enabled", ExpirationInDays: 50 },
          { Id: "GridMarkers", Prefix: "grids/ready/", Status: "Enabled", ExpirationInDays: 60 },
          { Id: "Grids", Prefix: "grids/", Status: "Enabled", ExpirationInDays: 67 },
          { Id: "Uploads", Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      },
    });
  });

  test("drop series after the days that are set, with latest.json, manifests and pages", () => {
    const { template: set } = synthesize({ products: "prec,temp", seriesDays: 60 });
    const expiring = (Id: string, Prefix: string) => ({ Id, Prefix, Status: "Enabled", ExpirationInDays: 60 });
    set.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          expiring("Runs", "runs/"),
          expiring("Index", "index/"),
          expiring("Series-prec", "prec/"),
          expiring("Series-temp", "temp/"),
        ]),
      },
    });
  });

  test("that exist are used by their names, and none is made", () => {
    const existing = synthesize({ inputBucket: "rain-in", outputBucket: "rain-out" });
    existing.template.resourceCountIs("AWS::S3::Bucket", 0);
    existing.template.hasResourceProperties("Custom::S3BucketNotifications", { BucketName: "rain-in", Managed: false });
    const { environment, policies } = existing.functionOf("Coordinator");
    expect(environment).toMatchObject({ INPUT_BUCKET: "rain-in", OUTPUT_BUCKET: "rain-out" });
    expect(JSON.stringify(policies)).toContain('"arn:aws:s3:::rain-in/observations/*"');
  });
});

describe("an upload", () => {
  test("of a NetCDF or GRIB file to forecasts/ invokes the alias, and nothing else does", () => {
    const [alias] = Object.keys(template.findResources("AWS::Lambda::Alias", { Properties: { Name: "live" } }));
    template.resourceCountIs("Custom::S3BucketNotifications", 1);
    template.hasResourceProperties("Custom::S3BucketNotifications", {
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [".nc", ".nc.gz", ".zip", ".grib", ".grib2", ".grb", ".grb2"].map((suffix) => ({
          Events: ["s3:ObjectCreated:*"],
          Filter: {
            Key: {
              FilterRules: [
                { Name: "suffix", Value: suffix },
                { Name: "prefix", Value: "forecasts/" },
              ],
            },
          },
          LambdaFunctionArn: { Ref: alias },
        })),
      },
    });
    template.resourceCountIs("AWS::Lambda::Permission", 1);
    template.hasResourceProperties("AWS::Lambda::Permission", {
      FunctionName: { Ref: alias },
      Principal: "s3.amazonaws.com",
      SourceAccount: { Ref: "AWS::AccountId" },
      SourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("Input"), "Arn"] },
    });
  });

  test("by EventBridge leaves a bucket that exists as it is", () => {
    const { template: set } = synthesize({ trigger: "eventbridge", inputBucket: "shared" });
    set.resourceCountIs("Custom::S3BucketNotifications", 0);
    const [alias] = Object.keys(set.findResources("AWS::Lambda::Alias", { Properties: { Name: "live" } }));
    set.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: ["shared"] },
          object: { key: Match.arrayWith([{ wildcard: "forecasts/*.nc" }, { wildcard: "forecasts/*.grib2" }]) },
        },
      },
      Targets: [
        {
          Arn: { Ref: alias },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("Letters"), "Arn"] } },
        },
      ],
    });
    set.hasResourceProperties("AWS::Lambda::Permission", {
      FunctionName: { Ref: alias },
      Principal: "events.amazonaws.com",
      SourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("ForecastUploads"), "Arn"] },
    });
  });

  test("by EventBridge comes from a bucket that is made for it", () => {
    const { template: set } = synthesize({ trigger: "eventbridge" });
    expect(Object.keys(set.findResources("AWS::Events::Rule"))).toHaveLength(1);
    set.hasResourceProperties("Custom::S3BucketNotifications", {
      NotificationConfiguration: { EventBridgeConfiguration: {}, LambdaFunctionConfigurations: Match.absent() },
    });
  });

  test("by a topic comes without other uploads", () => {
    const topic = "arn:aws:sns:eu-central-1:111122223333:new-forecasts";
    const { template: set } = synthesize({ trigger: topic, inputBucket: "shared" });
    set.resourceCountIs("Custom::S3BucketNotifications", 0);
    set.hasResourceProperties("AWS::SNS::Subscription", {
      TopicArn: topic,
      Protocol: "lambda",
      FilterPolicyScope: "MessageBody",
      FilterPolicy: {
        Records: {
          eventName: [{ prefix: "ObjectCreated:" }],
          s3: { bucket: { name: ["shared"] }, object: { key: [{ prefix: "forecasts/" }] } },
        },
      },
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("Letters"), "Arn"] } },
    });
    set.hasResourceProperties("AWS::Lambda::Permission", { Principal: "sns.amazonaws.com", SourceArn: topic });
  });

  test("that fails is kept, and one that cannot begin is tried for six hours", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      // Lambda does not look at it for a durable function.
      MaximumRetryAttempts: Match.absent(),
      MaximumEventAgeInSeconds: 21_600,
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      ...coordinator,
      DeadLetterConfig: { TargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("DeadLetters"), "Arn"] } },
    });
  });
});

describe("functions", () => {
  test("run on Node 24 and ARM, as large and as long as is set", () => {
    const { template: set } = synthesize({
      coordinatorMemoryMb: 3008,
      coordinatorTimeoutSeconds: 600,
      coordinatorStorageMb: 4096,
      executionTimeoutMinutes: 60,
      workerMemoryMb: 1024,
      workerTimeoutSeconds: 60,
    });
    const platform = { Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" };
    set.hasResourceProperties("AWS::Lambda::Function", {
      ...platform,
      ...coordinator,
      MemorySize: 3008,
      Timeout: 600,
      EphemeralStorage: { Size: 4096 },
      DurableConfig: { ExecutionTimeout: 3600, RetentionPeriodInDays: 30 },
    });
    // The function for bands does the coordinator's work.
    set.hasResourceProperties("AWS::Lambda::Function", {
      ...platform,
      DurableConfig: Match.absent(),
      MemorySize: 3008,
      Timeout: 600,
      EphemeralStorage: { Size: 4096 },
    });
    set.hasResourceProperties("AWS::Lambda::Function", { ...platform, MemorySize: 1024, Timeout: 60 });
  });

  test("keep their old versions, and a coordinator invokes the workers of its own deployment", () => {
    template.resourceCountIs("AWS::Lambda::Version", 3);
    template.allResources("AWS::Lambda::Version", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
    });
    const { environment } = deployment.functionOf("Coordinator");
    expect(environment["STATION_CHUNK_FUNCTION"]).toBe(`${deployment.functionOf("Worker").arn}:1`);
    expect(environment["GRID_BAND_FUNCTION"]).toBe(`${deployment.functionOf("BandMaker").arn}:1`);
  });

  test("are told every setting of theirs", () => {
    const set = synthesize({
      products: "prec,temp",
      baseline: "1991-2020",
      grid: "global",
      chunkSize: 75,
      concurrency: 7,
      gridMemoryMb: 512,
      coordinatorStorageMb: 4096,
      coordinatorTimeoutSeconds: 600,
      observationsKey: "observations/new.nc",
      stationsKey: "stations/few.csv",
      stationsEncoding: "gb18030",
      stackName: "rain",
    });
    expect(set.functionOf("Coordinator").environment).toMatchObject({
      PRODUCTS: "prec,temp",
      BASELINE: "1991-2020",
      GRID: "global",
      POWERTOOLS_METRICS_NAMESPACE: "rain",
      CHUNK_SIZE: "75",
      MAX_CONCURRENCY: "7",
      GRID_MEMORY_MB: "512",
      INVOCATION_STORAGE_MB: "4096",
      INVOCATION_SECONDS: "600",
      OBSERVATIONS_KEY: "observations/new.nc",
      STATIONS_KEY: "stations/few.csv",
      STATIONS_ENCODING: "gb18030",
    });
    expect(set.functionOf("BandMaker").environment).toMatchObject({ GRID_MEMORY_MB: "512" });
  });

  test("log to groups of their own, for as long as is set", () => {
    const { template: set } = synthesize({ logDays: 30 });
    set.resourceCountIs("AWS::Logs::LogGroup", 3);
    set.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });
});

describe("roles", () => {
  test("allow no action by a wildcard, and no resource that is one", () => {
    const allowed = statements(template).filter(({ Effect }) => Effect === "Allow");
    expect(allowed.length).toBeGreaterThan(8);
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    expect(allowed.flatMap(({ Resource }) => Resource).filter((resource) => resource === "*")).toEqual([]);
  });

  test("are assumed by Lambda alone, and take AWS's policies for the toolkit's own function only", () => {
    const roles = Object.entries(template.findResources("AWS::IAM::Role"));
    expect(roles).toHaveLength(4);
    for (const [id, role] of roles) {
      const ours = !id.startsWith("BucketNotificationsHandler");
      const { AssumeRolePolicyDocument, ManagedPolicyArns } = (role as { Properties: Record<string, unknown> })
        .Properties;
      expect(AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
      });
      expect(ManagedPolicyArns === undefined).toBe(ours);
    }
  });
});

describe("alarms", () => {
  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
    (alarm) => (alarm as { Properties: Record<string, unknown> }).Properties,
  );

  test("tell a topic over TLS, and whoever is to be told", () => {
    const { template: set } = synthesize({ alarmEmail: "rain@example.org" });
    set.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "rain@example.org" });
    template.resourceCountIs("AWS::SNS::Subscription", 0);
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
          {
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          },
        ],
      },
    });
    const [topic] = Object.keys(template.findResources("AWS::SNS::Topic"));
    for (const { AlarmActions, OKActions, AlarmDescription } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]]);
      expect(AlarmDescription).toMatch(/\.$/);
    }
  });

  test.each<[string, Record<string, unknown>]>([
    ["a dead letter", { MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 1, Statistic: "Maximum" }],
    ["a worker's error", { MetricName: "Errors", Dimensions: [{ Value: { Ref: Match.stringLikeRegexp("^Worker") } }] }],
    [
      "a coordinator's error",
      { MetricName: "Errors", Dimensions: [{ Value: { Ref: Match.stringLikeRegexp("^Coord") } }] },
    ],
    [
      "a band's error",
      { MetricName: "Errors", Dimensions: [{ Value: { Ref: Match.stringLikeRegexp("^BandMaker") } }] },
    ],
    ["a throttle", { MetricName: "Throttles", Dimensions: [{ Value: { Ref: Match.stringLikeRegexp("^Worker") } }] }],
    ["a coordinator near its limit", { MetricName: "Duration", Threshold: 240_000, Statistic: "Maximum" }],
  ])("ring for %s", (_, properties) => {
    const { Dimensions, ...rest } = properties;
    const matched =
      Dimensions === undefined
        ? rest
        : { ...rest, Dimensions: (Dimensions as object[]).map((one) => Match.objectLike(one)) };
    template.hasResourceProperties("AWS::CloudWatch::Alarm", matched);
  });

  test("ring for a silence of two days, and count a day without a value as one", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: [
        { Expression: "FILL(m0, 0)" },
        {
          MetricStat: {
            Metric: {
              MetricName: "RunsCompleted",
              Namespace: "S2sFanout",
              Dimensions: [{ Name: "product", Value: "prec" }],
            },
            Period: 86_400,
            Stat: "Sum",
          },
        },
      ],
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
      EvaluationPeriods: 2,
    });
  });

  test.each([
    ["a partial or failed run", ["RunsPartial", "RunsFailed"]],
    ["a failed execution", ["DurableExecutionFailed", "DurableExecutionTimedOut", "DurableExecutionStopped"]],
  ])("ring for %s", (_, names) => {
    const found = alarms.find((alarm) => JSON.stringify(alarm["Metrics"] ?? "").includes(`"${names[0]}"`));
    const metrics = found!["Metrics"] as { Expression?: string; MetricStat?: { Metric: { MetricName: string } } }[];
    expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? [])).toEqual(names);
    expect(metrics[0]!.Expression).toBe(names.map((__, i) => `FILL(m${i}, 0)`).join(" + "));
    expect(found).toMatchObject({ Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" });
  });

  test("stand for every product, and hear of no other stack's runs", () => {
    const { template: two } = synthesize({ stackName: "rain", products: "prec,temp" });
    for (const Value of ["prec", "temp"]) {
      two.hasResourceProperties("AWS::CloudWatch::Alarm", {
        Metrics: Match.arrayWith([
          Match.objectLike({
            MetricStat: {
              Metric: { Namespace: "rain", MetricName: "RunsCompleted", Dimensions: [{ Name: "product", Value }] },
            },
          }),
        ]),
      });
    }
  });
});

test("what a deployment prints is ready to be used", () => {
  const name = deployment.functionOf("Coordinator").arn.split(":").at(-1);
  expect(deployment.outputs()).toMatchObject({
    InputBucket: "input-bucket",
    OutputBucket: "output-bucket",
    SmokeTest: "npm run smoke -- --input-bucket input-bucket --output-bucket output-bucket",
    UploadForecast: "aws s3 cp FORECAST.nc s3://input-bucket/forecasts/",
    InvokeByHand: expect.stringContaining("--payload file://events/manual.json"),
    TestInConsole: `https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/${name}/aliases/live?tab=testing`,
    RunDashboard: expect.stringMatching(/#dashboards\/dashboard\/S2sFanout-us-east-1$/),
  });
  expect(Object.keys(resources)).toContain(Object.keys(template.findResources("AWS::CloudWatch::Dashboard"))[0]);
});

test("links lead to the console and the queues of the partition", () => {
  const region = "cn-north-1";
  const china = { account: "111122223333", region, partition: "aws-cn", urlSuffix: "amazonaws.com.cn" };
  const { TestInConsole, Runs, RunDashboard, DeadLetters } = deployment.outputs(china);
  for (const link of [TestInConsole, Runs, RunDashboard, DeadLetters]) {
    expect(link).toMatch(/^https:\/\/cn-north-1\.console\.amazonaws\.cn\//);
  }
  expect(RunDashboard).toMatch(/\/S2sFanout-cn-north-1$/);
  expect(DeadLetters).toContain("sqs.cn-north-1.amazonaws.com.cn%2F111122223333");
});

test("the dashboards of two regions have different names", () => {
  template.hasResourceProperties("AWS::CloudWatch::Dashboard", {
    DashboardName: { "Fn::Join": ["", ["S2sFanout-", { Ref: "AWS::Region" }]] },
  });
});

test("the template is the one that was looked at last", async () => {
  const text = JSON.stringify(template.toJSON(), undefined, 2)
    // Code changes with every commit, and with it the names of assets and versions.
    .replaceAll(/[0-9a-f]{64}\.zip/g, "CODE.zip")
    .replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, "$1VERSION");
  await expect(`${text}\n`).toMatchFileSnapshot("stack.expected.json");
});
