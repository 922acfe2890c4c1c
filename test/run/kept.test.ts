import { beforeEach, describe, expect, test } from "vitest";
import type { GridPlan } from "../../lib/grid/description.ts";
import { keys } from "../../lib/keys.ts";
import { reports } from "../../lib/report/reports.ts";
import { claimRun } from "../../lib/run/claim.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Product } from "../../lib/run/product.ts";
import type { Run } from "../../lib/run/run.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { seal, unseal } from "../../lib/store/sealed.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { claimed, NOW, type Paths, stationTable, PRODUCT as THEIRS } from "../support/claimed-run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";
import { plainEngine } from "../support/plain-engine.ts";
import { watchedStore } from "../support/watched-store.ts";

/** What is derived, and kept beside the grid. */
const DERIVED = /^grids\/(?:[^/]+\/(?:history|shown)|placed|archives)\//;
/** One grid serves all tables. */
const PRODUCT: Product = { ...THEIRS, grid: "global" };
/** Small chunks, so that there are several histories. */
const CHUNK = 6;

interface Asked {
  readonly product?: Product;
  readonly paths?: Paths;
}

/** A whole run in that store, which does all of its chunks, be it that it was done before. */
async function runIn(store: ObjectStore, { product = PRODUCT, paths = {} }: Asked = {}) {
  const { run: draft } = await claimed(paths, NOW, product);
  const claimant = { owner: `run ${Math.random()}`, clock: NOW };
  const { claim } = await claimRun(store, draft.inputs, { product, mode: "force", now: NOW }, claimant);
  const run: Run = { ...draft, store, claim, limits: { ...draft.limits, chunkSize: CHUNK } };
  const outcome = await carryOut({ claim, startedAt: 0, seconds: 0 }, plainEngine(run).engine, reports);
  return { run, outcome };
}

async function read(store: ObjectStore, key: string): Promise<string> {
  return new TextDecoder().decode((await store.get(key))!.body);
}

async function keysIn(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await Array.fromAsync(store.list(prefix))).map(({ key }) => key);
}

/** All that a run says and writes, but for times and whether it found the grid. */
async function resultOf(store: ObjectStore, asked: Asked = {}) {
  const { run, outcome } = await runIn(store, asked);
  const { runId } = run.claim;
  expect(outcome).toMatchObject({ status: "complete" });
  const { seconds: _s, finishedAt: _f, grid, ...manifest } = (await findManifest(store, runId))!;
  const series: Record<string, string> = {};
  for (const key of await keysIn(store, "prec/")) if (key.endsWith(".csv")) series[key] = await read(store, key);
  const [, data = ""] = /<script type="application\/json" id="data">(.*)<\/script>/.exec(
    await read(store, keys.page(runId)),
  )!;
  const page = { ...JSON.parse(data), seconds: undefined, finishedAt: undefined };
  return { manifest, grid: grid!.id, series, table: await read(store, keys.table(runId)), page };
}

let store: ObjectStore;
beforeEach(() => {
  store = folderStore(temporaryFolder());
});

describe("a run of the same archive and table", () => {
  test("reads neither of them, nor a tile, and gives what the first run gave", async () => {
    const first = await resultOf(store);
    const watched = watchedStore(store);
    const { run } = await runIn(watched);
    expect(watched.gets.filter((key) => key.includes("/anomaly/"))).toEqual([]);
    expect(watched.gets.filter((key) => DERIVED.test(key))).toHaveLength(4 + 1 + 1 + 1);
    expect(watched.puts.filter((key) => key.startsWith("grids/"))).toEqual([]);
    // The inputs are asked for their etags alone.
    const unread = { path: () => Promise.reject(new Error("this input is not to be read")) };
    const { observations, stations } = run.inputs;
    const inputs = {
      ...run.inputs,
      observations: { ...observations, ...unread },
      stations: { ...stations, ...unread },
    };
    const again = { ...run, inputs };
    const begun = { claim: run.claim, startedAt: 0, seconds: 0 };
    expect(await carryOut(begun, plainEngine(again).engine, reports)).toMatchObject({ status: "complete" });
    expect(await resultOf(store)).toEqual(first);
    const names = Object.entries(first.series).map(([key, text]) => [key.split("/").at(-1), text]);
    const now = (text: string) => text.replace("1997-06-20 06:07:08,0.0", "1997-05-20 06:07:08,0.0");
    const written = Object.fromEntries(names.map(([name, text]) => [name, now(text!)]));
    expect(written).toEqual(texts(fixture("run/expected")));
  });

  test.each<[string, (bytes: Uint8Array, other: Uint8Array) => Uint8Array]>([
    ["cut short", (bytes) => bytes.subarray(0, -1)],
    ["empty", () => new Uint8Array()],
    ["zeros", (bytes) => new Uint8Array(bytes.length)],
    ["changed in its first byte", (bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))],
    ["changed amid", (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 128 : byte))],
    ["another one, which is whole", (_, other) => other],
  ])("makes anew what is kept and is %s, and gives the same", async (_, damage) => {
    const first = await resultOf(store);
    const derived = (await keysIn(store, "grids/")).filter((key) => DERIVED.test(key));
    const whole = await Promise.all(derived.map(async (key) => (await store.get(key))!.body));
    expect(derived).toHaveLength(4 + 1 + 1 + 1);
    for (const [i, key] of derived.entries()) await store.put(key, damage(whole[i]!, whole.at(i - 1)!));
    expect(await resultOf(store)).toEqual(first);
    for (const [i, key] of derived.entries()) expect((await store.get(key))!.body).toEqual(whole[i]);
  });

  test("that was stopped between any two writes of what is kept is resumed to the same", async () => {
    const first = await resultOf(folderStore(temporaryFolder()));
    for (const stop of [/\/placed\//, /\/history\//, /\/shown\//]) {
      const broken = watchedStore(store, (key) => {
        if (stop.test(key)) throw new Error("stopped");
      });
      await runIn(broken).catch(() => undefined);
    }
    expect(await resultOf(store)).toEqual(first);
  });
});

test("what was kept of an archive before grids could be of double precision is made anew", async () => {
  const air = { variable: "air", firstMonth: "1990-05", baseline: [1991, 1992], units: "mm/day" } as const;
  const product = { ...PRODUCT, observations: { ...PRODUCT.observations, ...air } };
  const paths = { observations: "views/double.nc", stations: stationTable("1,x,10,120") };
  const { runId: _, ...first } = (await resultOf(store, { product, paths })).manifest;
  const [key = ""] = await keysIn(store, "grids/archives/");
  const { head, body } = unseal<{ plan: GridPlan }>(key, (await store.get(key))!.body)!;
  const { type, ...plan } = head.plan;
  expect(type).toBe("float64");
  // So it was, and so was the id of its grid: that of the request alone.
  await store.put(key, seal(key, { head: { plan: { ...plan, id: key.split("/").at(-1)! } }, body }));
  const { grid, manifest } = await resultOf(store, { product, paths });
  expect(manifest).toMatchObject(first);
  expect(grid).toContain(plan.id);
  expect(grid).not.toContain(key.split("/").at(-1)!);
});

describe("what another run has kept is not taken", () => {
  test.each<[string, Asked]>([
    ["for a product with another column", { product: { ...PRODUCT, series: { ...PRODUCT.series, column: "other" } } }],
    [
      "for a product that writes missing values otherwise",
      { product: { ...PRODUCT, series: { ...PRODUCT.series, missing: "NA" } } },
    ],
    [
      "for a forecast relative to other years",
      { product: { ...PRODUCT, forecast: { ...PRODUCT.forecast, baseline: [1991, 1992] } } },
    ],
    [
      "for another baseline",
      { product: { ...PRODUCT, observations: { ...PRODUCT.observations, baseline: [1991, 1993] } } },
    ],
    ["for a smaller distance to cells", { product: { ...PRODUCT, series: { ...PRODUCT.series, maxDistanceKm: 900 } } }],
    [
      "for another table",
      {
        get paths() {
          return { stations: stationTable("50001,x,39.8,116.5", "b,y,20,90", "c,z,0,90") };
        },
      },
    ],
  ])("%s", async (_, other) => {
    await resultOf(store);
    const asked = { ...other };
    const fresh = await resultOf(folderStore(temporaryFolder()), asked);
    for (const key of await keysIn(store, "prec/")) await store.put(key, "old");
    const { series, ...result } = await resultOf(store, asked);
    expect({
      ...result,
      series: Object.fromEntries(Object.keys(fresh.series).map((key) => [key, series[key]])),
    }).toEqual(fresh);
    // And once more, of what it has kept itself.
    expect(await resultOf(store, asked)).toEqual({ ...result, series });
  });
});
