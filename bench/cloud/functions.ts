import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import type { handler as Coordinator, RunResult } from "../../functions/coordinator.ts";
import type { ChunkEvent, handler as Worker } from "../../functions/station-chunk.ts";
import { bundle, type FunctionName } from "../../infra/bundle.ts";
import { s3Client, s3Store } from "../../lib/store/s3.ts";
import { lambdaContext } from "../../test/support/lambda-context.ts";

/**
 * The functions as they are deployed, over the S3 protocol with a delay, one worker at a time: here are not processors
 * enough for many. Prints JSON. `node bench/cloud/functions.ts OBSERVATIONS FORECAST STATIONS CHUNK_SIZE LATENCY_MS`
 */

const [observations = "", forecast = "", stations = "", chunkSize = "", latency = ""] = process.argv.slice(2);
const WORKER = "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live";
const FORECAST_KEY = "forecasts/CFSv2.Prec.20200625.202008.nc";

const server = fork(join(import.meta.dirname, "s3-process.ts"), [latency, "input-bucket", "output-bucket"]);
const { endpoint } = await answer<{ endpoint: string }>(server);
Object.assign(process.env, {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  INPUT_BUCKET: "input-bucket",
  OUTPUT_BUCKET: "output-bucket",
  STATION_CHUNK_FUNCTION: WORKER,
  S3_FORCE_PATH_STYLE: "true",
  OBSERVATIONS_KEY: "observations/precip.nc",
  CHUNK_SIZE: chunkSize,
  MAX_CONCURRENCY: "1",
  POWERTOOLS_LOG_LEVEL: "SILENT",
  POWERTOOLS_METRICS_DISABLED: "true",
});
const input = s3Store(s3Client({ forcePathStyle: true }), "input-bucket");
await input.put("observations/precip.nc", readFileSync(observations));
await input.put(FORECAST_KEY, readFileSync(forecast));
await input.put("stations/stations.xls", readFileSync(stations));
await requests();

const { handler: coordinator } = await load<{ handler: typeof Coordinator }>("coordinator");
const { handler: worker } = await load<{ handler: typeof Worker }>("station-chunk");
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
const cold = await execute({ forecastKey: FORECAST_KEY });
const warm = await execute({ forecastKey: FORECAST_KEY, force: true });
await LocalDurableTestRunner.teardownTestEnvironment();
server.disconnect();
process.stdout.write(JSON.stringify({ cold, warm }));

/** One run: the seconds of the whole and of every chunk, and the requests that it made. */
async function execute(payload: object) {
  const chunks: number[] = [];
  const runner = new LocalDurableTestRunner<RunResult[]>({ handlerFunction: coordinator });
  runner.registerFunction(WORKER, async (chunk: ChunkEvent) => {
    const started = performance.now();
    const result = await worker(chunk, lambdaContext());
    chunks.push((performance.now() - started) / 1000);
    return result;
  });
  const started = performance.now();
  const execution = await runner.run({ payload });
  const seconds = (performance.now() - started) / 1000;
  const [result] = execution.getResult() ?? [];
  if (result?.status !== "complete") throw new Error(`the run is ${JSON.stringify(result)}`);
  return { seconds, chunks, written: result.written, requests: await requests() };
}

async function requests(): Promise<Record<string, number>> {
  server.send("count");
  return (await answer<{ counts: Record<string, number> }>(server)).counts;
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, "message")) as [T];
  return message;
}

async function load<T>(name: FunctionName): Promise<T> {
  return (await import(pathToFileURL(join(bundle(name).folder, "index.mjs")).href)) as T;
}
