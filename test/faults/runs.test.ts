import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Latest, Manifest } from "../../lib/run/records.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { type Cloud, type Execution, FORECAST, OUTPUT, startCloud } from "../support/cloud.ts";
import { faultSchedule, injector } from "../support/fault-schedule.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

vi.mock(import("@aws-sdk/client-s3"), async (original) => {
  const { hurried } = await import("../support/hurried-client.ts");
  return hurried(await original());
});
// The worker's own client, hurried as well.
vi.mock(import("../../lib/store/s3-slim/backoff.ts"), () => ({ backoff: () => 1 }));

const SUITE = "runs with random faults of S3";
const SERIES = "prec/19970520.199707/";
const EVENT = { forecastKey: FORECAST, now: "1997-05-20T06:07:08" };
const expected = texts(fixture("run/expected"));
const stations = Object.keys(expected).map((name) => name.split(".")[0]!);

let cloud: Cloud;
beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  // Four chunks, all at once: enough for some to fail and others not.
  cloud = await startCloud({ CHUNK_SIZE: "5", MAX_CONCURRENCY: "4" });
  await cloud.put("observations/precip.mon.mean.nc", readFileSync(fixture("run/precip.classic.nc")));
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
});
afterAll(async () => {
  await cloud.close();
  await LocalDurableTestRunner.teardownTestEnvironment();
});

test.each(seeds(20, 200))("seed %i: nothing wrong, nothing lost, and a resume completes it", async (seed) => {
  cloud.s3.store.emptyBucket(OUTPUT);
  const rules = faultSchedule(mulberry32(seed));
  const { intercept, injected } = injector(rules);
  cloud.s3.intercept = intercept;
  const execution = await cloud.execute(EVENT);
  cloud.s3.intercept = undefined;

  onlyGolden();
  expect(untold(execution)).toEqual([]);
  const outcome = outcomeOf(execution);
  const last = outcome === "complete" ? execution : await cloud.execute({ ...EVENT, resume: true });
  expect(last).toMatchObject({ results: [{ status: "complete", written: 20, missing: 0 }], error: undefined });
  const manifest = manifestOf()!;
  expect(manifest).toMatchObject({ status: "complete", counts: { written: 20 }, missing: [] });
  expect(latest()).toMatchObject({ runId: manifest.runId });
  expect(ofOneRun(cloud.output(SERIES))).toEqual(expected);

  for (const [kind, count] of injected) tallyFault(SUITE, kind, count);
  tally(SUITE, outcome === "complete" ? outcome : `${outcome}, then resumed`);
});

/** Of the series that are there, all have the golden bytes. */
function onlyGolden(): void {
  const found = ofOneRun(cloud.output(SERIES));
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, expected[name]])));
}

/** How a run ended: as its manifest says, or, where it left none, as the execution's error does. */
function outcomeOf({ results, error = "" }: Execution): string {
  if (results.length > 0) return results[0]!.status;
  if (manifestOf()?.status === "failed") return "failed";
  return error.includes("was not closed") ? "not closed" : "refused";
}

/** What a run ought to tell of how it ended, and does not. */
function untold({ results: [result], error = "" }: Execution): string[] {
  const manifest = manifestOf();
  const missing = manifest?.missing.flatMap((chunk) => chunk.stations) ?? [];
  const written = Object.keys(ofOneRun(cloud.output(SERIES))).map((name) => name.split(".")[0]!);
  const checks =
    result === undefined
      ? {
          // Without a manifest, or with latest.json left behind, it is all that tells, and it names the object.
          "the error names what failed":
            manifest?.status === "failed" ? manifest.error !== "" : error.includes("s3://"),
        }
      : {
          "the manifest agrees": manifest?.status === result.status && manifest.counts.written === result.written,
          "every station is written or named": [...new Set([...written, ...missing])].sort().join() === stations.join(),
          "all that is missing is counted": missing.length === result.missing,
          "it is told why": manifest?.missing.every((chunk) => chunk.error !== "") === true,
          "latest.json is a complete run": (latest()?.runId === result.runId) === (result.status === "complete"),
        };
  return Object.entries(checks).flatMap(([check, holds]) => (holds ? [] : [check]));
}

function manifestOf(): Manifest | undefined {
  const found = Object.entries(cloud.output("runs/")).find(([key]) => key.endsWith("/manifest.json"));
  return found && (JSON.parse(found[1]) as Manifest);
}

function latest(): Latest | undefined {
  const text = cloud.output("prec/")["latest.json"];
  return text === undefined ? undefined : (JSON.parse(text) as Latest);
}
