import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keys } from "../../lib/keys.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import type { Receipt } from "../../lib/run/chunk-records.ts";
import { claimRun } from "../../lib/run/claim.ts";
import { addWarning, closeRun, failRun, findManifest } from "../../lib/run/manifest.ts";
import { pendingChunks } from "../../lib/run/receipts.ts";
import type { Claim, Latest, RunPlan, StationsRecord } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { seriesName } from "../../lib/run/series-name.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { getJson, type ObjectStore } from "../../lib/store/store.ts";
import type { Warning } from "../../lib/warning.ts";
import { temporaryFolder } from "../support/folder.ts";
import { namedInputs } from "../support/inputs.ts";

const product = BUILT_IN_PRODUCTS[0]!;
/** Of the forecast that {@link namedInputs} names. */
const LABEL = "20200625.202008";
const end = { errors: {}, seconds: { total: 1 }, finishedAt: "2020-07-01 00:00:00" };
const dry: Warning = { kind: "cellMissing", message: "dry", station: "s2" };

/** A run of two chunks with one station each, of a forecast issued on a day for a month. */
async function makeRun(store = folderStore(temporaryFolder()), issued: string | null = "20200625", target = "2020-08") {
  const inputs = namedInputs({ forecast: `${issued}${target}` });
  const { claim } = await claimRun(store, inputs, { product, mode: "new" }, { owner: "me", clock: "n" });
  const { runId } = claim;
  const chunks = ["0001", "0002"].map((chunkId, i) => {
    const text = JSON.stringify({ runId, chunkId, stations: [{ id: `s${i + 1}` }] });
    return { text, id: chunkId, digest: hash("sha256", text), stations: 1 };
  });
  for (const { id, text } of chunks) await store.put(keys.chunk(runId, id), text);
  const planned: StationsRecord = {
    variable: { name: "precip" },
    baseline: [1981, 2010],
    seconds: [Date.UTC(2020, 4) / 1000],
    stations: ["s1", "s2"].map((id, i) => ({
      id,
      name: "",
      province: "",
      lat: 40,
      lon: 110,
      elevation: null,
      key: `prec/${LABEL}/r/${id}.prec.csv`,
      cell: [i, i],
      cellLat: 40.5,
      cellLon: 110.5,
      distanceKm: 70,
      forecast: [0.5],
    })),
  };
  await store.put(keys.stations(runId), JSON.stringify(planned));
  const plan: RunPlan = {
    runId,
    begunBy: "me",
    forecast: { label: LABEL, issued, targets: [`${target}-01 00:00:00`], base: null },
    grid: { id: "g", stored: true, months: 1, firstMonth: "2020-05", lastMonth: "2020-05" },
    units: "mm/day",
    stations: { planned: 2, tooFar: 4, rejected: 1, emptyRows: 3 },
    chunks: chunks.map(({ id, digest, stations }) => ({ id, digest, stations })),
    warnings: [{ kind: "rowRejected", message: "bad", row: 3 }],
    unmet: [],
  };
  await store.put(keys.plan(runId), JSON.stringify(plan));
  const run: Run = { store, inputs, product, claim, limits: { memoryBytes: 0 } };
  const receive = (i: number, digest = chunks[i]!.digest) => {
    const chunkId = chunks[i]!.id;
    const use = { usable: 1 - i, withoutObservations: i, withoutForecast: 0 };
    const receipt: Receipt = { runId, chunkId, digest, stations: 1, use, warnings: i === 1 ? [dry] : [], seconds: 0 };
    return store.put(keys.receipt(runId, chunkId), JSON.stringify(receipt));
  };
  const latest = () => getJson<Latest>(store, "prec/latest.json");
  return { store, run, plan, receive, latest, close: () => closeRun(run, end) };
}

test("a run with all receipts is complete, and becomes the latest", async () => {
  const { store, run, plan, receive, latest, close } = await makeRun();
  await receive(0);
  await receive(1);
  const manifest = await close();
  expect(manifest).toMatchObject({
    status: "complete",
    counts: {
      planned: 2,
      written: 2,
      usable: 1,
      withoutObservations: 1,
      withoutForecast: 0,
      tooFar: 4,
      rejectedRows: 1,
      emptyRows: 3,
      chunks: 2,
      chunksDone: 2,
      warnings: 2,
    },
    missing: [],
    warnings: [plan.warnings[0], dry],
    series: `prec/20200625.202008/${seriesName(run.claim)}/{station}.prec.csv`,
  });
  expect(await findManifest(store, plan.runId)).toEqual(manifest);
  expect(await latest()).toMatchObject({ runId: plan.runId, manifest: `runs/${plan.runId}/manifest.json` });
});

test("a run without some receipts is partial: stations and errors are named, latest.json stays away", async () => {
  const { run, receive, latest } = await makeRun();
  await receive(0);
  const errors = { "0002": "no such tile" };
  expect(await closeRun(run, { ...end, errors })).toMatchObject({
    status: "partial",
    counts: { written: 1, chunksDone: 1 },
    missing: [{ chunkId: "0002", error: "no such tile", stations: ["s2"] }],
  });
  expect(await latest()).toBeUndefined();
});

test("receipts are the truth: an error of a chunk that left one does not count, silence does", async () => {
  const { run, receive } = await makeRun();
  await receive(0);
  await receive(1);
  const errors = { "0002": "the answer was lost" };
  expect((await closeRun(run, { ...end, errors })).status).toBe("complete");
  const silent = await makeRun();
  expect(await silent.close()).toMatchObject({ status: "failed", missing: [{ error: "it left no receipt" }, {}] });
});

test("a receipt counts for the very chunk that it was left for", async () => {
  const { store, plan, receive, close } = await makeRun();
  await receive(0);
  await receive(1, "of another claim");
  expect((await pendingChunks(store, plan)).map(({ id }) => id)).toEqual(["0002"]);
  expect((await close()).status).toBe("partial");
});

test("an older forecast that arrives late does not move latest.json back", async () => {
  const store = folderStore(temporaryFolder());
  const complete = async (issued: string | null, target: string) => {
    const run = await makeRun(store, issued, target);
    await run.receive(0);
    await run.receive(1);
    await run.close();
    return (await run.latest())?.forecast;
  };
  expect(await complete("20200625", "2020-08")).toMatchObject({ issued: "20200625" });
  expect(await complete("20200624", "2020-09")).toMatchObject({ issued: "20200625" });
  expect(await complete("20200625", "2020-09")).toMatchObject({ targets: ["2020-09-01 00:00:00"] });
  expect(await complete("20200626", "2020-08")).toMatchObject({ issued: "20200626" });
  expect(await complete(null, "2020-05")).toMatchObject({ issued: "20200626" });
  expect(await complete(null, "2020-10")).toMatchObject({ issued: null });
});

/** As another execution does it, which goes on with the run: `taken` of the claim is then its own. */
async function takeOver({ store, claim }: Run, taken: Partial<Claim>): Promise<void> {
  await store.put(keys.claim(claim.runId), JSON.stringify({ ...claim, ...taken }));
}

test("a run that another has taken over is not closed, and leaves latest.json and the other's manifest alone", async () => {
  const { store, run, plan, receive, latest, close } = await makeRun();
  await receive(0);
  await receive(1);
  await takeOver(run, { owner: "another" });
  await expect(close()).rejects.toMatchObject({ tag: "Superseded" });
  await expect(failRun(run, { error: "late", planned: true, ...end })).rejects.toMatchObject({ tag: "Superseded" });
  expect(await findManifest(store, plan.runId)).toBeUndefined();
  expect(await latest()).toBeUndefined();
});

test("is taken over while it is closed: the other's manifest stands", async () => {
  const { store, run, plan, receive, latest } = await makeRun();
  await receive(0);
  await receive(1);
  const other: Run = { ...run, claim: { ...run.claim, owner: "another" } };
  let isTaken = false;
  // Between its look at the claim and its write the other comes, and is done.
  const slow: ObjectStore = {
    ...store,
    async get(key) {
      const found = await store.get(key);
      if (key !== keys.claim(plan.runId) || isTaken) return found;
      isTaken = true;
      await takeOver(run, { owner: "another" });
      await closeRun(other, { ...end, finishedAt: "2020-07-02 00:00:00" });
      return found;
    },
  };
  await expect(closeRun({ ...run, store: slow }, end)).rejects.toMatchObject({ tag: "Superseded" });
  expect((await findManifest(store, plan.runId))?.finishedAt).toBe("2020-07-02 00:00:00");
  expect(await latest()).toBeDefined();
});

test("a plan of another claim, which came late, is not taken for this run's", async () => {
  const { store, run, plan } = await makeRun();
  await store.put(keys.plan(plan.runId), JSON.stringify({ ...plan, begunBy: "one that was stopped" }));
  await expect(closeRun(run, end)).rejects.toMatchObject({
    tag: "Superseded",
    message: expect.stringContaining("not that of its claim, but of one that was stopped. Resume the run"),
  });
});

test("broken receipts and a broken latest.json are as good as none", async () => {
  const { store, plan, receive, latest, close } = await makeRun();
  await receive(0);
  await store.put(keys.receipt(plan.runId, "0002"), "");
  await store.put("prec/latest.json", "{");
  expect((await pendingChunks(store, plan)).map(({ id }) => id)).toEqual(["0002"]);
  await receive(1);
  await close();
  expect(await latest()).toMatchObject({ runId: plan.runId });
});

describe("a run that failed before its chunks says why,", () => {
  test("and nothing else where it was not planned", async () => {
    const { store, run } = await makeRun();
    await failRun(run, { error: "no such variable", planned: false, ...end });
    const manifest = await findManifest(store, run.claim.runId);
    expect(manifest).toMatchObject({ status: "failed", error: "no such variable", missing: [], warnings: [] });
    expect(new Set(Object.values(manifest!.counts))).toEqual(new Set([0]));
    expect(manifest).not.toHaveProperty("forecast");
  });

  test("and all that was planned, with what an earlier attempt had done", async () => {
    const { store, run, plan, receive, latest } = await makeRun();
    await receive(0);
    await failRun(run, { error: "no room for the grid", planned: true, ...end });
    expect(await findManifest(store, run.claim.runId)).toMatchObject({
      status: "failed",
      error: "no room for the grid",
      forecast: plan.forecast,
      grid: plan.grid,
      series: `prec/20200625.202008/${seriesName(run.claim)}/{station}.prec.csv`,
      counts: { planned: 2, written: 1, usable: 1, tooFar: 4, rejectedRows: 1, emptyRows: 3, chunks: 2, warnings: 1 },
      missing: [{ chunkId: "0002", error: "no room for the grid", stations: ["s2"] }],
      warnings: plan.warnings,
    });
    expect(await latest()).toBeUndefined();
  });
});

describe("a run whose product expects usable stations", () => {
  const expecting = async (usable: number) => {
    const made = await makeRun();
    const run = { ...made.run, product: { ...product, series: { ...product.series, expect: { usable } } } };
    await made.receive(0);
    return { ...made, run };
  };

  test("is failed with too few, and does not become the latest; its series stand", async () => {
    // One of two is usable, and four more are too far away.
    const { run, receive, latest } = await expecting(0.17);
    await receive(1);
    expect(await closeRun(run, end)).toMatchObject({
      status: "failed",
      error:
        'the series of product "prec" are not what their reader needs: series.expect.usable is 0.17, but 1 of 6 stations have observations and a forecast. Get inputs that are, or change series.expect of the product; latest.json stays where it was',
      counts: { written: 2, usable: 1, withoutObservations: 1 },
      missing: [],
    });
    expect(await latest()).toBeUndefined();
  });

  test("is complete with enough", async () => {
    const { run, receive, latest } = await expecting(0.16);
    await receive(1);
    expect((await closeRun(run, end)).status).toBe("complete");
    expect(await latest()).toBeDefined();
  });

  test("is partial as long as some are not written", async () => {
    const { run } = await expecting(0.9);
    expect((await closeRun(run, end)).status).toBe("partial");
  });
});

test("a warning is added to the manifest of a run that nobody has taken over", async () => {
  const { store, run, plan, receive, close } = await makeRun();
  await receive(0);
  await receive(1);
  const manifest = await close();
  const late: Warning = { kind: "pageMissing", message: "no template" };
  await addWarning(run, late);
  const warned = { ...manifest, counts: { ...manifest.counts, warnings: 3 }, warnings: [...manifest.warnings, late] };
  expect(await findManifest(store, plan.runId)).toEqual(warned);
  await takeOver(run, { owner: "another" });
  await expect(addWarning(run, late)).rejects.toMatchObject({ tag: "Superseded" });
  expect(await findManifest(store, plan.runId)).toEqual(warned);
});
