import { describe, expect, test } from "vitest";
import { keys } from "../../lib/keys.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import { claimRun, type RunMode } from "../../lib/run/claim.ts";
import type { RunStatus } from "../../lib/run/records.ts";
import { seriesName } from "../../lib/run/series-name.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { gathering } from "../support/gathering.ts";
import { fixture } from "../support/golden.ts";
import { fileInput, namedInputs } from "../support/inputs.ts";

const product = BUILT_IN_PRODUCTS[0]!;

interface Asked {
  readonly now?: string;
  readonly forecast?: string;
  readonly stations?: string;
  readonly leaseUntil?: string;
}

/** Claims runs in one store, with a clock that tells another second at each claim. */
function claimer(store: ObjectStore = folderStore(temporaryFolder())) {
  let second = 0;
  return (mode: RunMode, owner: string, { now, leaseUntil, ...etags }: Asked = {}) =>
    claimRun(
      store,
      namedInputs(etags),
      { product, mode, ...(now === undefined ? {} : { now }) },
      { owner, clock: `2020-06-30 00:00:0${second++}`, leaseUntil },
    );
}

/** Leaves the manifest of an attempt that ended at some second of the claimer's clock. */
function ended(store: ObjectStore, runId: string, status: RunStatus, second: number) {
  return store.put(keys.manifest(runId), JSON.stringify({ status, finishedAt: `2020-06-30 00:00:0${second}` }));
}

test("the first to claim works, others are told that it is a duplicate of the first", async () => {
  const claim = claimer();
  const results = await Promise.all(["a", "b", "c"].map((owner) => claim("new", owner)));
  expect(results.map((result) => result.status).sort()).toEqual(["claimed", "duplicate", "duplicate"]);
  const winner = results.find(({ status }) => status === "claimed")?.claim;
  for (const { claim: known } of results) expect(known).toEqual(winner);
});

test("a step that runs again after its claim was written goes on with it", async () => {
  const claim = claimer();
  const first = await claim("new", "a");
  expect(await claim("new", "a")).toEqual(first);
});

test("the id comes from all inputs and the product, never from time or owner", async () => {
  const claim = claimer();
  const { runId } = (await claim("new", "a")).claim;
  expect(runId).toMatch(/^prec-20200625\.202008-[0-9a-f]{12}$/);
  expect((await claimer()("new", "b")).claim.runId).toBe(runId);
  const others = [
    (await claim("new", "a", { forecast: "f2" })).claim.runId,
    (await claim("new", "a", { stations: "s2" })).claim.runId,
    (
      await claimRun(
        folderStore(temporaryFolder()),
        namedInputs(),
        { product: { ...product, series: { ...product.series, missing: "" } }, mode: "new" },
        { owner: "a", clock: "t" },
      )
    ).claim.runId,
  ];
  expect(new Set([runId, ...others]).size).toBe(4);
});

describe("the row for now and the forecast's label", () => {
  const bom = { ...product, forecast: { pattern: "*", variable: "rain", select: {} } };
  const claimOf = async (path: string, key: string, now?: string) => {
    const inputs = { ...namedInputs(), forecast: fileInput(path, key) };
    const request = { product: bom, mode: "new" as const, ...(now === undefined ? {} : { now }) };
    const owner = { owner: "a", clock: "2026-11-27 08:00:00" };
    return (await claimRun(folderStore(temporaryFolder()), inputs, request, owner)).claim;
  };
  const monthly = fixture("layouts/rain.forecast.anom.monthly.nc");

  test("are of the day of issue in the name, and the file is not opened", async () => {
    const { claim } = await claimer()("new", "a");
    expect(claim).toMatchObject({
      now: "2020-06-25 00:00:00",
      nowFrom: "name",
      issue: { label: "20200625.202008", issued: "20200625" },
    });
  });

  test("are of the initial time in a file whose name has no date, so that two days' files have series of their own", async () => {
    const claim = await claimOf(monthly, "forecasts/rain.forecast.anom.monthly.nc");
    expect(claim).toMatchObject({
      now: "2026-11-25 00:00:00",
      nowFrom: "file",
      issue: { label: "rain.forecast.anom.monthly.20261125", issued: "20261125" },
    });
    expect(claim.runId).toMatch(/^prec-rain\.forecast\.anom\.monthly\.20261125-/);
  });

  test("a name with a month keeps its label", async () => {
    const { now, issue } = await claimOf(monthly, "rain.202612.nc");
    expect([now, issue]).toEqual(["2026-11-25 00:00:00", { label: "rain.202612", issued: "20261125" }]);
  });

  test("what is asked for weighs more", async () => {
    const { now, nowFrom, issue } = await claimOf(monthly, "rain.nc", "2026-11-30 01:02:03");
    expect([now, nowFrom, issue.issued]).toEqual(["2026-11-30 01:02:03", "request", "20261125"]);
  });

  test.each([
    ["tells no day", fixture("layouts/era5-date.nc")],
    ["cannot be read", fixture("layouts/iri-nmme.expected.json")],
  ])("are of the clock and the bare name, where the file %s", async (_, path) => {
    expect(await claimOf(path, "rain.nc")).toMatchObject({
      now: "2026-11-27 08:00:00",
      nowFrom: "clock",
      issue: { label: "rain", issued: null },
    });
  });

  test("of a claim of an older version are what is found now", async () => {
    const store = folderStore(temporaryFolder());
    const ask = (mode: RunMode) => claimRun(store, namedInputs(), { product, mode }, { owner: mode, clock: "t" });
    const { claim } = await ask("new");
    const { issue, nowFrom: _, begunBy: __, ...older } = { ...claim, now: "2020-06-28 01:02:03" };
    await store.put(keys.claim(claim.runId), JSON.stringify(older));
    const { claim: resumed } = await ask("resume");
    expect(resumed).toMatchObject({ now: "2020-06-28 01:02:03", issue, owner: "resume", begunBy: "new" });
  });
});

test("a resumed run has another owner, keeps its chunks and its time, and refuses another time", async () => {
  const claim = claimer();
  const first = await claim("new", "a", { now: "2020-06-30 12:00:00" });
  expect(await claim("resume", "b")).toEqual({
    ...first,
    claim: { ...first.claim, owner: "b", begunBy: "a", claimedAt: "2020-06-30 00:00:01" },
  });
  await expect(claim("resume", "c", { now: "2020-07-01 00:00:00" })).rejects.toMatchObject({
    tag: "BadOption",
    message: expect.stringContaining("was begun with now 2020-06-30 12:00:00, not 2020-07-01 00:00:00"),
  });
});

test("a claim whose answer is lost says that it may stand", async () => {
  const store = folderStore(temporaryFolder());
  const fail = () => Promise.reject(new Error("socket hang up"));
  const failing: ObjectStore = { ...store, put: fail, putIfAbsent: fail };
  const claim = (mode: RunMode, to: ObjectStore) =>
    claimRun(to, namedInputs(), { product, mode }, { owner: mode, clock: "t" });
  await expect(claim("new", failing)).rejects.toThrow(
    /^socket hang up\. Run prec-.* may be claimed by now: resume it when this is mended$/,
  );
  expect((await claim("new", store)).status).toBe("claimed");
  await expect(claim("force", failing)).rejects.toThrow(/^socket hang up$/);
});

test("a run that nobody began is begun by a resume", async () => {
  expect((await claimer()("resume", "a")).status).toBe("claimed");
});

test("of several that resume a run at once, one has it", async () => {
  const store = folderStore(temporaryFolder());
  await claimer(store)("new", "a");
  const gathered = gathering(3);
  const together = async (key: string) => {
    const found = await store.get(key);
    await gathered();
    return found;
  };
  const claim = claimer({ ...store, get: together });
  const ends = await Promise.allSettled(["b", "c", "d"].map((owner) => claim("resume", owner)));
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(refused).toHaveLength(2);
  for (const error of refused) {
    expect(error).toMatchObject({ tag: "Superseded", message: expect.stringContaining("at the same time") });
  }
});

test.each(["resume", "new"] as const)("one that takes a run over, %s, and gets no answer, has it", async (mode) => {
  const store = folderStore(temporaryFolder());
  // As S3 does where its first answer was lost, and the client asked again.
  const unsure: ObjectStore = { ...store, putIfMatch: (...args) => store.putIfMatch(...args).then(() => false) };
  await claimer(store)("new", "a", { leaseUntil: "2020-06-29 00:00:00" });
  expect(await claimer(unsure)(mode, "b")).toMatchObject({ status: "claimed", claim: { owner: "b" } });
});

test("force begins the run anew, with its own owner and time", async () => {
  const claim = claimer();
  await claim("new", "a");
  const forced = await claim("force", "b", { now: "2020-07-01 00:00:00" });
  expect(forced).toMatchObject({ status: "claimed", claim: { owner: "b", begunBy: "b", now: "2020-07-01 00:00:00" } });
  expect((await claim("new", "a")).status).toBe("duplicate");
});

describe("the name of a run's series", () => {
  test("is the hash of its inputs, where its time is of them, too", async () => {
    const { claim } = await claimer()("new", "a");
    expect(seriesName(claim)).toBe(claim.runId.slice(-12));
    expect(seriesName((await claimer()("force", "b", { stations: "s2" })).claim)).not.toBe(seriesName(claim));
  });

  test("has the time that was asked for, as series of another time have other bytes", async () => {
    const { claim } = await claimer()("new", "a", { now: "2020-06-30 12:00:00" });
    expect(seriesName(claim)).toBe(`${claim.runId.slice(-12)}-20200630T120000`);
  });
});

describe("a run that was begun", () => {
  const LEASE = { leaseUntil: "2020-06-30 00:00:02" };

  test.each(["complete", "partial"] as const)("and is %s is a duplicate, which says so", async (status) => {
    const store = folderStore(temporaryFolder());
    const claim = claimer(store);
    const first = await claim("new", "a", LEASE);
    await ended(store, first.claim.runId, status, 0);
    for (const owner of ["b", "c", "d"]) {
      expect(await claim("new", owner)).toEqual({ status: "duplicate", claim: first.claim, of: status });
    }
  });

  test("and has failed is taken over by the next event, and by one of many", async () => {
    const store = folderStore(temporaryFolder());
    const claim = claimer(store);
    const first = await claim("new", "a");
    await ended(store, first.claim.runId, "failed", 0);
    const next = await Promise.all(["b", "c", "d"].map((owner) => claim("new", owner)));
    expect(next.map(({ status }) => status).sort()).toEqual(["claimed", "duplicate", "duplicate"]);
    const { claim: taken } = next.find(({ status }) => status === "claimed")!;
    // The manifest is still that of the first attempt.
    expect(await claim("new", "e")).toEqual({ status: "duplicate", claim: taken, of: "unfinished" });
  });

  test("is left alone as long as its owner can be at work, and taken over then", async () => {
    const claim = claimer();
    await claim("new", "a", LEASE);
    expect(await claim("new", "b")).toMatchObject({ status: "duplicate", of: "unfinished" });
    expect(await claim("new", "c")).toMatchObject({ status: "duplicate", of: "unfinished" });
    expect(await claim("new", "d")).toMatchObject({ status: "claimed", claim: { owner: "d" } });
  });

  test("and resumed can be at work for another lease", async () => {
    const claim = claimer();
    await claim("new", "a", { leaseUntil: "2020-06-30 00:00:00" });
    await claim("resume", "b", { leaseUntil: "2020-06-30 00:00:03" });
    expect(await claim("new", "c")).toMatchObject({ status: "duplicate", of: "unfinished" });
    expect(await claim("new", "d")).toMatchObject({ status: "duplicate", of: "unfinished" });
    expect(await claim("new", "e")).toMatchObject({ status: "claimed" });
  });

  test("by a process, which has no lease, is left alone", async () => {
    const claim = claimer();
    await claim("new", "a");
    for (const owner of ["b", "c"]) {
      expect(await claim("new", owner)).toMatchObject({ status: "duplicate", of: "unfinished" });
    }
  });
});
