import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import type { StoredGrid } from "../../lib/grid/description.ts";
import { markerText } from "../../lib/grid/stored-grid.ts";
import { tileBytes, tileKey } from "../../lib/grid/zarr.ts";
import { keys } from "../../lib/keys.ts";
import type { ChunkPlan, PlannedStation, Receipt } from "../../lib/run/chunk-records.ts";
import { runChunk } from "../../lib/run/run-chunk.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { type ObjectStore, requireJson } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { gathering } from "../support/gathering.ts";
import { watchedStore } from "../support/watched-store.ts";

const NONE = Number.NaN;
const ONE = { concurrency: 1 };

/** A grid of 6 x 2 cells and 3 months in tiles of one row each: row r, column c, month t is 100 r + 10 c + t, but row 1. */
const ROWS = 6;
const tile = (row: number) =>
  row === 1
    ? Float32Array.of(NONE, 0.1, NONE, NONE, NONE, NONE)
    : Float32Array.of(0, 1, 2, 10, 11, 12).map((value) => 100 * row + value);
const grid: StoredGrid = {
  id: "g",
  variable: "precip",
  firstMonth: "1990-01",
  baseline: [1990, 1990],
  observations: { key: "o.nc", etag: "o" },
  lat: [5, 4, 3, 2, 1, 0],
  lon: [100, 101],
  seconds: [0, 1, 2].map((month) => Date.UTC(1990, month) / 1000),
  firstIndex: 0,
  shape: { cells: [ROWS, 2], months: 3, tile: [1, 2] },
  warnings: [],
  tiles: Object.fromEntries([0, 1, 2, 3, 4].map((row) => [`${row}.0.0`, crc32(tileBytes(tile(row)))])),
};
const keyOf = (row: number) => tileKey(grid.id, row, 0);

const station = (id: string, row: number, column: number, forecast: PlannedStation["forecast"]): PlannedStation => ({
  id,
  key: `prec/f/${id}.csv`,
  cell: [row, column],
  cellLat: grid.lat[row]!,
  cellLon: grid.lon[column]!,
  distanceKm: 1.5,
  forecast,
});

const chunk: ChunkPlan = {
  runId: "r",
  chunkId: "0001",
  product: "prec",
  begunBy: "me",
  grid: grid.id,
  column: "prec_ano",
  missing: "0.0",
  gapRow: "0.0",
  now: "1990-04-02 03:04:05",
  leads: ["1990-05-01 00:00:00", "1990-06-01 00:00:00"],
  stations: [station("z", 0, 1, [0.5, null]), station("b", 1, 0, [1, 2]), station("a", 5, 0, [null, null])],
};

let store: ObjectStore;
beforeEach(async () => {
  store = folderStore(temporaryFolder());
  await store.put(keys.gridMarker(grid.id), markerText(grid));
  for (let row = 0; row < 5; row++) await store.put(keyOf(row), tileBytes(tile(row)));
});

async function plan(changes: Partial<ChunkPlan> = {}): Promise<string> {
  const text = JSON.stringify({ ...chunk, ...changes });
  await store.put(keys.chunk("r", "0001"), text);
  return text;
}

const read = async (key: string) => new TextDecoder().decode((await store.get(key))!.body);
const listed = async (prefix: string) => (await Array.fromAsync(store.list(prefix))).map(({ key }) => key);
const receipt = () => requireJson<Receipt>(store, keys.receipt("r", "0001"));

describe("a chunk", () => {
  test("becomes a CSV for each station: history, now, forecast", async () => {
    await plan();
    await runChunk(store, "r", "0001", ONE);
    expect(await listed("prec/")).toEqual(["prec/f/a.csv", "prec/f/b.csv", "prec/f/z.csv"]);
    expect(await read("prec/f/z.csv")).toBe(
      [
        ",prec_ano",
        "1990-01-01 00:00:00,10.0",
        "1990-02-01 00:00:00,11.0",
        "1990-03-01 00:00:00,12.0",
        "1990-04-02 03:04:05,0.0",
        "1990-05-01 00:00:00,0.5",
        "1990-06-01 00:00:00,0.0",
        "",
      ].join("\n"),
    );
  });

  test("of a tile that the grid does not list is missing, and written as the product says", async () => {
    await plan({ missing: "NA", gapRow: null });
    await runChunk(store, "r", "0001", ONE);
    expect(await read("prec/f/a.csv")).toBe(
      [
        ",prec_ano",
        "1990-01-01 00:00:00,NA",
        "1990-02-01 00:00:00,NA",
        "1990-03-01 00:00:00,NA",
        "1990-05-01 00:00:00,NA",
        "1990-06-01 00:00:00,NA",
        "",
      ].join("\n"),
    );
  });

  test("leaves a receipt last, with the chunk's digest and warnings in order of stations", async () => {
    const text = await plan();
    const watched = watchedStore(store);
    const returned = await runChunk(watched, "r", "0001", { concurrency: 3 });
    expect(watched.puts.at(-1)).toBe("runs/r/receipts/0001.json");
    expect(await receipt()).toEqual(returned);
    expect(returned).toEqual({
      runId: "r",
      chunkId: "0001",
      digest: hash("sha256", text),
      stations: 3,
      // a: neither; b: both; z: observations, and the first of two leads.
      use: { usable: 2, withoutObservations: 1, withoutForecast: 1 },
      seconds: expect.any(Number),
      warnings: [
        {
          kind: "cellMissing",
          message: "its cell has no anomalies, as it has no observations, or none in the baseline: all are written 0.0",
          station: "a",
          cell: { lat: 0, lon: 100 },
          distanceKm: 1.5,
        },
        {
          kind: "forecastMissing",
          message: "the forecast lacks 2 of 2 leads there: they are written 0.0",
          station: "a",
        },
        {
          kind: "monthsMissing",
          message: "its cell lacks 2 of 3 months: they are written 0.0",
          station: "b",
          cell: { lat: 4, lon: 100 },
          distanceKm: 1.5,
        },
        {
          kind: "forecastMissing",
          message: "the forecast lacks 1 of 2 leads there: they are written 0.0",
          station: "z",
        },
      ],
    });
  });

  test("done again writes the same bytes", async () => {
    await plan();
    const texts = async () => Promise.all((await listed("prec/")).map(read));
    const first = await runChunk(store, "r", "0001", ONE);
    const before = await texts();
    const second = await runChunk(store, "r", "0001", { concurrency: 8 });
    expect(await texts()).toEqual(before);
    expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  });

  test("of a grid that its run computed asks for no histories, and keeps them", async () => {
    await plan();
    const watched = watchedStore(store);
    await runChunk(watched, "r", "0001", { ...ONE, grid: "computed" });
    expect(watched.gets.filter((key) => key.includes("/history/"))).toEqual([]);
    const kept = watched.puts.filter((key) => key.includes("/history/"));
    expect(kept).toHaveLength(1);
    const first = await read("prec/f/z.csv");
    const next = watchedStore(store);
    await runChunk(next, "r", "0001", ONE);
    expect(next.gets).toEqual(expect.arrayContaining(kept));
    expect(next.puts).not.toEqual(expect.arrayContaining(kept));
    expect(await read("prec/f/z.csv")).toBe(first);
  });

  test("keeps what JSON has no numbers for", async () => {
    await plan({ stations: [station("z", 0, 0, ["-0", "-Infinity"])] });
    const { warnings } = await runChunk(store, "r", "0001", ONE);
    expect((await read("prec/f/z.csv")).split("\n").slice(-3, -1)).toEqual([
      "1990-05-01 00:00:00,-0.0",
      "1990-06-01 00:00:00,-inf",
    ]);
    expect(warnings).toMatchObject([{ kind: "valueInfinite", station: "z" }]);
  });
});

describe("a chunk stops without a receipt", () => {
  const noReceipt = async () => expect(await listed(keys.receipts("r"))).toEqual([]);

  test("where a tile that the grid lists is gone", async () => {
    await plan();
    const without: ObjectStore = { ...store, get: (key) => store.get(key === keyOf(0) ? `${key}.gone` : key) };
    await expect(runChunk(without, "r", "0001", ONE)).rejects.toMatchObject({
      tag: "FileNotFound",
      message: expect.stringContaining(keyOf(0)),
    });
    await noReceipt();
  });

  test("where a tile is of another size", async () => {
    await plan();
    await store.put(keyOf(0), tileBytes(tile(0)).subarray(0, 20));
    await expect(runChunk(store, "r", "0001", ONE)).rejects.toMatchObject({
      tag: "BrokenFile",
      message: `${keyOf(0)}: has 5 values instead of 6. Delete ${keys.gridMarker(grid.id)}, then resume the run: the grid is computed anew`,
    });
    await noReceipt();
  });

  test.each<[string, (bytes: Uint8Array) => void]>([
    ["a bit of it is another", (bytes) => (bytes[13]! ^= 4)],
    ["it is zeros", (bytes) => bytes.fill(0)],
  ])("where a tile has its size, and %s", async (_, damage) => {
    await plan();
    const bytes = Uint8Array.from(tileBytes(tile(0)));
    damage(bytes);
    await store.put(keyOf(0), bytes);
    await expect(runChunk(store, "r", "0001", ONE)).rejects.toMatchObject({
      tag: "BrokenFile",
      message: `${keyOf(0)}: has other bytes than were written. Delete ${keys.gridMarker(grid.id)}, then resume the run: the grid is computed anew`,
    });
    await noReceipt();
  });

  test("where the grid, or the chunk itself, is gone", async () => {
    await expect(runChunk(store, "r", "0001", ONE)).rejects.toMatchObject({ tag: "FileNotFound" });
    await plan({ grid: "other" });
    await expect(runChunk(store, "r", "0001", ONE)).rejects.toMatchObject({
      tag: "FileNotFound",
      message: expect.stringContaining("grids/ready/other.json"),
    });
    await noReceipt();
  });

  test("where time is over, with what is written left in place", async () => {
    await plan();
    let asked = 0;
    const checkTime = () => {
      if (++asked === 3) throw new Error("out of time");
    };
    await expect(runChunk(store, "r", "0001", { concurrency: 1, checkTime })).rejects.toThrow("out of time");
    expect(await listed("prec/")).toEqual(["prec/f/b.csv", "prec/f/z.csv"]);
    await noReceipt();
  });
});

describe("many stations, in order of tiles,", () => {
  const stations = Array.from({ length: 60 }, (_, i) => {
    const row = Math.floor(i / 10);
    return station(`s${String(i).padStart(2, "0")}`, row, i % 2, [i, 0]);
  });

  test.each([1, 3, 25])("are written %i at once, and read each tile once", async (concurrency) => {
    await plan({ stations });
    const gate = gathering(concurrency);
    const waiting = async (key: string, body: Uint8Array | string) => {
      if (key.endsWith(".csv")) await gate();
      return store.put(key, body);
    };
    const watched = watchedStore({ ...store, put: waiting });
    const { stations: count } = await runChunk(watched, "r", "0001", { concurrency });
    expect(count).toBe(60);
    expect(watched.peak).toBe(concurrency);
    expect(watched.gets.filter((key) => key.includes("/anomaly/"))).toEqual([0, 1, 2, 3, 4].map(keyOf));
    // Each has the series of its own cell.
    expect((await read("prec/f/s47.csv")).split("\n").slice(1, 7)).toEqual([
      "1990-01-01 00:00:00,410.0",
      "1990-02-01 00:00:00,411.0",
      "1990-03-01 00:00:00,412.0",
      "1990-04-02 03:04:05,0.0",
      "1990-05-01 00:00:00,47.0",
      "1990-06-01 00:00:00,0.0",
    ]);
  });

  test("that come back to a tile long after read it again, and are right", async () => {
    const rows = [0, 1, 2, 3, 4, 0];
    await plan({ stations: rows.map((row, i) => station(`s${i}`, row, i === 5 ? 1 : 0, [0, 0])) });
    const watched = watchedStore(store);
    await runChunk(watched, "r", "0001", ONE);
    expect(watched.gets.filter((key) => key === keyOf(0))).toHaveLength(2);
    expect((await read("prec/f/s5.csv")).split("\n")[1]).toBe("1990-01-01 00:00:00,10.0");
  });

  test("that share a cell have the same history, wherever they stand", async () => {
    const rows = [0, 1, 2, 3, 4, 0];
    await plan({ stations: rows.map((row, i) => station(`s${i}`, row, 1, [0, 0])) });
    await runChunk(store, "r", "0001", ONE);
    expect(await read("prec/f/s5.csv")).toBe(await read("prec/f/s0.csv"));
  });
});
