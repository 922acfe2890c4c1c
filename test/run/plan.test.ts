import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { keys } from "../../lib/keys.ts";
import { MAX_STATIONS } from "../../lib/run/chunk-plan.ts";
import type { ChunkPlan } from "../../lib/run/chunk-records.ts";
import { planRun } from "../../lib/run/plan.ts";
import type { RunPlan } from "../../lib/run/records.ts";
import { seriesName } from "../../lib/run/series-name.ts";
import { type ObjectStore, requireJson } from "../../lib/store/store.ts";
import {
  archive,
  claimed,
  FORECAST,
  NOW,
  type Paths,
  PRODUCT as product,
  stationTable,
} from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

const kept = async (store: ObjectStore) => (await Array.fromAsync(store.list(""))).map(({ key }) => key);
const chunkOf = (store: ObjectStore, { runId }: RunPlan, id: string) =>
  requireJson<ChunkPlan>(store, keys.chunk(runId, id));

/** Who the series are of. */

describe("a plan", () => {
  test("tells forecast, grid and counts, and is kept", async () => {
    const { store, claim, inputs, plan } = await claimed();
    const made = await plan();
    const about = describeGrid(
      await openUntilEnd(await inputs.observations.path()),
      product.observations,
      claim.observations.etag,
    );
    expect(made).toMatchObject({
      runId: claim.runId,
      forecast: { label: "19970520.199707", issued: "19970520", targets: ["1997-07-01 00:00:00"] },
      grid: { id: about.id, stored: false, months: 87, firstMonth: "1990-03", lastMonth: "1997-05" },
      stations: { planned: 20, rejected: 0, emptyRows: 1 },
      chunks: [{ id: "0001", stations: 20 }],
      warnings: [{ kind: "rowsEmpty", message: "1 row with an empty cell left out: 8" }],
    });
    expect(await requireJson(store, keys.plan(claim.runId))).toEqual(made);
  });

  test("has chunks with all that a worker needs, and their digests", async () => {
    const { store, claim, plan } = await claimed();
    const made = await plan({ chunkSize: 6 });
    expect(made.chunks.map(({ id, stations }) => [id, stations])).toEqual([
      ["0001", 6],
      ["0002", 6],
      ["0003", 6],
      ["0004", 2],
    ]);
    const ids: string[] = [];
    for (const { id, digest, stations } of made.chunks) {
      const found = await store.get(keys.chunk(claim.runId, id));
      expect(hash("sha256", found!.body)).toBe(digest);
      const chunk = await chunkOf(store, made, id);
      const { stations: members, ...rest } = chunk;
      expect(members).toHaveLength(stations);
      expect(rest).toEqual({
        runId: claim.runId,
        chunkId: id,
        product: "prec",
        begunBy: "me",
        grid: made.grid.id,
        column: "prec_ano",
        missing: "0.0",
        gapRow: "0.0",
        now: NOW,
        leads: ["1997-07-01 00:00:00"],
      });
      ids.push(...members.map((station) => station.id));
    }
    expect(ids.toSorted()).toEqual(counting(50_001, 20).map(String));
    expect(ids).not.toEqual(ids.toSorted());
  });

  test("finds each station's cell, distance, forecast and key", async () => {
    const { store, claim, plan } = await claimed();
    const made = await plan();
    const { stations } = await chunkOf(store, made, "0001");
    const forecastIn = (id: string) => {
      const last = readFileSync(fixture(`run/expected/${id}.prec.csv`), "utf8")
        .trimEnd()
        .split("\n")
        .at(-1)!;
      return Number(last.split(",")[1]);
    };
    // 39.8 N 116.4667 E, on a grid of 20 degrees from 80 N and 10 E.
    expect(stations.find(({ id }) => id === "50001")).toEqual({
      id: "50001",
      key: `prec/19970520.199707/${seriesName(claim)}/50001.prec.csv`,
      cell: [2, 5],
      cellLat: 40,
      cellLon: 110,
      distanceKm: 552,
      forecast: [forecastIn("50001")],
    });
    for (const { id, forecast } of stations) expect([id, forecast[0] ?? 0]).toEqual([id, forecastIn(id)]);
    // The hole of the forecast.
    expect(stations.find(({ id }) => id === "50005")?.forecast).toEqual([null]);
  });

  test("made again writes the same bytes", async () => {
    const { store, plan } = await claimed();
    const texts = async () =>
      Promise.all((await kept(store)).map(async (key) => [key, hash("sha256", (await store.get(key))!.body)]));
    const first = await plan({ chunkSize: 7 });
    const before = await texts();
    expect(await plan({ chunkSize: 7 })).toEqual(first);
    expect(await texts()).toEqual(before);
    expect(before).toHaveLength(1 + 3 + 1 + 1 + 1 + 1 + 1); // claim, grid, archive, table, chunks, stations, plan
  });

  test("of a grid that is stored needs no archive, and has the same chunks", async () => {
    const { store, run, claim, inputs, plan } = await claimed();
    const first = await plan();
    const dataset = await openUntilEnd(await inputs.observations.path());
    const about = describeGrid(dataset, product.observations, claim.observations.etag);
    await storeGrid(dataset, about, store, { memoryBytes: 2 ** 30 });
    const observations = { ...inputs.observations, path: () => Promise.reject(new Error("it is not to be read")) };
    const second = await planRun({ ...run, inputs: { ...inputs, observations } });
    expect(second).toEqual({ ...first, grid: { ...first.grid, stored: true } });
  });
});

describe("the number of chunks", () => {
  const rows = (count: number) => counting(1, count).map((id) => `${id},x,${id / 10},100`);

  test("has a limit, of which a chunk size that is too small is told", async () => {
    const { store, claim, plan } = await claimed({ stations: stationTable(...rows(451)) });
    await expect(plan({ chunkSize: 1 })).rejects.toMatchObject({
      tag: "TooLarge",
      message:
        "stations/stations.xls: 451 stations in chunks of 1 make 451 chunks. This run has at most 450: leave the chunk size unset, or set 50",
    });
    expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
    expect((await plan()).chunks).toHaveLength(10);
  });

  test("may be the limit", async () => {
    const { plan } = await claimed({ stations: stationTable(...rows(450)) });
    const { chunks } = await plan({ chunkSize: 1 });
    expect(chunks.map(({ id }) => id)).toEqual(counting(1, 450).map((n) => String(n).padStart(4, "0")));
  });
});

describe("what a run cannot carry is refused before anything is written:", () => {
  test("a grid larger than the memory", async () => {
    const { store, claim, plan } = await claimed();
    await expect(plan({ memoryBytes: 1000 })).rejects.toMatchObject({
      tag: "TooLarge",
      message: expect.stringMatching(
        /^observations\/precip\.mon\.mean\.nc: a grid of .* takes 1 MiB at once, not 0\.0009/,
      ),
    });
    expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
  });

  test("more stations than a coordinator plans", async () => {
    const rows = counting(1, MAX_STATIONS + 1).map((id) => `${id},x,1,1`);
    const { store, claim, plan } = await claimed({ stations: stationTable(rows.join("\n")) });
    await expect(plan()).rejects.toMatchObject({
      tag: "TooLarge",
      message:
        "stations/stations.xls: has 200001 stations. A run carries at most 200000: cut the table into several, each for a run or a deployment of its own",
    });
    expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
  });

  test("more leads of as many stations than a coordinator plans", async () => {
    const rows = counting(1, 2001).map((id) => `${id},x,1,1`);
    const axes = { time: monthsOf(1997, ...counting(6, 2000)), lat: latitudes(0, 2), lon: longitudes(0, 2) };
    const forecast = classicFile({ variable: product.forecast.variable, axes });
    const { store, claim, plan } = await claimed({ forecast, stations: stationTable(rows.join("\n")) });
    await expect(plan()).rejects.toMatchObject({
      tag: "TooLarge",
      message: `forecasts/${FORECAST}: has 2000 leads, each for 2001 stations. A run carries at most 4000000 forecasts: cut the forecast by its leads, or the station table`,
    });
    expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
  });
});

describe("nothing is planned, and nothing written,", () => {
  const broken = (text: string) => {
    const path = join(temporaryFolder(), "broken");
    writeFileSync(path, text);
    return path;
  };
  const otherVariable = () =>
    classicFile({ variable: "other", axes: { time: monthsOf(1990, 0), lat: latitudes(0), lon: longitudes(0) } });

  test.each<[string, () => Paths, string]>([
    ["of a forecast that is no NetCDF", () => ({ forecast: broken("x") }), "NotNetcdf"],
    ["of observations without the variable", () => ({ observations: otherVariable() }), "MissingVariable"],
    ["of a table that is empty", () => ({ stations: broken("") }), "EmptyFile"],
    ["of a table without a usable row", () => ({ stations: stationTable("a b,x,1,1") }), "BadTable"],
    ["of observations that end too early", () => ({ observations: archive([0, 1], [0, 1], [0]) }), "BadTime"],
  ])("%s", async (_, paths, tag) => {
    const { store, claim, plan } = await claimed(paths());
    await expect(plan()).rejects.toMatchObject({ tag });
    expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
  });

  test.each(["forecast", "observations", "stations"] as const)(
    "where %s was replaced after the claim",
    async (input) => {
      const originals = { forecast: FORECAST, observations: "precip.classic.nc", stations: "stations.xls" };
      const copy = join(temporaryFolder(), "copy");
      writeFileSync(copy, readFileSync(fixture(`run/${originals[input]}`)));
      const { store, claim, inputs, plan } = await claimed({ [input]: copy });
      writeFileSync(copy, "another");
      await expect(plan()).rejects.toMatchObject({
        tag: "InputChanged",
        message: `${inputs[input].key}: was replaced since the run began. Start the run again: it is then a new run, of the new file`,
      });
      expect(await kept(store)).toEqual([keys.claim(claim.runId)]);
    },
  );
});
