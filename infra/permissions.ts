import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { TILE_KEYS } from "../lib/grid/zarr.ts";
import { ANY, inputKeys, keys } from "../lib/keys.ts";

/**
 * What the functions may do with the buckets: the calls that their code makes, on the keys that it makes them for, and
 * nothing else. test/infra/deployed.test.ts checks that whole runs are allowed every call that they make,
 * test/infra/forbidden.test.ts that other calls are denied.
 */
export interface Buckets {
  readonly input: IBucket;
  readonly output: IBucket;
}

/** The coordinator reads inputs, and writes all of a run but its series and receipts. */
export function coordinatorStatements({ input, output }: Buckets, products: readonly string[]): PolicyStatement[] {
  // With many stations and warnings, or cells, these become so large that they are uploaded in parts.
  const large = [keys.plan(ANY), keys.stations(ANY), keys.manifest(ANY), keys.page(ANY), keys.table(ANY)];
  const uploadedInParts = [...large, keys.placed(ANY), keys.hindcastMean(ANY)];
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
    allow(
      "ReadRuns",
      ["s3:GetObject"],
      keysOf(output, [allBelow(keys.runs), allBelow(keys.grids), keys.index, allBelow(keys.indexEntries), ...latest]),
    ),
    allow(
      "WriteRuns",
      ["s3:PutObject"],
      keysOf(output, [
        keys.claim(ANY),
        keys.gridPlan(ANY),
        keys.chunk(ANY, ANY),
        ...large,
        allBelow(keys.grids),
        keys.indexEntry(ANY, ANY),
        keys.index,
        ...latest,
      ]),
    ),
    // Where an upload in parts fails halfway, its parts would remain: unlisted, but paid for.
    allow("AbortUploads", ["s3:AbortMultipartUpload"], keysOf(output, uploadedInParts)),
  ];
}

/** The function for bands reads what a run's grid is made of, and writes its tiles, and records of bands. */
export function bandStatements({ input, output }: Buckets): PolicyStatement[] {
  return [
    // As for the worker: "not found" is to be told from "denied".
    allow("FindArchive", ["s3:ListBucket"], [input.bucketArn]),
    allow("ReadArchive", ["s3:GetObject"], keysOf(input, [allBelow(inputKeys.observations)])),
    allow("FindRun", ["s3:ListBucket"], [output.bucketArn]),
    allow("ReadRun", ["s3:GetObject"], keysOf(output, [keys.claim(ANY), keys.gridPlan(ANY)])),
    allow("WriteBand", ["s3:PutObject"], keysOf(output, [...TILE_KEYS, keys.band(ANY, ANY)])),
  ];
}

/** The worker reads its chunk and the grid, and writes histories beside that, series and receipts. */
export function workerStatements({ output }: Pick<Buckets, "output">, products: readonly string[]): PolicyStatement[] {
  // The keys of a product's series begin with its name: lib/run/product-file.ts refuses any other.
  const series = products.map((product) => allBelow(keys.product(product)));
  return [
    // Without this permission S3 answers "denied", not "not found", for an object that is not there.
    allow("FindChunks", ["s3:ListBucket"], [output.bucketArn]),
    allow("ReadChunks", ["s3:GetObject"], keysOf(output, [keys.chunk(ANY, ANY), allBelow(keys.grids)])),
    allow("WriteSeries", ["s3:PutObject"], keysOf(output, [...series, keys.receipt(ANY, ANY), keys.history(ANY, ANY)])),
    new PolicyStatement({
      sid: "LeaveLatest",
      effect: Effect.DENY,
      actions: ["s3:PutObject"],
      resources: keysOf(output, products.map(keys.latest)),
    }),
  ];
}

/** The fetcher writes forecasts and observations, and reads which of them it has fetched. */
export function fetcherStatements({ input }: Pick<Buckets, "input">): PolicyStatement[] {
  const { forecasts, observations, sources, fetched } = inputKeys;
  return [
    allow("FindFetched", ["s3:ListBucket"], [input.bucketArn]),
    allow("ReadFetched", ["s3:GetObject"], keysOf(input, [sources, fetched(ANY)])),
    allow("WriteInputs", ["s3:PutObject"], keysOf(input, [forecasts, observations].map(allBelow))),
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
