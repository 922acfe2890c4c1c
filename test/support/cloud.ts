import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationType } from "@aws/durable-execution-sdk-js";
import { type DurableOperation, LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { vi } from "vitest";
import type { EventResult } from "../../functions/coordinator/event-result.ts";
import type { handler as Coordinator } from "../../functions/coordinator.ts";
import type { BandEvent, handler as BandMaker, BandResult } from "../../functions/grid-band.ts";
import type { ChunkEvent, ChunkResult, handler as Worker } from "../../functions/station-chunk.ts";
import { fixture } from "./golden.ts";
import { lambdaContext } from "./lambda-context.ts";
import { bucket, type S3Server, startS3, textsIn } from "./s3-server.ts";

export const INPUT = "input-bucket";
export const OUTPUT = "output-bucket";
export const FORECAST = "forecasts/CFSv2.Prec.19970520.199707.nc";
const WORKER = "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live";
const BAND_MAKER = "arn:aws:lambda:us-east-1:111122223333:function:grid-band:live";

export interface Execution {
  readonly status: string | undefined;
  readonly results: EventResult[];
  readonly error: string | undefined;
  readonly operations: {
    readonly name: string | undefined;
    readonly type: string | undefined;
    readonly resultBytes: number;
  }[];
  /** Chunks in the order in which the worker was invoked for them, again for each attempt. */
  readonly invoked: string[];
  /** Bands, in the same way. */
  readonly bands: string[];
  /** Most workers under way at once. */
  readonly peak: number;
}

/** All functions and both buckets, as they are deployed: real handlers, a real S3 protocol, the durable runtime. */
export interface Cloud {
  readonly s3: S3Server;
  /** The functions' /tmp. */
  readonly scratch: string;
  /** Called before the worker for each attempt; what it throws is the attempt's end. */
  beforeChunk: ((event: ChunkEvent) => void | Promise<void>) | undefined;
  /** In the same way, before each attempt at a band. */
  beforeBand: ((event: BandEvent) => void | Promise<void>) | undefined;
  put(key: string, body: Uint8Array | string): Promise<void>;
  execute(event: unknown): Promise<Execution>;
  /** What is in the output bucket, as text, below a prefix. */
  output(prefix: string): Record<string, string>;
  close(): Promise<void>;
}

/** What a cloud runs, loaded anew for each: settings are read once, when a function starts. */
export interface Functions {
  coordinator(): Promise<{ handler: typeof Coordinator }>;
  worker(): Promise<{ handler: typeof Worker }>;
  bandMaker(): Promise<{ handler: typeof BandMaker }>;
}

const SOURCES: Functions = {
  coordinator: () => import("../../functions/coordinator.ts"),
  worker: () => import("../../functions/station-chunk.ts"),
  bandMaker: () => import("../../functions/grid-band.ts"),
};

/**
 * Starts a cloud whose input bucket holds the golden run's inputs. `skipTime` makes the waits of retries pass at once.
 *
 * @param settings - of the environment of all functions
 */
export async function startCloud(settings: Record<string, string> = {}, functions = SOURCES): Promise<Cloud> {
  const s3 = await startS3();
  bucket(s3, INPUT);
  bucket(s3, OUTPUT);
  const scratch = mkdtempSync(join(tmpdir(), "s2s-test-scratch-"));
  // What an invocation leaves that runs out of time; the next one is to find no less room for it.
  mkdirSync(join(scratch, "s2s-inputs-leftover", "folder"), { recursive: true });
  const environment = {
    TMPDIR: scratch,
    INPUT_BUCKET: INPUT,
    OUTPUT_BUCKET: OUTPUT,
    STATION_CHUNK_FUNCTION: WORKER,
    GRID_BAND_FUNCTION: BAND_MAKER,
    GRID_MEMORY_MB: "256",
    S3_FORCE_PATH_STYLE: "true",
    OBSERVATIONS_KEY: "",
    AWS_LAMBDA_FUNCTION_NAME: "coordinator",
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    ...settings,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value === "" ? undefined : value);
  vi.resetModules();
  const { handler: coordinator } = await functions.coordinator();
  const { handler: worker } = await functions.worker();
  const { handler: bandMaker } = await functions.bandMaker();
  const { s3Store } = await import("../../lib/store/s3.ts");
  const input = s3Store(s3.client, INPUT);

  const cloud: Cloud = {
    s3,
    scratch,
    beforeChunk: undefined,
    beforeBand: undefined,
    put: (key, body) => input.put(key, body),
    async execute(event) {
      const invoked: string[] = [];
      const bands: string[] = [];
      let now = 0;
      let peak = 0;
      const runner = new LocalDurableTestRunner<EventResult[]>({ handlerFunction: coordinator });
      runner.registerFunction(environment.STATION_CHUNK_FUNCTION, async (chunk: ChunkEvent): Promise<ChunkResult> => {
        invoked.push(chunk.chunkId);
        peak = Math.max(peak, ++now);
        try {
          await cloud.beforeChunk?.(chunk);
          return await worker(chunk, lambdaContext());
        } finally {
          now--;
        }
      });
      runner.registerFunction(environment.GRID_BAND_FUNCTION, async (band: BandEvent): Promise<BandResult> => {
        bands.push(band.bandId);
        await cloud.beforeBand?.(band);
        return bandMaker(band, lambdaContext());
      });
      const { AWS_LAMBDA_FUNCTION_NAME: name, AWS_LAMBDA_FUNCTION_VERSION: version } = environment;
      // Not as a durable function, whose own runner would know none of these.
      runner.registerFunction(`${name}:${version}`, async (inner: unknown) => {
        const { status, results, error } = await cloud.execute(inner);
        if (status !== "SUCCEEDED") throw new Error(error);
        return results;
      });
      const execution = await runner.run({ payload: event });
      const status = execution.getStatus();
      return {
        status,
        results: status === "SUCCEEDED" ? (execution.getResult() ?? []) : [],
        error: status === "SUCCEEDED" ? undefined : execution.getError().errorMessage,
        operations: execution.getOperations().map((operation) => ({
          name: operation.getName(),
          type: operation.getType(),
          resultBytes: JSON.stringify(resultOf(operation) ?? null).length,
        })),
        invoked,
        bands,
        peak,
      };
    },
    output: (prefix) => textsIn(s3, OUTPUT, prefix),
    async close() {
      await s3.close();
      vi.unstubAllEnvs();
      rmSync(scratch, { recursive: true });
    },
  };
  for (const [key, name] of [
    ["observations/precip.mon.mean.nc", "precip.mon.mean.nc"],
    ["stations/stations.xls", "stations.xls"],
    ["products.json", "products.json"],
  ] as const) {
    await cloud.put(key, readFileSync(fixture(`run/${name}`)));
  }
  return cloud;
}

function resultOf(operation: DurableOperation): unknown {
  const type = operation.getType();
  if (type === OperationType.STEP) return operation.getStepDetails()?.result;
  return type === OperationType.CONTEXT ? operation.getContextDetails()?.result : undefined;
}
