import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import type { EventResult } from "../../functions/coordinator/event-result.ts";
import type { handler as Coordinator } from "../../functions/coordinator.ts";
import type { ChunkEvent, handler as Worker } from "../../functions/station-chunk.ts";
import { bundle, type FunctionName } from "../../infra/bundle.ts";
import { NODE_OPTIONS } from "../../infra/node-options.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { s3Client } from "../../lib/store/s3-sdk.ts";
import { lambdaContext } from "../../test/support/lambda-context.ts";

/**
 * Times the functions' bundles over the S3 protocol, with a delay in every request. Workers run one at a time, as they would
 * share this machine's processors. Prints JSON. `node bench/cloud/functions.ts OBSERVATIONS FORECAST STATIONS CHUNK_SIZE LATENCY_MS`
 */

const [observations = "", forecast = "", stations = "", chunkSize = "", latency = ""] = process.argv.slice(2);
const WORKER = "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live";
const [FIRST, SECOND] = ["forecasts/CFSv2.Prec.20200625.202008.nc", "forecasts/CFSv2.Prec.20200626.202008.nc"] as const;

const urlOf = (name: FunctionName) => pathToFileURL(join(bundle(name).folder, "index.mjs")).href;
const bundles = { coordinator: urlOf("coordinator"), "station-chunk": urlOf("station-chunk") };
let instances = 0;

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
await input.put(FIRST, readFileSync(forecast));
await input.put(SECOND, readFileSync(forecast));
await input.put("stations/stations.xls", readFileSync(stations));
await requests();

const { handler: coordinator } = await load<{ handler: typeof Coordinator }>("coordinator");
await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
const cold = await execute({ forecastKey: FIRST });
const warm = await execute({ forecastKey: SECOND });
const megabytes = peakMemoryOfWorker(warm.runId);
await LocalDurableTestRunner.teardownTestEnvironment();
server.disconnect();
process.stdout.write(JSON.stringify({ cold, warm, megabytes }));

/** Does one run, and tells the seconds of the coordinator and of every chunk, and its requests. */
async function execute(payload: object) {
  const chunks: { seconds: number; processor: number }[] = [];
  const runner = new LocalDurableTestRunner<EventResult[]>({ handlerFunction: coordinator });
  runner.registerFunction(WORKER, async (chunk: ChunkEvent) => {
    // A fresh import for each chunk, as in a run for which Lambda has no instance ready.
    const { handler: worker } = await load<{ handler: typeof Worker }>("station-chunk");
    const [started, before] = [performance.now(), process.cpuUsage()];
    const result = await worker(chunk, lambdaContext());
    const { user, system } = process.cpuUsage(before);
    chunks.push({ seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 });
    return result;
  });
  const started = performance.now();
  const execution = await runner.run({ payload });
  // Without the chunks: the coordinator is suspended, and not billed, while they run.
  const workers = chunks.reduce((sum, { seconds }) => sum + seconds, 0);
  const own = (performance.now() - started) / 1000 - workers;
  const [result] = execution.getResult() ?? [];
  if (result?.status !== "complete") throw new Error(`the run is ${JSON.stringify(result)}`);
  return { coordinator: own, chunks, runId: result.runId ?? "", written: result.written, requests: await requests() };
}

/** Peak memory, MB, of a worker that does the first chunk of a run with the options it is deployed with. */
function peakMemoryOfWorker(runId: string): number {
  const script = join(import.meta.dirname, "worker-alone.js");
  const args = [...NODE_OPTIONS["station-chunk"].split(" "), script, bundles["station-chunk"], runId, "0001", "prec"];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** The requests since the last call, by operation. */
async function requests(): Promise<Record<string, number>> {
  server.send("count");
  return (await answer<{ counts: Record<string, number> }>(server)).counts;
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, "message")) as [T];
  return message;
}

async function load<T>(name: keyof typeof bundles): Promise<T> {
  instances += 1;
  return (await import(`${bundles[name]}?${instances}`)) as T;
}
