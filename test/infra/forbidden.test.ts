import { describe, expect, test } from "vitest";
import { type Call, decide } from "../support/permissions.ts";
import { synthesize } from "../support/synth.ts";

const deployment = synthesize({ products: "prec,temp" });
const coordinator = deployment.functionOf("Coordinator");
const worker = deployment.functionOf("Worker");
const bandMaker = deployment.functionOf("BandMaker");
const bucketPolicies = Object.fromEntries(
  Object.values(deployment.resources)
    .filter(({ Type }) => Type === "AWS::S3::BucketPolicy")
    .map(({ Properties: { Bucket, PolicyDocument } }) => [
      deployment.resolve(Bucket),
      deployment.resolve(PolicyDocument),
    ]),
);

const input = (key: string) => `arn:aws:s3:::input-bucket/${key}`;
const output = (key: string) => `arn:aws:s3:::output-bucket/${key}`;
const call = (action: string, ...resources: string[]): Call[] => resources.map((resource) => ({ action, resource }));

/** Of every kind of object that there is. */
const INPUTS = ["observations/a.nc", "stations/stations.xls", "forecasts/f.nc", "products.json", "x"].map(input);
const OUTPUTS = [
  "prec/20200625.202008/50000.prec.csv",
  "prec/latest.json",
  "runs/r/claim.json",
  "runs/r/plan.json",
  "runs/r/chunks/0001.json",
  "runs/r/receipts/0001.json",
  "runs/r/bands/0001.json",
  "runs/r/manifest.json",
  "index.html",
  "index/r.20200630T123457.json",
  "grids/ready/g.json",
  "grids/g/anomaly/0.0.0",
].map(output);
const BUCKETS = ["arn:aws:s3:::input-bucket", "arn:aws:s3:::output-bucket"];
const OTHER_FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:another:1";

const ALL: Call[] = [
  ...call("s3:DeleteObject", ...INPUTS, ...OUTPUTS),
  ...call("s3:DeleteObjectVersion", ...INPUTS),
  ...call("s3:PutObject", ...INPUTS, output("x"), output("temporary/x"), output("precipitation/x")),
  ...call("s3:PutObjectAcl", ...OUTPUTS),
  ...call("s3:GetObject", input("x"), input("private/x"), output("x"), "arn:aws:s3:::another-bucket/forecasts/f.nc"),
  ...call("s3:PutBucketPolicy", ...BUCKETS),
  ...call("s3:PutLifecycleConfiguration", ...BUCKETS),
  ...call("s3:DeleteBucket", ...BUCKETS),
  ...call("s3:ListBucket", "arn:aws:s3:::another-bucket"),
  ...call("lambda:InvokeFunction", OTHER_FUNCTION, coordinator.arn),
  ...call("lambda:UpdateFunctionCode", coordinator.arn, worker.arn, bandMaker.arn),
  ...call("lambda:CheckpointDurableExecution", `${OTHER_FUNCTION}/durable-execution/name/id`),
  ...call("iam:PassRole", "arn:aws:iam::111122223333:role/a-role"),
  ...call("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:coordinatordeadletters33aa4a2c"),
];

const WORKER: Call[] = [
  ...call(
    "s3:GetObject",
    ...INPUTS,
    output("prec/latest.json"),
    output("runs/r/claim.json"),
    output("runs/r/plan.json"),
  ),
  ...call("s3:GetObject", output("prec/f/50000.prec.csv"), output("runs/r/manifest.json")),
  ...call("s3:ListBucket", "arn:aws:s3:::input-bucket"),
  ...call(
    "s3:PutObject",
    output("prec/latest.json"),
    output("temp/latest.json"),
    output("runs/r/claim.json"),
    output("runs/r/plan.json"),
    output("runs/r/chunks/0001.json"),
    output("runs/r/manifest.json"),
    output("runs/series/prec/f.json"),
    output("grids/ready/g.json"),
    output("grids/g/anomaly/0.0.0"),
    output("grids/g/shown/0"),
    output("grids/placed/0"),
  ),
  ...call("s3:PutObject", output("runs/r/bands/0001.json"), output("runs/r/grid-plan.json")),
  ...call("lambda:InvokeFunction", `${worker.arn}:1`, worker.arn, `${bandMaker.arn}:1`, `${coordinator.arn}:1`),
  ...call("lambda:CheckpointDurableExecution", `${coordinator.arn}:1/durable-execution/name/id`),
];

const BAND_MAKER: Call[] = [
  ...call("s3:GetObject", ...["stations/stations.xls", "forecasts/f.nc", "products.json"].map(input)),
  ...call(
    "s3:GetObject",
    output("runs/r/plan.json"),
    output("runs/r/chunks/0001.json"),
    output("runs/r/manifest.json"),
  ),
  ...call("s3:GetObject", output("prec/f/50000.prec.csv"), output("prec/latest.json"), output("grids/ready/g.json")),
  ...call("s3:GetObject", output("grids/g/anomaly/0.0.0")),
  ...call(
    "s3:PutObject",
    output("prec/f/50000.prec.csv"),
    output("prec/latest.json"),
    output("runs/r/claim.json"),
    output("runs/r/grid-plan.json"),
    output("runs/r/plan.json"),
    output("runs/r/receipts/0001.json"),
    output("runs/r/manifest.json"),
    output("runs/series/prec/f.json"),
    output("grids/ready/g.json"),
    output("grids/archives/g"),
    output("grids/g/.zmetadata"),
    output("grids/g/lat/0"),
    output("grids/g/history/0"),
    output("grids/placed/0"),
  ),
  ...call("lambda:InvokeFunction", `${worker.arn}:1`, `${bandMaker.arn}:1`, bandMaker.arn, `${coordinator.arn}:1`),
  ...call("lambda:CheckpointDurableExecution", `${coordinator.arn}:1/durable-execution/name/id`),
];

const COORDINATOR: Call[] = [
  ...call("s3:PutObject", output("prec/20200625.202008/50000.prec.csv"), output("runs/r/receipts/0001.json")),
  ...call("s3:PutObject", output("runs/r/bands/0001.json")),
  ...call("s3:GetObject", output("prec/20200625.202008/50000.prec.csv")),
  ...call("lambda:InvokeFunction", worker.arn, bandMaker.arn),
];

describe.each([
  ["the worker", worker, [...ALL, ...WORKER]],
  ["the function for bands", bandMaker, [...ALL, ...BAND_MAKER]],
  ["the coordinator", coordinator, [...ALL, ...COORDINATOR]],
])("%s may never", (_, { policies }, calls) => {
  test.each(calls)("$action on $resource", async (one) => {
    expect(await decide(one, policies)).not.toBe("Allowed");
  });
});

test("a policy that allowed one of these calls would be seen", async () => {
  const open = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const decisions = await Promise.all([...ALL, ...COORDINATOR, ...BAND_MAKER].map((one) => decide(one, [open])));
  expect(new Set(decisions)).toEqual(new Set(["Allowed"]));
});

describe("nobody comes in by plain HTTP or old TLS, whatever a role allows", () => {
  const open = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

  test.each([
    ["input-bucket", input("forecasts/f.nc")],
    ["output-bucket", output("prec/latest.json")],
  ])("%s", async (bucket, resource) => {
    const policy = bucketPolicies[bucket];
    const get = { action: "s3:GetObject", resource };
    expect(await decide(get, [open], policy)).toBe("Allowed");
    for (const context of [{ "aws:SecureTransport": "false" }, { "s3:TlsVersion": "1.1" }]) {
      expect(await decide({ ...get, context }, [open], policy)).toBe("ExplicitlyDenied");
    }
  });
});
