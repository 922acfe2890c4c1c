import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fetchSources } from "../../lib/fetch/fetch.ts";
import type { Fetching, SourceOutcome } from "../../lib/fetch/fetching.ts";
import type { ForecastSource, Source } from "../../lib/fetch/source.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { s3Store } from "../../lib/store/s3.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { fetchServers } from "../support/fetch-servers.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { hurriedPatience } from "../support/publisher.ts";
import { bucket } from "../support/s3-server.ts";
import { sourcesAt } from "../support/sources.ts";

const FORECAST = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
const ARCHIVE = readFileSync(fixture("run/precip.mon.mean.nc"));
const CLASSIC_ARCHIVE = readFileSync(fixture("run/precip.classic.nc"));
const NOW = Date.parse("2024-01-31T12:00:00Z");
const path = (day: string, target = "202402") => `/monthly/CFSv2.Prec.${day}.${target}.nc`;
const key = (day: string, target = "202402") => `forecasts/CFSv2.Prec.${day}.${target}.nc`;

const servers = fetchServers();

let buckets = 0;
const STORES = {
  folder: () => folderStore(temporaryFolder()),
  bucket: () => s3Store(servers.s3.slim, bucket(servers.s3, `fetch-${(buckets += 1)}`)),
};

async function fetched(store: ObjectStore, source: Source, more: Partial<Fetching> = {}): Promise<SourceOutcome> {
  const fetching = { store, now: NOW, patience: hurriedPatience(), folder: temporaryFolder(), ...more };
  const [outcome] = await fetchSources([source], fetching);
  return outcome!;
}

/** How files came out, by their keys. */
function statuses({ files }: SourceOutcome): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.key, file.status]));
}

async function keysIn(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const object of store.list("")) found.push(object.key);
  return found;
}

describe.each(["folder", "bucket"] as const)("into a %s", (kind) => {
  test("what is missing of the last days comes, each file once", async () => {
    const store = STORES[kind]();
    const { forecast } = sourcesAt(servers.publisher.origin);
    for (const day of ["20240128", "20240130"]) servers.publisher.files.set(path(day), { body: FORECAST });
    const first = await fetched(store, forecast);
    expect(statuses(first)).toEqual({
      [key("20240131")]: "missing",
      [key("20240130")]: "landed",
      [key("20240129")]: "missing",
      [key("20240128")]: "landed",
    });
    expect(first.late).toBeUndefined();
    servers.publisher.requests.length = 0;
    servers.publisher.files.set(path("20240129"), { body: FORECAST });
    expect(statuses(await fetched(store, forecast))).toEqual({
      [key("20240131")]: "missing",
      [key("20240129")]: "landed",
    });
    // What was there was not asked for.
    expect(servers.publisher.requests.map((request) => request.path)).not.toContain(path("20240130"));
    expect(await keysIn(store)).toEqual([key("20240128"), key("20240129"), key("20240130")]);
    expect(Buffer.compare((await store.get(key("20240129")))!.body, FORECAST)).toBe(0);
  });

  test("observations come anew when there are newer ones, and only then", async () => {
    const store = STORES[kind]();
    const { observations } = sourcesAt(servers.publisher.origin);
    const at = "/precl/precip.mon.mean.1x1.nc";
    expect(await fetched(store, observations)).toMatchObject({
      files: [{ status: "missing" }],
      late: "nothing has come yet",
    });
    servers.publisher.files.set(at, { body: ARCHIVE, lastModified: new Date("2024-01-05T00:00:00Z") });
    const status = async (more?: Partial<Fetching>) => (await fetched(store, observations, more)).files[0]!.status;
    expect(await status()).toBe("landed");
    servers.publisher.requests.length = 0;
    expect(await status()).toBe("unchanged");
    expect(servers.publisher.requests.map((request) => request.status)).toEqual([304]);
    servers.publisher.files.set(at, { body: CLASSIC_ARCHIVE, lastModified: new Date("2024-01-06T00:00:00Z") });
    expect(await status()).toBe("landed");
    expect(Buffer.compare((await store.get(observations.key))!.body, CLASSIC_ARCHIVE)).toBe(0);
    // One that somebody replaced is fetched again.
    await store.put(observations.key, "x");
    expect(await status()).toBe("landed");
    expect(await keysIn(store)).toEqual(["observations/.fetched/precl.json", observations.key]);
    const later = await fetched(store, observations, { now: Date.parse("2024-02-16T00:00:00Z") });
    expect(later.late).toBe("the publisher has changed nothing since 2024-01-06");
  });
});

test("observations of a server that names no version are not written again while they are the same", async () => {
  const store = STORES.folder();
  const { observations } = sourcesAt(servers.publisher.origin);
  servers.publisher.files.set("/precl/precip.mon.mean.1x1.nc", { body: ARCHIVE, tagged: false });
  expect((await fetched(store, observations)).files).toMatchObject([{ status: "landed" }]);
  expect((await fetched(store, observations)).files).toMatchObject([{ status: "unchanged" }]);
});

test("nothing lands that is no file of values, and the next round asks again", async () => {
  const store = STORES.folder();
  const { forecast } = sourcesAt(servers.publisher.origin);
  const source = { ...forecast, lookBackDays: 1 };
  for (const day of ["20240130", "20240131"]) servers.publisher.files.set(path(day), { body: FORECAST });
  for (const fault of ["empty", "html", "truncated", { redirect: "http://example.org/" }, { status: 503 }] as const) {
    servers.publisher.fault = () => fault;
    expect(statuses(await fetched(store, source))).toEqual({
      [key("20240131")]: "failed",
      [key("20240130")]: "failed",
    });
    expect(await keysIn(store)).toEqual([]);
  }
  servers.publisher.fault = undefined;
  expect(statuses(await fetched(store, source))).toEqual({ [key("20240131")]: "landed", [key("20240130")]: "landed" });
});

test("a server that fails twice is left alone until the next round, and so is one that there is no time for", async () => {
  const store = STORES.folder();
  const { forecast, observations } = sourcesAt(servers.publisher.origin);
  servers.publisher.fault = () => ({ status: 503 });
  expect(Object.values(statuses(await fetched(store, forecast)))).toEqual(["failed", "failed", "left", "left"]);
  servers.publisher.requests.length = 0;
  expect(Object.values(statuses(await fetched(store, forecast, { hasTime: () => false })))).toEqual([
    "left",
    "left",
    "left",
    "left",
  ]);
  expect((await fetched(store, observations, { hasTime: () => false })).files).toMatchObject([{ status: "left" }]);
  expect(servers.publisher.requests).toEqual([]);
});

test("a dry run asks for nothing", async () => {
  const store = STORES.folder();
  const { forecast, observations } = sourcesAt(servers.publisher.origin);
  expect(Object.values(statuses(await fetched(store, forecast, { dryRun: true, lookBackDays: 1 })))).toEqual([
    "due",
    "due",
  ]);
  expect((await fetched(store, observations, { dryRun: true })).files).toMatchObject([{ status: "due" }]);
  expect(servers.publisher.requests).toEqual([]);
  expect(await keysIn(store)).toEqual([]);
});

test("observations come before forecasts, whose runs they would disturb", async () => {
  const { forecast, observations } = sourcesAt(servers.publisher.origin);
  const fetching = { store: STORES.folder(), now: NOW, patience: hurriedPatience(), folder: temporaryFolder() };
  const outcomes = await fetchSources([forecast, observations], fetching);
  expect(outcomes.map(({ source }) => source)).toEqual(["precl", "cfsv2-prec"]);
});

describe("of a listed folder", () => {
  const listed = (): ForecastSource => ({ ...sourcesAt(servers.publisher.origin).forecast, listing: true });

  test("only what is listed is asked for", async () => {
    const store = STORES.folder();
    for (const day of ["20240128", "20240130"]) servers.publisher.files.set(path(day), { body: FORECAST });
    servers.publisher.files.set(path("20240130", "202403"), { body: FORECAST });
    expect(statuses(await fetched(store, listed()))).toEqual({
      [key("20240131")]: "missing",
      [key("20240130")]: "landed",
      [key("20240129")]: "missing",
      [key("20240128")]: "landed",
    });
    const asked = new Set(servers.publisher.requests.map((request) => request.path));
    expect(asked).toEqual(new Set(["/monthly/", path("20240130"), path("20240128")]));
  });

  test("without leads, all target months are taken that it has", async () => {
    const store = STORES.folder();
    for (const target of ["202402", "202405"])
      servers.publisher.files.set(path("20240130", target), { body: FORECAST });
    servers.publisher.files.set(path("20240101", "202402"), { body: FORECAST });
    servers.publisher.files.set("/monthly/README", { body: FORECAST });
    expect(statuses(await fetched(store, { ...listed(), leads: undefined }))).toEqual({
      [key("20240130", "202402")]: "landed",
      [key("20240130", "202405")]: "landed",
    });
  });

  test("that cannot be had, that is told", async () => {
    servers.publisher.fault = () => ({ status: 503 });
    const { files } = await fetched(STORES.folder(), listed());
    expect(files).toMatchObject([
      { status: "failed", why: expect.stringContaining("/monthly/: the server answers with status 503, 4 times") },
    ]);
  });
});

test("a name that is written anew lands under the day that it was changed on", async () => {
  const store = STORES.folder();
  const source: ForecastSource = {
    ...sourcesAt(servers.publisher.origin).forecast,
    address: `${servers.publisher.origin}/rain.nc`,
    key: "forecasts/rain.{YYYYMMDD}.{target:YYYYMM}.nc",
    dated: "lastModified",
  };
  const publish = (changed: string) =>
    servers.publisher.files.set("/rain.nc", { body: FORECAST, lastModified: new Date(changed) });
  publish("2024-01-30T23:59:59Z");
  expect(statuses(await fetched(store, source))).toEqual({ "forecasts/rain.20240130.202402.nc": "landed" });
  servers.publisher.requests.length = 0;
  expect((await fetched(store, source)).files).toMatchObject([{ status: "unchanged" }]);
  publish("2024-01-31T05:00:00Z");
  expect(statuses(await fetched(store, source))).toEqual({ "forecasts/rain.20240131.202402.nc": "landed" });
  expect((await fetched(store, source, { now: Date.parse("2024-02-03T00:00:00Z") })).late).toBe(
    "no forecast of 2024-02-01 or later is there",
  );
  servers.publisher.files.set("/rain.nc", { body: FORECAST });
  expect((await fetched(store, source)).files).toMatchObject([
    { status: "failed", why: expect.stringContaining("does not tell when it was changed") },
  ]);
});

test("forecasts wait for observations that have never come, as their runs would fail", async () => {
  const { forecast, observations } = sourcesAt(servers.publisher.origin);
  const store = STORES.folder();
  servers.publisher.files.set(path("20240130"), { body: FORECAST });
  const fetching = { store, now: NOW, patience: hurriedPatience(), folder: temporaryFolder() };
  const round = async () => (await fetchSources([forecast, observations], fetching)).map(statuses);
  expect((await round())[1]).toMatchObject({ [key("20240130")]: "left" });
  await store.put(observations.key, "one that was uploaded by hand");
  expect((await round())[1]).toMatchObject({ [key("20240130")]: "landed" });
});
