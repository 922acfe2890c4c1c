import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { type Cloud, INPUT, startCloud } from "../support/cloud.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const forecast = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
const expected = texts(fixture("run/expected"));
const NOW = "1997-05-20T06:07:08";
const KEYS = [18, 19, 20].map((day) => `forecasts/1997/CFSv2.Prec.199705${day}.199707.nc`);

/** A cloud with three forecasts below a prefix, and what is none. */
async function cloudWithThree(settings: Record<string, string> = {}): Promise<Cloud> {
  const cloud = await startCloud(settings);
  onTestFinished(() => cloud.close());
  for (const key of KEYS) await cloud.put(key, forecast);
  await cloud.put("forecasts/1997/CFSv2.Prec.19970518.199707.nc.md5", "d41d8cd98f00b204e9800998ecf8427e");
  await cloud.put("forecasts/1997/notes.nc", "of another kind");
  await cloud.put("forecasts/1998/CFSv2.Prec.19980520.199807.nc", forecast);
  return cloud;
}

test("every forecast below a prefix has its run, with golden bytes, and one grid serves all", async () => {
  const cloud = await cloudWithThree();
  const sample = readFileSync(new URL("../../events/prefix.json", import.meta.url), "utf8").replace("2019", "1997");
  const { results } = await cloud.execute({ ...(JSON.parse(sample) as object), now: NOW });
  expect(results.map(({ forecastKey, status, written }) => [forecastKey, status, written])).toEqual(
    KEYS.map((key) => [key, "complete", 20]),
  );
  for (const day of [18, 19, 20]) {
    expect(ofOneRun(cloud.output(`prec/199705${day}.199707/`))).toEqual(texts(fixture("run/expected")));
  }
  expect(Object.keys(cloud.output("grids/ready/"))).toHaveLength(1);
});

test("sent again, it does what is missing", async () => {
  const cloud = await cloudWithThree();
  await cloud.execute({ forecastKey: KEYS[1], now: NOW });
  const { results } = await cloud.execute({ forecastPrefix: "forecasts/1997/", now: NOW });
  expect(results.map(({ status }) => status)).toEqual(["complete", "duplicate", "complete"]);
});

test("a forecast that fails is named at the end, and the others are done", async () => {
  const cloud = await cloudWithThree();
  await cloud.put(KEYS[0]!, "no forecast");
  const { status, error } = await cloud.execute({ forecastPrefix: "forecasts/1997/", product: "prec", now: NOW });
  expect(status).toBe("FAILED");
  expect(error).toMatch(
    /^1 of 3 could not be done: \[\{"product":"prec","forecastKey":"forecasts\/1997\/CFSv2.Prec.19970518/,
  );
  expect(error).toContain("not every run could be done: ");
  for (const day of [19, 20]) expect(ofOneRun(cloud.output(`prec/199705${day}.199707/`))).toEqual(expected);
});

test("what there is no time for is left, and the event that the message names does it", async () => {
  // Each run takes four minutes, and an execution has fifteen.
  let minutes = 0;
  const cloud = await cloudWithThree();
  const original = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => original() + minutes * 60_000);
  onTestFinished(() => void vi.restoreAllMocks());
  cloud.beforeChunk = ({ chunkId }) => {
    if (chunkId === "0001") minutes += 4;
  };
  const { error } = await cloud.execute({ forecastPrefix: "forecasts/1997/", now: NOW });
  const next = { forecastPrefix: "forecasts/1997/", after: KEYS[1], now: NOW };
  expect(error).toBe(`1 of 3 forecasts were not begun: send ${JSON.stringify(next)}`);
  const { results } = await cloud.execute(next);
  expect(results).toMatchObject([{ forecastKey: KEYS[2], status: "complete" }]);
});

test.each([
  [{ forecastPrefix: "forecasts/1996" }, `no forecast is below "forecasts/1996" in s3://${INPUT}`],
  [{ forecastPrefix: "forecasts/1997/", after: KEYS[2] }, `None follows "${KEYS[2]}"`],
  [{ forecastPrefix: "forecasts/1997/", product: "wind" }, 'there is no product "wind"'],
  [{ forecastPrefix: "forecasts/1997/", forecastKey: KEYS[0] }, 'Unrecognized key: "forecastKey"'],
])("%j is refused, and no run begins", async (event, problem) => {
  const cloud = await cloudWithThree();
  const { status, error } = await cloud.execute(event);
  expect(status).toBe("FAILED");
  expect(error).toContain(problem);
  expect(cloud.output("runs/")).toEqual({});
});
