import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";

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
  const large = ["plan.json", "stations.json", "manifest.json", "index.html", "stations.csv"].map((n) => `runs/*/${n}`);
  const written = keysOf(output, [
    "runs/series/*",
    "runs/*/claim.json",
    "runs/*/chunks/*",
    ...large,
    "grids/*",
    ...products.map((product) => `${product}/latest.json`),
  ]);
  return [
    allow("FindInputs", ["s3:ListBucket"], [input.bucketArn]),
    allow(
      "ReadInputs",
      ["s3:GetObject"],
      keysOf(input, ["observations/*", "stations/*", "forecasts/*", "products.json"]),
    ),
    allow("FindRuns", ["s3:ListBucket"], [output.bucketArn]),
    allow(
      "ReadRuns",
      ["s3:GetObject"],
      keysOf(output, ["runs/*", "grids/*", ...products.map((product) => `${product}/latest.json`)]),
    ),
    allow("WriteRuns", ["s3:PutObject"], written),
    // What fails halfway in parts is aborted, or it would be stored, unseen and paid for.
    allow("AbortUploads", ["s3:AbortMultipartUpload"], keysOf(output, large)),
  ];
}

/** Reads its chunk and the grid; writes series and receipts. */
export function workerStatements({ output }: Pick<Buckets, "output">, products: readonly string[]): PolicyStatement[] {
  return [
    // Without it S3 answers "denied" for an object that is not there.
    allow("FindChunks", ["s3:ListBucket"], [output.bucketArn]),
    allow("ReadChunks", ["s3:GetObject"], keysOf(output, ["runs/*/chunks/*", "runs/series/*", "grids/*"])),
    allow("WriteSeries", ["s3:PutObject"], keysOf(output, [...products.map(seriesOf), "runs/*/receipts/*"])),
    new PolicyStatement({
      sid: "LeaveLatest",
      effect: Effect.DENY,
      actions: ["s3:PutObject"],
      resources: keysOf(
        output,
        products.map((product) => `${product}/latest.json`),
      ),
    }),
  ];
}

/** Every product's series begin with its name: lib/run/product.ts holds them to it. */
function seriesOf(product: string): string {
  return `${product}/*`;
}

function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}

function keysOf(bucket: IBucket, patterns: readonly string[]): string[] {
  return patterns.map((pattern) => bucket.arnForObjects(pattern));
}
