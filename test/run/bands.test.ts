import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { findGrid } from "../../lib/grid/stored-grid.ts";
import { keys } from "../../lib/keys.ts";
import { pendingBands } from "../../lib/run/bands.ts";
import { MAX_CHUNKS, mostBands } from "../../lib/run/chunk-plan.ts";
import { claimRun } from "../../lib/run/claim.ts";
import type { Engine } from "../../lib/run/engine.ts";
import { makeGrid } from "../../lib/run/grid-step.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import type { PlannedGrid } from "../../lib/run/records.ts";
import type { Run, RunLimits } from "../../lib/run/run.ts";
import { makeSample } from "../../lib/sample/sample.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { requireJson } from "../../lib/store/store.ts";
import { claimed, PRODUCT, stationTable } from "../support/claimed-run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { fileInput } from "../support/inputs.ts";
import { NO_REPORTS, plainEngine } from "../support/plain-engine.ts";
import { watchedStore } from "../support/watched-store.ts";

/** So little time that the global grid of the fixtures is made in three bands. */
const invocation = { storageBytes: 2 ** 31, seconds: 0.0042, processors: 1, mostBands: 40 };
const limits: RunLimits = { memoryBytes: GRID_MEMORY_BYTES, invocation };
const GLOBAL = { ...PRODUCT, grid: "global" } as const;

const carriedOut = (run: Run, engine: Engine) =>
  carryOut({ claim: run.claim, startedAt: Date.now(), seconds: 0 }, engine, NO_REPORTS);

/** A claimed run whose grid is made in bands. */
async function banded() {
  const { run, store, claim } = await claimed({}, undefined, GLOBAL);
  const limited: Run = { ...run, limits };
  const plan = () => requireJson<PlannedGrid>(store, keys.gridPlan(claim.runId));
  return { run: limited, store, runId: claim.runId, plan };
}

/** All that is below a prefix, as text of its bytes. */
async function bytesOf({ store }: Pick<Run, "store">, prefix: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { key } of store.list(prefix)) {
    files[key] = Buffer.from((await store.get(key))!.body).toString("base64");
  }
  return files;
}

test("the bands are made between plan and grid, and the marker is written when all are there", async () => {
  const { run, store, plan } = await banded();
  const { engine, asked } = plainEngine(run);
  expect(await carriedOut(run, engine)).toMatchObject({ status: "complete" });
  expect(asked).toEqual(["plan", "bands 0001,0002,0003", "grid", "chunks 0001", "manifest", "page", "index"]);
  const { id, bands } = await plan();
  expect(bands).toMatchObject({ made: true });
  const marker = await findGrid(store, id);
  expect(marker).not.toHaveProperty("bands");
  expect(marker).not.toHaveProperty("archive");
});

test("the step of the grid may be done again after it was done", async () => {
  const { run, store, plan } = await banded();
  const { engine } = plainEngine(run);
  await carriedOut(run, engine);
  const before = await bytesOf({ store }, "grids/");
  expect(await makeGrid(run)).toBe("computed");
  expect(await bytesOf({ store }, "grids/")).toEqual(before);
  expect((await plan()).bands).toMatchObject({ made: true });
});

test("the marker is written last, and a step that ended just before it may be done again", async () => {
  const { run, store, plan } = await banded();
  const failing = watchedStore(store, (key) => {
    if (key.startsWith(keys.gridMarkers)) throw new Error("the sandbox is gone");
  });
  const { engine } = plainEngine({ ...run, store: failing });
  expect(await carriedOut(run, engine)).toMatchObject({ status: "failed", error: "the sandbox is gone" });
  const { id } = await plan();
  expect(await findGrid(store, id)).toBeUndefined();

  const watched = watchedStore(store);
  expect(await makeGrid({ ...run, store: watched })).toBe("computed");
  expect(watched.puts.at(-1)).toBe(keys.gridMarker(id));
  expect(watched.puts.filter((key) => key.includes("/anomaly/") && !key.includes("/.z"))).toEqual([]);
});

describe("a run whose bands fail", () => {
  test("says which and why, and a resume makes those", async () => {
    const { run, runId, store } = await banded();
    const fails = { "band 0001": new Error("no room"), "band 0003": new Error("no time") };
    const first = plainEngine(run, fails);
    expect(await carriedOut(run, first.engine)).toMatchObject({ status: "failed", cause: { tag: "BandsMissing" } });
    expect(first.asked).toEqual(["plan", "bands 0001,0002,0003", "grid", "fail", "page", "index"]);
    const message = "2 of its 3 bands could not be made: band 0001: no room; band 0003: no time. Correct the cause";
    expect((await findManifest(store, runId))?.error).toContain(message);

    const resumed = plainEngine(run);
    expect(await carriedOut(run, resumed.engine)).toMatchObject({ status: "complete" });
    expect(resumed.asked.slice(0, 3)).toEqual(["plan", "bands 0001,0003", "grid"]);
  });

  test("by an engine that makes no bands says so", async () => {
    const { run } = await banded();
    const { engine } = plainEngine(run);
    delete engine.bands;
    const { error } = await carriedOut(run, engine);
    expect(error).toContain("3 of its 3 bands could not be made: band 0001: it left no record; band 0002: it left no");
  });
});

describe("a record of a band does not count", () => {
  /** A run whose second band failed. */
  async function halfMade() {
    const made = await banded();
    await carriedOut(made.run, plainEngine(made.run, { "band 0002": new Error("no") }).engine);
    expect(await pendingBands(made.store, made.runId)).toEqual(["0002"]);
    return made;
  }

  test("that is damaged", async () => {
    const { store, runId } = await halfMade();
    await store.put(keys.band(runId, "0001"), '{"runId":');
    expect(await pendingBands(store, runId)).toEqual(["0001", "0002"]);
  });

  test("that was left for other rows", async () => {
    const { run, store, runId } = await halfMade();
    const seconds = 0.005;
    const plainly = plainEngine({ ...run, limits: { ...limits, invocation: { ...invocation, seconds } } });
    expect(await carriedOut(run, plainly.engine)).toMatchObject({ status: "complete" });
    expect(plainly.asked[1]).toBe("bands 0001,0002");
    expect(await pendingBands(store, runId)).toEqual([]);
  });

  test("whose tiles are gone, as grids are not kept as long as runs", async () => {
    const { store, runId, plan } = await halfMade();
    const { id } = await plan();
    const folder = store.name;
    await rm(join(folder, keys.grid(id, "anomaly/7.3.0")));
    expect(await pendingBands(store, runId)).toEqual(["0002", "0003"]);
  });

  test("of a grid that was whole: one whose marker was taken away is made from its first tile", async () => {
    const { run, store, plan } = await banded();
    await carriedOut(run, plainEngine(run).engine);
    const { id } = await plan();
    const tile = keys.grid(id, "anomaly/7.3.0");
    const before = (await store.get(tile))!.body;
    await writeFile(join(store.name, tile), new Uint8Array(before.length));
    await rm(join(store.name, keys.gridMarker(id)));

    const { engine, asked } = plainEngine(run);
    expect(await carriedOut(run, engine)).toMatchObject({ status: "complete" });
    expect(asked[1]).toBe("bands 0001,0002,0003");
    expect((await store.get(tile))!.body).toEqual(before);
  });
});

/** Of a run of that product and these files: the bands that its grid was made in, and what is stored of it. */
async function gridOf(
  product: Product,
  files: Record<"observations" | "forecast", string> & { climatology?: string; stations?: string },
  own: RunLimits,
) {
  const store = folderStore(temporaryFolder());
  const { observations, forecast, climatology, stations = stationTable("1,x,20,105", "2,x,40,100") } = files;
  const inputs = {
    observations: fileInput(observations, "archive.nc"),
    forecast: fileInput(forecast, "CFSv2.Prec.20200625.202008.nc"),
    stations: fileInput(stations, "stations.csv"),
    climatology: climatology === undefined ? undefined : fileInput(climatology, "clim.nc"),
  };
  const clock = "2002-01-05 00:00:00";
  const { claim } = await claimRun(store, inputs, { product, mode: "new" }, { owner: "me", clock });
  const run: Run = { store, inputs, product, claim, limits: own };
  const { engine, asked } = plainEngine(run);
  expect(await carriedOut(run, engine)).toMatchObject({ status: "complete" });
  return { bands: asked[1], grids: await bytesOf(run, "grids/") };
}

function globalProduct(observed: object, forecast: object): Product {
  const product = {
    name: "base",
    grid: "global",
    observations: { key: "o.nc", firstMonth: "1990-01", baseline: [1991, 1996], ...observed },
    forecast: { pattern: "*.nc", ...forecast },
    series: { column: "ano", suffix: "x", missing: "", gapRow: null },
  };
  return parseProducts(JSON.stringify({ products: [product] }), "products.json")[0]!;
}

/** Limits by which a grid is made in bands that take so many seconds each. */
const banding = (seconds: number): RunLimits => ({ ...limits, invocation: { ...invocation, seconds } });

test("a grid with a file of normals is the same in bands", async () => {
  const climatology = { key: "observations/clim.nc", variable: "T2_CLIM" };
  const product = globalProduct({ variable: "t2m", climatology }, { variable: "air" });
  const files = {
    observations: fixture("bases/era5.nc"),
    forecast: fixture("bases/forecast.nc"),
    climatology: fixture("bases/clim.nc"),
  };
  const whole = await gridOf(product, files, { memoryBytes: GRID_MEMORY_BYTES });
  expect(whole.bands).toBe("grid");
  const parts = await gridOf(product, files, banding(0.0011));
  expect(parts.bands).toBe("bands 0001,0002,0003");
  expect(parts.grids).toEqual(whole.grids);
});

test("a grid with two climatologies is the same in bands, whose rows are those of whole tiles of its climatologies", async () => {
  const observed = { variable: "precip", firstMonth: "2014-01", baseline: [2014, 2016] };
  const forecast = { variable: "anom", rebase: true, baseline: [2017, 2019] };
  const product = { ...globalProduct(observed, forecast), grid: "stations" } as const;
  const sample = await makeSample(temporaryFolder(), { resolution: 1, months: 78, stations: 1 });
  // From pole to pole: 18 rows of one tile each, and 6 of them in a tile of a climatology.
  const files = { ...sample, stations: stationTable("1,x,-85,105", "2,x,85,135") };
  const whole = await gridOf(product, files, { memoryBytes: GRID_MEMORY_BYTES });
  expect(whole.bands).toBe("grid");
  const climatologies = Object.keys(whole.grids).filter((key) => /climatology_\d+_\d+\/\d/.test(key));
  expect(climatologies).toHaveLength(2 * 3);
  const parts = await gridOf(product, files, banding(0.34));
  expect(parts.bands).toBe("bands 0001,0002,0003");
  expect(parts.grids).toEqual(whole.grids);
});

test.each([1, 2, 3, 5, 7, 10, 19, 30])("%d runs of an event stay within 3000 operations, with their bands", (runs) => {
  const bands = mostBands(runs);
  // One band is made in the step of the grid. A run's own: its context, claim, plan, two maps, grid, manifest, page, a warning.
  const each = 6 * (Math.floor(MAX_CHUNKS / runs) + (bands === 1 ? 0 : bands)) + 9;
  expect(1 + runs * each).toBeLessThan(3000);
  expect(bands).toBeGreaterThanOrEqual(1);
});
