import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { ANY, inputKeys, keys } from "../lib/keys.ts";

/**
 * What the functions may do with the buckets: what their code calls, on the keys that it calls it for, and nothing else.
 * test/infra/deployed.test.ts holds this against every call of whole runs, test/infra/forbidden.test.ts against what must fail.
 */
export interface Buckets {
  readonly input: IBucket;
  readonly output: IBucket;
}

/** Reads inputs; writes what a run is made of, apart from series and receipts. */
export function coordinatorStatements({ input, output }: Buckets, products: readonly string[]): PolicyStatement[] {
  // These grow with the stations and their warnings, until they are sent in parts.
  const large = [keys.plan(ANY), keys.stations(ANY), keys.manifest(ANY), keys.page(ANY), keys.table(ANY)];
  const latest = products.map(keys.latest);
  const { observations, stations, forecasts, products: definitions } = inputKeys;
  return [
    allow("FindInputs", ["s3:ListBucket"], [input.bucketArn]),
    allow(
      "ReadInputs",
      ["s3:GetObject"],
      keysOf(input, [...[observations, stations, forecasts].map(allBelow), definitions]),
    ),
    allow("FindRuns", ["s3:ListBucket"], [output.bucketArn]),
    allow("ReadRuns", ["s3:GetObject"], keysOf(output, [allBelow(keys.runs), allBelow(keys.grids), ...latest])),
    allow(
      "WriteRuns",
      ["s3:PutObject"],
      keysOf(output, [
        keys.holder(ANY, ANY),
        keys.claim(ANY),
        keys.gridPlan(ANY),
        keys.chunk(ANY, ANY),
        ...large,
        allBelow(keys.grids),
        ...latest,
      ]),
    ),
    // What fails halfway in parts is aborted, or it would be stored, unseen and paid for.
    allow("AbortUploads", ["s3:AbortMultipartUpload"], keysOf(output, large)),
  ];
}

/** Reads its chunk and the grid; writes series and receipts. */
export function workerStatements({ output }: Pick<Buckets, "output">, products: readonly string[]): PolicyStatement[] {
  // Every product's series begin with its name: lib/run/product-file.ts holds them to it.
  const series = products.map((product) => allBelow(keys.product(product)));
  return [
    // Without it S3 answers "denied" for an object that is not there.
    allow("FindChunks", ["s3:ListBucket"], [output.bucketArn]),
    allow(
      "ReadChunks",
      ["s3:GetObject"],
      keysOf(output, [keys.chunk(ANY, ANY), keys.holder(ANY, ANY), allBelow(keys.grids)]),
    ),
    allow("WriteSeries", ["s3:PutObject"], keysOf(output, [...series, keys.receipt(ANY, ANY)])),
    new PolicyStatement({
      sid: "LeaveLatest",
      effect: Effect.DENY,
      actions: ["s3:PutObject"],
      resources: keysOf(output, products.map(keys.latest)),
    }),
  ];
}

/** The pattern of all keys with a prefix. */
function allBelow(prefix: string): string {
  return `${prefix}${ANY}`;
}

function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}

function keysOf(bucket: IBucket, patterns: readonly string[]): string[] {
  return patterns.map((pattern) => bucket.arnForObjects(pattern));
}
