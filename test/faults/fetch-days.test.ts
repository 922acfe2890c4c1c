import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import { fetchSources } from "../../lib/fetch/fetch.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { s3Store } from "../../lib/store/s3.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { type Cloud, INPUT, startCloud } from "../support/cloud.ts";
import { localRequest } from "../support/command.ts";
import {
  courseOf,
  failAtRandom,
  forecastOf,
  ISSUES,
  nameOf,
  replaced,
  simulatedSources,
} from "../support/fetch-days.ts";
import { temporaryFolder } from "../support/folder.ts";
import { hurriedPatience, type Publisher, startPublisher } from "../support/publisher.ts";
import { objects } from "../support/s3-server.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

const SUITE = "a month of fetching, while publishers fail";
const SHARE_OF_FAULTS = 0.3;
/** Of how many forecasts that land in the bucket one is run: that takes longer than all else. */
const RUN_EVERY = process.env["FAULT_SEEDS"] === "all" ? 1 : 6;
/** The last days, in which nothing fails: what is left comes then. */
const QUIET_ROUNDS = 6;

let publisher: Publisher;
let cloud: Cloud | undefined;

beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  publisher = await startPublisher();
});
afterAll(() => publisher.close());
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

/** Plays all rounds of a seed, and has each forecast that lands followed by `run`. */
async function play(seed: number, store: ObjectStore, run: (key: string) => Promise<void>): Promise<string[]> {
  const random = mulberry32(seed);
  publisher.files.clear();
  const course = courseOf(publisher, random);
  const landed: string[] = [];
  const quiet = course.rounds.length - QUIET_ROUNDS;
  for (const [i, now] of course.rounds.entries()) {
    course.publishUntil(now);
    if (i < quiet) failAtRandom(publisher, random, SHARE_OF_FAULTS, (kind) => tallyFault(SUITE, kind));
    else publisher.fault = undefined;
    const fetching = { store, now, patience: hurriedPatience(), folder: temporaryFolder() };
    for (const { files } of await fetchSources(simulatedSources(publisher), fetching)) {
      for (const { status, key } of files) {
        if (status !== "landed" || !key.startsWith("forecasts/")) continue;
        landed.push(key);
        await run(key);
      }
    }
  }
  tally(SUITE, "every forecast once and whole, every run complete");
  return landed;
}

const ALL_KEYS = ISSUES.map((issued) => `forecasts/${nameOf(issued)}`);

/** Whole, of its own day, and of one version: that which was published first, or that which took its place. */
function expectWhole(key: string, body: Uint8Array): void {
  const day = ALL_KEYS.indexOf(key);
  const first = forecastOf(ISSUES[day]!, day);
  const versions = [first, replaced(first)];
  expect([key, versions.some((version) => Buffer.compare(version, body) === 0)]).toEqual([key, true]);
}

test("the days of the month are what the calendar says", () => {
  expect(ALL_KEYS.slice(0, 3).map((key) => key.slice(-"20000130.200002.nc".length))).toEqual([
    "20000130.200002.nc",
    "20000131.200002.nc",
    "20000201.200003.nc",
  ]);
  expect(ALL_KEYS.slice(-2).map((key) => key.slice(-"20000229.200003.nc".length))).toEqual([
    "20000229.200003.nc",
    "20000301.200004.nc",
  ]);
});

test.each(seeds(1, 20))("seed %i: into a bucket, whose events start runs", async (seed) => {
  cloud = await startCloud();
  const { s3 } = cloud;
  s3.store.deleteObject(INPUT, "observations/precip.mon.mean.nc");
  const store = s3Store(s3.slim, INPUT);
  const results: unknown[] = [];
  let count = 0;
  const landed = await play(seed, store, async (key) => {
    if (count++ % RUN_EVERY !== 0) return;
    const event = {
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      s3: { bucket: { name: INPUT }, object: { key } },
    };
    results.push(...(await cloud!.execute({ Records: [event] })).results);
  });
  expect(landed.toSorted()).toEqual(ALL_KEYS);
  expect(results).toHaveLength(Math.ceil(ALL_KEYS.length / RUN_EVERY));
  for (const result of results) expect(result).toMatchObject({ status: "complete" });
  const puts = s3.requests.filter(({ operation, key }) => operation === "PutObject" && key.startsWith("forecasts/"));
  expect(puts.map(({ key }) => key).toSorted()).toEqual(ALL_KEYS);
  for (const [key, body] of objects(s3, INPUT)) if (key.startsWith("forecasts/")) expectWhole(key, body);
});

test.each(seeds(1, 20))("seed %i: into a folder, whose files are run", async (seed) => {
  const [input, out] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(input, "forecasts"));
  const landed = await play(seed, folderStore(input), async (key) => {
    const forecast = join(input, key);
    const { now: _, ...request } = localRequest({
      observations: join(input, "observations/precip.mon.mean.nc"),
      forecast,
      out,
    });
    const { manifest } = await runLocally(request, silent);
    expect(manifest.status).toBe("complete");
  });
  expect(landed.toSorted()).toEqual(ALL_KEYS);
  for (const key of ALL_KEYS) expectWhole(key, readFileSync(join(input, key)));
});
