import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { handler as Handler } from "../../functions/fetcher.ts";
import type { SourceOutcome } from "../../lib/fetch/fetching.ts";
import { fixture } from "../support/golden.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { type Call, callsOf, decide, withoutEach } from "../support/permissions.ts";
import { type Publisher, startPublisher } from "../support/publisher.ts";
import { bucket, objects, type S3Server, startS3 } from "../support/s3-server.ts";
import { sourcesAt } from "../support/sources.ts";
import { synthesize } from "../support/synth.ts";

/** Node's own loader: the bundle runs as it is. */
const load = createRequire(import.meta.url);
const INPUT = "input-bucket";

const deployment = synthesize({ fetch: "cfsv2-prec,precl", fetchHours: 3, fetchLookBackDays: 2 });
const fetcher = deployment.functionOf("Fetcher");
const coordinator = deployment.functionOf("Coordinator");

let publisher: Publisher;
let s3: S3Server;
let scratch: string;
let rounds: SourceOutcome[][];

beforeAll(async () => {
  publisher = await startPublisher();
  s3 = await startS3();
  bucket(s3, INPUT);
  scratch = mkdtempSync(join(tmpdir(), "s2s-test-"));
  vi.stubEnv("TMPDIR", scratch);
  const environment = { ...fetcher.environment, S3_FORCE_PATH_STYLE: "true", NODE_OPTIONS: "" };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { forecast, observations } = sourcesAt(publisher.origin);
  s3.store.putObject(
    INPUT,
    "sources.json",
    Buffer.from(JSON.stringify({ sources: [forecast, observations] })),
    "application/json",
  );
  const day = new Date().toISOString().slice(0, "YYYY-MM-DD".length).replaceAll("-", "");
  publisher.files.set("/precl/precip.mon.mean.1x1.nc", { body: readFileSync(fixture("run/precip.mon.mean.nc")) });
  publisher.fault = (path) => {
    // Whatever its target month is.
    if (path.includes(day))
      publisher.files.set(path, { body: readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")) });
    return undefined;
  };
  const { handler } = load(fetcher.module) as { handler: typeof Handler };
  s3.requests.length = 0;
  rounds = [
    await handler(
      {},
      lambdaContext(() => 900_000),
    ),
    await handler(
      {},
      lambdaContext(() => 900_000),
    ),
  ];
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await publisher.close();
  await s3.close();
  rmSync(scratch, { recursive: true });
});

describe("the deployed function", () => {
  test("fetches what its settings and the bucket's sources.json say, once", () => {
    expect(rounds[0]!.map(({ source }) => source)).toEqual(["precl", "cfsv2-prec"]);
    const landed = rounds.map((round) =>
      round.flatMap(({ files }) => files).filter(({ status }) => status === "landed"),
    );
    expect(landed.map((files) => files.length)).toEqual([2, 0]);
    const keys = [...objects(s3, INPUT).keys()];
    expect(keys).toHaveLength(4);
    // Nothing is left in /tmp.
    expect(readdirSync(scratch)).toEqual([]);
    expect(keys).toEqual(expect.arrayContaining(landed[0]!.map(({ key }) => key)));
  });

  test("has the look-back that is set, and leaves alone what it has no time for", async () => {
    const forecasts = rounds[0]!.find(({ source }) => source === "cfsv2-prec")!.files;
    expect(forecasts).toHaveLength(3);
    const { handler } = load(fetcher.module) as { handler: typeof Handler };
    const [observations] = await handler(
      {},
      lambdaContext(() => 269_000),
    );
    expect(observations!.files.map(({ status }) => status)).toEqual(["left"]);
  });

  const calls = (): Call[] => {
    const all = s3.requests.flatMap(callsOf);
    return [...new Map(all.map((call) => [JSON.stringify(call), call])).values()];
  };

  test("is allowed all that it called, and nothing that it does not call", async () => {
    const made = calls();
    expect(made.length).toBeGreaterThan(5);
    for (const call of made) expect([call, await decide(call, fetcher.policies)]).toEqual([call, "Allowed"]);
    const idle: string[] = [];
    for (const [without, action, resource] of withoutEach(fetcher.policies)) {
      const concerned = made.filter((call) => call.action === action);
      const decisions = await Promise.all(concerned.map((call) => decide(call, without)));
      if (decisions.every((decision) => decision === "Allowed")) idle.push(`${action} ${resource}`);
    }
    expect(idle.filter((permission) => !permission.startsWith("logs:"))).toEqual([]);
  });
});

const input = (key: string) => `arn:aws:s3:::${INPUT}/${key}`;
const output = (key: string) => `arn:aws:s3:::output-bucket/${key}`;
const call = (action: string, ...resources: string[]): Call[] => resources.map((resource) => ({ action, resource }));

const FORBIDDEN: Call[] = [
  ...call("s3:PutObject", ...["stations/stations.xls", "products.json", "sources.json", "x", "forecast/x"].map(input)),
  ...call(
    "s3:PutObject",
    ...["prec/latest.json", "runs/r/claim.json", "grids/g/anomaly/0.0.0", "forecasts/f.nc"].map(output),
  ),
  ...call(
    "s3:GetObject",
    ...["forecasts/f.nc", "observations/a.nc", "stations/stations.xls", "products.json"].map(input),
  ),
  ...call("s3:GetObject", output("runs/r/claim.json")),
  ...call("s3:DeleteObject", input("forecasts/f.nc"), input("observations/a.nc")),
  ...call("s3:PutObjectAcl", input("forecasts/f.nc")),
  ...call("s3:ListBucket", "arn:aws:s3:::output-bucket", "arn:aws:s3:::another-bucket"),
  ...call("lambda:InvokeFunction", coordinator.arn, `${coordinator.arn}:1`, fetcher.arn),
];

describe("the fetcher may never", () => {
  test.each(FORBIDDEN)("$action on $resource", async (one) => {
    expect(await decide(one, fetcher.policies)).not.toBe("Allowed");
  });
});

test("a policy that allowed one of these calls would be seen", async () => {
  const open = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const decisions = await Promise.all(FORBIDDEN.map((one) => decide(one, [open])));
  expect(new Set(decisions)).toEqual(new Set(["Allowed"]));
});

test("the coordinator still cannot write to the input bucket", async () => {
  for (const key of ["forecasts/f.nc", "observations/a.nc", "observations/.fetched/precl.json", "sources.json"]) {
    expect(await decide({ action: "s3:PutObject", resource: input(key) }, coordinator.policies)).not.toBe("Allowed");
  }
});

describe("the template", () => {
  const { template } = deployment;

  test("has a schedule that invokes the function, which is not tried again by itself", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(3 hours)",
      State: "ENABLED",
      Targets: [{ Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("^FetcherFunction"), "Arn"] } }],
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: Match.stringLikeRegexp("^FetcherFunction") },
      MaximumRetryAttempts: 0,
    });
  });

  test("tells of what is late, and of a fetcher that fails", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmDescription: Match.stringLikeRegexp("^A source has had nothing new for longer than it allows"),
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: {
              Namespace: "S2sFanout",
              MetricName: "ForecastLate",
              Dimensions: [{ Name: "function", Value: "fetcher" }],
            },
            Stat: "Maximum",
          }),
        }),
      ]),
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmDescription: Match.stringLikeRegexp("^The fetcher fetched nothing"),
    });
  });

  test("has neither where no source is set", () => {
    const without = synthesize().template;
    without.resourceCountIs("AWS::Events::Rule", 0);
    const named = (of: typeof template) =>
      Object.keys(of.toJSON()["Resources"] as object).filter((id) => /fetch/i.test(id));
    expect(named(without)).toEqual([]);
    expect(named(template)).not.toEqual([]);
  });
});
