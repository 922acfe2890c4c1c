import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { silent } from "../../functions/local/progress.ts";
import { settingsFrom } from "../../infra/settings.ts";
import { smokeCommand } from "../../infra/smoke/command-line.ts";
import { smoke } from "../../infra/smoke/smoke.ts";
import { type Cloud, INPUT, OUTPUT, startCloud } from "../support/cloud.ts";
import { node } from "../support/command.ts";
import { objects, textsIn } from "../support/s3-server.ts";

const KEYS = { observationsKey: "observations/made.nc", stationsKey: "stations/made.xls" };
const DEPLOYMENT = { inputBucket: INPUT, outputBucket: OUTPUT, ...KEYS, minutes: 15 };
const FORECAST = /^forecasts\/smoke\/\d{14}\/CFSv2\.Prec\.20200625\.202008\.nc$/;

let cloud: Cloud;
beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());
beforeEach(async () => {
  cloud = await startCloud({ OBSERVATIONS_KEY: KEYS.observationsKey, STATIONS_KEY: KEYS.stationsKey });
});
afterEach(() => cloud.close());

const uploaded = () => [...objects(cloud.s3, INPUT).keys()].filter((key) => FORECAST.test(key));
const notification = (key: string) => ({
  Records: [
    { eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: { bucket: { name: INPUT }, object: { key } } },
  ],
});

/** A clock that goes on only where somebody waits, and then the deployment works: it does the runs of new uploads. */
function deploymentAtWork() {
  const seen = new Set<string>();
  let now = Date.UTC(2026, 0, 1);
  return {
    now: () => now,
    async wait(milliseconds: number) {
      now += milliseconds;
      for (const key of uploaded().filter((one) => !seen.has(one))) {
        seen.add(key);
        await cloud.execute(notification(key));
      }
    },
  };
}

test("a deployment that works is told to, with its page and what to remove; and once more, as a run of its own", async () => {
  const clock = deploymentAtWork();
  const first = await smoke(DEPLOYMENT, silent, clock);
  expect(first).toContain("works: its 200 series are, byte for byte, what this machine makes of the same inputs.\n");
  const runs = Object.keys(textsIn(cloud.s3, OUTPUT, "runs/")).filter((key) => key.endsWith("/index.html"));
  expect(runs).toHaveLength(1);
  expect(first).toContain(`page      s3://${OUTPUT}/runs/${runs[0]}\n`);

  const again = await smoke(DEPLOYMENT, silent, clock);
  expect(uploaded()).toHaveLength(2);
  expect(again.split("\n")[1]).not.toBe(first.split("\n")[1]);
  const removed = Array.from(again.matchAll(/^ {2}aws s3 rm (--recursive )?s3:\/\/([^/]+)\/(.+)$/gm), (match) =>
    match.slice(1),
  );
  expect(removed).toEqual([
    ["--recursive ", INPUT, "forecasts/smoke/"],
    [undefined, INPUT, KEYS.observationsKey],
    [undefined, INPUT, KEYS.stationsKey],
    ["--recursive ", OUTPUT, expect.stringMatching(/^runs\/prec-20200625\.202008-\w+\/$/)],
    ["--recursive ", OUTPUT, expect.stringMatching(/^prec\/20200625\.202008\//)],
    [undefined, OUTPUT, "prec/latest.json"],
  ]);
});

test("one series that differs by a byte is named", async () => {
  const clock = deploymentAtWork();
  const late = async (milliseconds: number) => {
    await clock.wait(milliseconds);
    const [key, text] = Object.entries(textsIn(cloud.s3, OUTPUT, "prec/")).find(([name]) => name.endsWith(".csv"))!;
    cloud.s3.store.putObject(OUTPUT, `prec/${key}`, Buffer.from(text.replace("0.0", "0.1")));
  };
  await expect(smoke(DEPLOYMENT, silent, { ...clock, wait: late })).rejects.toThrow(
    /^s3:\/\/output-bucket\/prec\/20200625\.202008\/\S+\.csv: differs from what this machine makes of the same inputs\./,
  );
});

test("a run that is not complete is told with its error", async () => {
  cloud.beforeChunk = ({ chunkId }) => {
    if (chunkId === "0002") throw new Error("a worker that crashes");
  };
  await expect(smoke(DEPLOYMENT, silent, deploymentAtWork())).rejects.toThrow(
    /^s3:\/\/output-bucket\/runs\/prec-\S+\/manifest\.json: the run is partial: .*a worker that crashes\. The made inputs are left: s3:\/\/input-bucket\/forecasts\/smoke\/, /,
  );
});

test("inputs of a user are left as they are, and nothing is uploaded", async () => {
  const before = [...objects(cloud.s3, INPUT).keys()];
  const options = { ...DEPLOYMENT, stationsKey: "stations/stations.xls" };
  await expect(smoke(options, silent, deploymentAtWork())).rejects.toThrow(
    "s3://input-bucket/stations/stations.xls: is there, and is no made input, so nothing was uploaded",
  );
  expect([...objects(cloud.s3, INPUT).keys()]).toEqual(before);
});

test("a run that does not end in time is told of with how far it came", async () => {
  const hurried = { ...DEPLOYMENT, minutes: 1 };
  let now = 0;
  const waiting = { now: () => now, wait: async (milliseconds: number) => void (now += milliseconds) };
  await expect(smoke(hurried, silent, waiting)).rejects.toThrow(
    /^s3:\/\/output-bucket\/runs\/: no run was claimed within 1 minute of the upload of forecasts\/smoke\/\d+\/CFSv2/,
  );
  const clock = deploymentAtWork();
  const stopped = async (milliseconds: number) => {
    await clock.wait(milliseconds);
    const ends = [...objects(cloud.s3, OUTPUT).keys()].filter((key) => /manifest\.json$|receipts\/0001/.test(key));
    cloud.s3.store.deleteObjects(OUTPUT, ends);
  };
  await expect(smoke(hurried, silent, { ...clock, wait: stopped })).rejects.toThrow(
    /^s3:\/\/output-bucket\/runs\/prec-\S+: has 3 of 4 chunks, and has not ended within 1 minute/,
  );
});

test("the command that a stack prints says what differs from the defaults, and is none without the product of the made inputs", () => {
  const buckets = { input: "rain-in", output: "rain-out" };
  const command = (settings: Record<string, unknown>) => smokeCommand(settingsFrom(settings), buckets);
  expect(command({})).toBe("npm run smoke -- --input-bucket rain-in --output-bucket rain-out");
  expect(command({ ...KEYS, stationsKey: "stations/少's.xls", baseline: "1991-2020" })).toBe(
    String.raw`npm run smoke -- --input-bucket rain-in --output-bucket rain-out --observations-key observations/made.nc --stations-key 'stations/少'\''s.xls' --baseline 1991-2020`,
  );
  expect(command({ products: "temp" })).toBeUndefined();
});

test("the command does the same from a shell", async () => {
  const done = new Set<string>();
  cloud.s3.intercept = ({ operation }) => {
    if (operation !== "ListObjectsV2") return undefined;
    for (const one of uploaded().filter((forecast) => !done.has(forecast))) {
      done.add(one);
      void cloud.execute(notification(one));
    }
    return undefined;
  };
  const program = new URL("../../infra/smoke/command.ts", import.meta.url).pathname;
  const buckets = ["--input-bucket", INPUT, "--output-bucket", OUTPUT];
  const keys = ["--observations-key", KEYS.observationsKey, "--stations-key", KEYS.stationsKey];
  const { code, stdout, stderr } = await node([program, ...buckets, ...keys]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^inputs …\n[^]*upload …\nclaim …\n[^]*compare …\n$/)]);
  expect(stdout).toContain("The deployment works: its 200 series");
  expect(await node([program, ...buckets.slice(2)])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--input-bucket"),
  });
});
