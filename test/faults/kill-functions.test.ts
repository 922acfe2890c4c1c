import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ChunkEvent } from "../../functions/station-chunk.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import type { CoordinatorAnswer } from "../support/coordinator-process.ts";
import { type Forked, forked } from "../support/fork.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { timeless } from "../support/run-folder.ts";
import { bucket, objects, type RecordedRequest, type S3Server, startS3, textsIn } from "../support/s3-server.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

const [INPUT, OUTPUT] = ["input-bucket", "output-bucket"];
const FORECAST = "CFSv2.Prec.19970520.199707.nc";
const EVENT = { forecastKey: `forecasts/${FORECAST}`, now: "1997-05-20T06:07:08" };
const SERIES = "prec/19970520.199707/";
const golden = texts(fixture("run/expected"));
const scratch = mkdtempSync(join(tmpdir(), "s2s-test-"));
const environment = {
  TMPDIR: scratch,
  INPUT_BUCKET: INPUT,
  OUTPUT_BUCKET: OUTPUT,
  STATION_CHUNK_FUNCTION: "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live",
  S3_FORCE_PATH_STYLE: "true",
  CHUNK_SIZE: "10",
  MAX_CONCURRENCY: "1",
  OBSERVATIONS_KEY: "observations/precip.classic.nc",
};

let s3: S3Server;
/** An instance that lives on, and does what it is asked. */
let worker: Forked;
/** Requests of a whole run, and those of its first chunk. */
let whole: RecordedRequest[];
let chunk: RecordedRequest[];
/** The output bucket when the first chunk is to begin. */
let planned: Map<string, Uint8Array>;
let event: ChunkEvent;

beforeAll(async () => {
  s3 = await startS3();
  for (const name of [INPUT, OUTPUT]) bucket(s3, name);
  const put = (key: string, name: string) => s3.store.putObject(INPUT, key, readFileSync(fixture(`run/${name}`)));
  put("observations/precip.classic.nc", "precip.classic.nc");
  put("stations/stations.xls", "stations.xls");
  put("products.json", "products.json");
  put(EVENT.forecastKey, FORECAST);
  worker = forked("worker-process.ts", { environment });

  const serve = async (asked: unknown) => {
    if (planned === undefined) {
      planned = objects(s3, OUTPUT);
      event = asked as ChunkEvent;
    }
    const before = s3.requests.length;
    const answer = await worker.ask(asked);
    chunk ??= s3.requests.slice(before);
    return answer;
  };
  const coordinator = forked("coordinator-process.ts", { environment, serve });
  const { results } = await coordinator.ask<CoordinatorAnswer>(EVENT);
  await coordinator.kill();
  assert.equal(results?.[0]?.status, "complete");
  assert.deepEqual(series(), golden);
  whole = [...s3.requests];
});

afterEach(() => {
  s3.intercept = undefined;
});

afterAll(async () => {
  await worker.kill();
  await s3.close();
  rmSync(scratch, { recursive: true });
});

const workers = seeds(5, 100);
test.each(workers)("seed %i: a chunk whose worker is killed is done by another", async (seed) => {
  const suite = "the worker, killed amid its chunk";
  fill(planned);
  const killed = forked("worker-process.ts", { environment });
  const stage = killAt(killed, chunk.length, spread(workers, seed));
  const answer = await killed.ask(event).catch(() => "killed");
  await killed.kill();
  s3.intercept = undefined;
  tallyFault(suite, `killed ${stage.current}`);
  onlyGolden();
  // The receipt says that all is written, so it must not come before.
  expect(receipts() === 0 || Object.keys(series()).length === 10).toBe(true);
  expect(answer === "killed").toBe(stage.current !== "after its end");

  expect(await worker.ask(event)).toMatchObject({ stations: 10 });
  onlyGolden();
  expect(Object.keys(series())).toHaveLength(10);
  expect(receipts()).toBe(1);
  expect(readdirSync(scratch)).toEqual([]);
  tally(suite, "done by another worker");
});

const coordinators = seeds(2, 50);
test.each(coordinators)("seed %i: a run whose coordinator is killed is completed by a resume", async (seed) => {
  const suite = "the coordinator, killed and resumed";
  fill(new Map());
  const killed = forked("coordinator-process.ts", { environment, serve: (asked) => worker.ask(asked) });
  const stage = killAt(killed, whole.length, spread(coordinators, seed));
  await killed.ask(EVENT).catch(() => undefined);
  await killed.kill();
  s3.intercept = undefined;
  tallyFault(suite, `killed ${stage.current}`);
  onlyGolden();

  const next = forked("coordinator-process.ts", { environment, serve: (asked) => worker.ask(asked) });
  const { results } = await next.ask<CoordinatorAnswer>({ ...EVENT, resume: true });
  await next.kill();
  expect(results).toMatchObject([{ status: "complete", written: 20, missing: 0 }]);
  expect(series()).toEqual(golden);
  expect([...new Set([...objects(s3, OUTPUT).keys()].map(timeless))].sort()).toEqual(keysOfRun());
  expect(readdirSync(scratch)).toEqual([]);
  tally(suite, "resumed to golden bytes");
});

/** A part of the whole, so that the seeds together are spread over all of it, and a number from the seed. */
function spread(all: readonly number[], seed: number): { part: number; random: number } {
  const random = mulberry32(seed);
  return { part: (all.indexOf(seed) + random()) / all.length, random: random() };
}

/** Kills a process at one of so many requests: before it is done, or after. */
function killAt(child: Forked, requests: number, { part, random }: { part: number; random: number }) {
  const stage = { current: "after its end" };
  let left = 1 + Math.floor(part * requests);
  s3.intercept = ({ operation, key }) => {
    if (--left !== 0) return undefined;
    child.process.kill("SIGKILL");
    stage.current = `at ${operation} of ${kindOf(key)}`;
    return random < 0.5 ? "reset" : undefined;
  };
  return stage;
}

/** What an object is, by its key. */
function kindOf(key: string): string {
  if (key === "") return "receipts";
  if (key.includes("/anomaly/")) return "a tile";
  if (key === "index.html" || key.startsWith("index/")) return "the index";
  if (key.startsWith("grids/")) return key.startsWith("grids/ready/") ? "the marker" : "the Zarr frame";
  const name = /\/(claim|plan|manifest|latest)\.json$/.exec(key)?.[1];
  if (name !== undefined) return `${name}.json`;
  return /\/(chunk|receipt)s\//.exec(key)?.[1] ?? (key.endsWith(".csv") ? "a series" : "an input");
}

function fill(contents: ReadonlyMap<string, Uint8Array>): void {
  s3.store.emptyBucket(OUTPUT);
  for (const [key, body] of contents) s3.store.putObject(OUTPUT, key, Buffer.from(body));
}

const series = () => ofOneRun(textsIn(s3, OUTPUT, SERIES));

function onlyGolden(): void {
  const found = series();
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, golden[name]])));
}

function receipts(): number {
  return [...objects(s3, OUTPUT).keys()].filter((key) => key.includes("/receipts/")).length;
}

/** What a run that nothing befell leaves. */
function keysOfRun(): string[] {
  const written = whole.filter(({ method, bucket: name }) => method === "PUT" && name === OUTPUT);
  return [...new Set(written.map(({ key }) => timeless(key)))].sort();
}
