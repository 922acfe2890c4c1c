import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { keys } from "../../lib/keys.ts";
import { keepMean } from "../../lib/run/hindcast-mean.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { type Cloud, type Execution, FORECAST, type Functions, OUTPUT, startCloud } from "../support/cloud.ts";
import { recordedDurable } from "../support/durable-calls.ts";
import { fixture, golden, ofOneRun, texts } from "../support/golden.ts";
import { type Call, callsOf, decide, withoutEach } from "../support/permissions.ts";
import { madeEntry } from "../support/run-entries.ts";
import type { RecordedRequest } from "../support/s3-server.ts";
import { synthesize } from "../support/synth.ts";

/** Node's own loader: the bundles run as they are, and not as a test runner would rewrite them. */
const load = createRequire(import.meta.url);
const SERIES = "prec/19970520.199707/";

const deployment = synthesize({ chunkSize: 5, grid: "global" });
const coordinator = deployment.functionOf("Coordinator");
const worker = deployment.functionOf("Worker");
const bandMaker = deployment.functionOf("BandMaker");
/** So little time that the small grid of the fixtures is made in bands. */
const LITTLE = { INVOCATION_SECONDS: "0.0042" };

/** As for an archive in several files: they are listed, by the makers of bands, too. */
const PATTERN = { OBSERVATIONS_KEY: "observations/*.nc" };

/** As for a product that looks for the forecasts before the uploaded one: there is none, so that the bytes are the same. */
const { products } = golden<{ products: [{ forecast: object }] }>("run/products.json");
const averaging = {
  ...products[0],
  forecast: { ...products[0].forecast, initialisations: { last: 10, within: "15 days" } },
};

/** As Lambda sets them. */
const LAMBDA = { AWS_LAMBDA_FUNCTION_NAME: coordinator.arn.split(":").at(-1)!, AWS_LAMBDA_FUNCTION_VERSION: "1" };

const NONE = "forecasts/CFSv2.Prec.19970521.199707.nc";

let cloud: Cloud;
/** What the coordinator asked of Lambda. */
const durableCalls: Call[] = [];
/** Executions in turn: fresh, again, partial, resumed, forced, refused, of a prefix. */
const executions: Record<string, Execution> = {};

/** The access key that a request was signed with: each function has its own, as it has a role of its own. */
function signerOf({ headers }: RecordedRequest): string | undefined {
  return /Credential=(\w+)\//.exec(headers.authorization ?? "")?.[1];
}

beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  const functions: Functions = {
    coordinator: async () => ({
      handler: recordedDurable(
        load(coordinator.module).handler,
        `${coordinator.arn}:1/durable-execution/a/b`,
        durableCalls,
      ),
    }),
    worker: async () => load(worker.module),
    bandMaker: async () => load(bandMaker.module),
  };
  // A server that is not AWS's is addressed by path; all else is what the template sets.
  const environment = { ...worker.environment, ...bandMaker.environment, ...coordinator.environment };
  cloud = await startCloud({ ...environment, ...LITTLE, ...PATTERN, ...LAMBDA, NODE_OPTIONS: "" }, functions);
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
  await cloud.put("products.json", JSON.stringify({ products: [averaging] }));
  cloud.s3.requests.length = 0;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "COORDINATOR");
  cloud.beforeChunk = () => void vi.stubEnv("AWS_ACCESS_KEY_ID", "WORKER");
  cloud.beforeBand = () => void vi.stubEnv("AWS_ACCESS_KEY_ID", "BAND_MAKER");

  const about = { now: "1997-05-20T06:07:08" };
  const manual = { forecastKey: FORECAST, ...about };
  executions["fresh"] = await cloud.execute(manual);
  executions["again"] = await cloud.execute(manual);
  executions["forced"] = await cloud.execute({ ...manual, force: true });
  cloud.beforeChunk = ({ chunkId }) => {
    if (chunkId === "0002") throw new Error("a worker that crashes");
  };
  executions["partial"] = await cloud.execute({ ...manual, force: true });
  cloud.beforeChunk = undefined;
  // Of a run that was stopped between its entry and the index: this one reads it.
  const left = madeEntry({ issued: "19970519", finishedAt: "1997-05-19 00:00:00" });
  cloud.s3.store.putObject(OUTPUT, `index/${left.runId}.19970519T000000.json`, Buffer.from(JSON.stringify(left)));
  executions["resumed"] = await cloud.execute({ ...manual, resume: true });
  executions["refused"] = await cloud.execute({ forecastKey: NONE });
  executions["prefix"] = await cloud.execute({ ...about, forecastPrefix: "forecasts/" });
});

afterAll(async () => {
  await cloud.close();
  await LocalDurableTestRunner.teardownTestEnvironment();
});

test("the bundles that are deployed do a whole run, with golden bytes", () => {
  expect(ofOneRun(cloud.output(SERIES))).toEqual(texts(fixture("run/expected")));
  expect(executions["fresh"]!.bands.toSorted()).toEqual(["0001", "0002", "0003"]);
  expect(executions["fresh"]!.results).toMatchObject([{ status: "complete", written: 20, missing: 0 }]);
  expect(executions["again"]!.results).toMatchObject([{ status: "duplicate" }]);
  expect(executions["forced"]!.results).toMatchObject([{ status: "complete" }]);
  expect(executions["partial"]!.results).toMatchObject([{ status: "partial", written: 15, missing: 5 }]);
  expect(executions["resumed"]!.results).toMatchObject([{ status: "complete" }]);
  expect(executions["prefix"]!.results).toMatchObject([{ status: "duplicate" }]);
  expect(executions["refused"]!.error).toContain(`${NONE}: there is no such object`);
});

describe("the roles", () => {
  const roles = { COORDINATOR: coordinator, WORKER: worker, BAND_MAKER: bandMaker } as const;

  /** Every different call of the runs above by one function. */
  function callsBy(name: keyof typeof roles): Call[] {
    const calls = cloud.s3.requests.filter((request) => signerOf(request) === name).flatMap(callsOf);
    if (name === "COORDINATOR") calls.push(...durableCalls);
    return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
  }

  test("every request is one of theirs", () => {
    expect(new Set(cloud.s3.requests.map(signerOf))).toEqual(new Set(Object.keys(roles)));
  });

  test.each(["COORDINATOR", "WORKER", "BAND_MAKER"] as const)("allow all that the %s called", async (name) => {
    const calls = callsBy(name);
    expect(calls.length).toBeGreaterThan(20);
    const decisions = await Promise.all(calls.map((call) => decide(call, roles[name].policies)));
    expect(calls.filter((_, i) => decisions[i] !== "Allowed")).toEqual([]);
  });

  test.each(["COORDINATOR", "WORKER", "BAND_MAKER"] as const)(
    "allow the %s nothing that it does not call",
    async (name) => {
      const calls = callsBy(name);
      const idle: string[] = [];
      for (const [without, action, resource] of withoutEach(roles[name].policies)) {
        const concerned = calls.filter((call) => call.action === action);
        const decisions = await Promise.all(concerned.map((call) => decide(call, without)));
        if (decisions.every((decision) => decision === "Allowed")) idle.push(`${action} ${resource}`);
      }
      expect(idle.filter((permission) => !UNSEEN.some((form) => form.test(permission)))).toEqual([]);
    },
  );

  test("allow the coordinator to give up what it uploads in parts, the climatology of hindcasts too", async () => {
    const { s3 } = cloud;
    const before = s3.requests.length;
    s3.intercept = ({ operation }) => (operation === "UploadPart" ? { status: 403, code: "AccessDenied" } : undefined);
    const mean = { values: new Float32Array(2 ** 22), years: [2001] };
    const found = { mean, file: "observations/hindcasts.nc", key: keys.hindcastMean("0123"), kept: false };
    await expect(keepMean(s3Store(s3.client, "output-bucket"), found)).rejects.toMatchObject({ tag: "NoAccess" });
    s3.intercept = undefined;
    const calls = s3.requests.splice(before).flatMap(callsOf);
    expect(calls.at(-1)!.action).toBe("s3:AbortMultipartUpload");
    const decisions = await Promise.all(calls.map((call) => decide(call, coordinator.policies)));
    expect(calls.filter((_, i) => decisions[i] !== "Allowed")).toEqual([]);
  });
});

/** What the runs above cannot show: Lambda does it for the function, or only an upload in parts that fails halfway. */
const UNSEEN = [
  // A state that is too long for the event is fetched.
  /^lambda:GetDurableExecutionState /,
  /^logs:(CreateLogStream|PutLogEvents) .*:log-group:\w+:\*$/,
  /^sqs:SendMessage .*deadletters/,
  /^s3:AbortMultipartUpload .*:output-bucket\/(runs\/\*\/((plan|stations|manifest)\.json|index\.html|stations\.csv)|grids\/(placed|hindcasts)\/\*)$/,
];
