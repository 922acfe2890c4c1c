import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { finishGrid, storeGrid, storeTiles } from "../../lib/grid/compute.ts";
import type { GridPlan, TileChecksums } from "../../lib/grid/description.ts";
import { planPasses } from "../../lib/grid/passes.ts";
import { findGrid, gridReader } from "../../lib/grid/stored-grid.ts";
import { tileKey, tileValues } from "../../lib/grid/zarr.ts";
import { keys } from "../../lib/keys.ts";
import type { Dataset, PlaceOf, Slab } from "../../lib/netcdf/dataset.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { temporaryFolder } from "../support/folder.ts";
import { gathering } from "../support/gathering.ts";
import { gridCase } from "../support/grid.ts";
import { watchedStore } from "../support/watched-store.ts";
import { openGroup } from "../support/zarr.ts";

const WHOLE = { memoryBytes: 2 ** 30 };
const packed = () => gridCase("grid/packed.nc", "air", "packed");

/** The least memory that makes bands of so many rows of tiles. */
function memoryFor(grid: GridPlan, rows: number): number {
  const rowsOf = (memory: number) => {
    try {
      return planPasses(grid, memory).bandRows;
    } catch {
      return 0;
    }
  };
  let [low, high] = [0, 2 ** 30];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (rowsOf(middle) < rows) low = middle;
    else high = middle;
  }
  return high;
}

/** The dataset, whose pieces are put into places where `placed`, and how many were unshuffled there. */
function placing(dataset: Dataset, placed: boolean): { placing: Dataset; count: () => number } {
  let count = 0;
  const countedPlaces = (placeOf: PlaceOf | undefined): PlaceOf | undefined =>
    placeOf &&
    ((slab) => {
      const place = placeOf(slab);
      return place && { ...place, unshuffle: (...shuffled) => (count++, place.unshuffle(...shuffled)) };
    });
  const readPieces: Dataset["readPieces"] = (name, slab, use, placeOf) =>
    placed ? dataset.readPieces(name, slab, use, countedPlaces(placeOf)) : dataset.readPieces(name, slab, use);
  return { placing: { ...dataset, readPieces }, count: () => count };
}

/** The dataset, with a record of the slabs that are read of a variable. */
function watchedDataset(dataset: Dataset, variable: string): { watched: Dataset; slabs: Slab[] } {
  const slabs: Slab[] = [];
  const watched: Dataset = {
    ...dataset,
    readPieces(name, slab, use) {
      if (name === variable) slabs.push(slab);
      return dataset.readPieces(name, slab, use);
    },
  };
  return { watched, slabs };
}

describe.each([
  ["grid/packed.nc", "air", "packed"],
  ["run/precip.mon.mean.nc", "precip", "precip"],
  ["run/precip.classic.nc", "precip", "precip"],
])("the grid of %s", (file, variable, name) => {
  test("has the same bytes where pieces of the archive are put into its blocks, and where they are copied there", async () => {
    const { dataset, about } = await gridCase(file, variable, name);
    const [placed, copied] = [placing(dataset, true), placing(dataset, false)];
    const [first, second] = [
      await storeGrid(placed.placing, about, folderStore(temporaryFolder()), WHOLE),
      await storeGrid(copied.placing, about, folderStore(temporaryFolder()), WHOLE),
    ];
    expect(first.tiles).toEqual(second.tiles);
    // Of chunks of HDF5 that are shuffled, and whole fields.
    expect(placed.count()).toBe(file === "run/precip.mon.mean.nc" ? about.shape.months : 0);
  });

  test.each([
    ["in one band", undefined],
    ["in bands of one row of tiles", 1],
    ["in bands of two rows and less", 2],
  ])("%s has xarray's values to the last bit", async (_, rows) => {
    const { dataset, about, expected, anomalies } = await gridCase(file, variable, name);
    const store = folderStore(temporaryFolder());
    await storeGrid(dataset, about, store, {
      memoryBytes: rows === undefined ? 2 ** 30 : memoryFor(about, rows),
    });
    const group = await openGroup(store, `grids/${about.id}`);
    const { data, shape } = await group.read("anomaly");
    expect(shape).toEqual(expected.shape);
    expect(data).toEqual(anomalies);
    expect((await group.read("lat")).data).toEqual(Float64Array.from(expected.lat));
    expect((await group.read("lon")).data).toEqual(Float64Array.from(expected.lon));
    expect((await group.read("time")).data).toEqual(BigInt64Array.from(expected.seconds, BigInt));
  });
});

describe("tiles", () => {
  test("without a value are not written, and not listed", async () => {
    const { dataset, about } = await packed();
    expect(about.shape.tile).toEqual([3, 2]);
    const store = folderStore(temporaryFolder());
    const { tiles } = await storeGrid(dataset, about, store, WHOLE);
    const rows = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3, 4].map((column) => `${row}.${column}.0`));
    expect(Object.keys(tiles)).toEqual(rows.filter((tile) => tile !== "1.2.0" && tile !== "1.3.0"));
    const prefix = keys.grid(about.id, "anomaly/");
    const stored = (await Array.fromAsync(store.list(prefix))).map(({ key }) => key.slice(prefix.length));
    expect(stored).toEqual([".zarray", ".zattrs", ...Object.keys(tiles)]);
    for (const [name, checksum] of Object.entries(tiles)) {
      expect(crc32((await store.get(prefix + name))!.body)).toBe(checksum);
    }
    const { archive: _, ...description } = about;
    expect(await findGrid(store, about.id)).toEqual({ ...description, tiles });
  });

  test("at the far edges are of full size, their cells off the grid missing", async () => {
    const { dataset, about, anomalies } = await packed();
    const store = folderStore(temporaryFolder());
    await storeGrid(dataset, about, store, { memoryBytes: memoryFor(about, 1) });
    const { body } = (await store.get(tileKey(about.id, 3, 4)))!;
    const values = tileValues(body);
    const { months } = about.shape;
    expect(values).toHaveLength(3 * 2 * months);
    const cell = (position: number) => values.subarray(position * months, (position + 1) * months);
    // Latitudes 9 and 10 of 11 and longitude 8 of 9 are on the grid: positions 0 and 2 of three rows of two.
    expect(cell(0)).toEqual(anomalies.subarray((9 * 9 + 8) * months, (9 * 9 + 9) * months));
    expect(cell(2)).toEqual(anomalies.subarray((10 * 9 + 8) * months, (10 * 9 + 9) * months));
    for (const off of [1, 3, 4, 5]) expect(cell(off).every(Number.isNaN)).toBe(true);
  });

  test("are made of what a band has, from the first month on", async () => {
    const { dataset, about } = await packed();
    expect(about.firstIndex).toBe(2);
    const one = watchedDataset(dataset, "air");
    await storeGrid(one.watched, about, folderStore(temporaryFolder()), WHOLE);
    const [months, lons] = [
      [2, 37],
      [0, 9],
    ];
    expect(one.slabs).toEqual([[months, [0, 11], lons]]);
    const rows = watchedDataset(dataset, "air");
    await storeGrid(rows.watched, about, folderStore(temporaryFolder()), { memoryBytes: memoryFor(about, 1) });
    const bands = [
      [0, 3],
      [3, 6],
      [6, 9],
      [9, 11],
    ];
    expect(rows.slabs).toEqual(bands.map((lats) => [months, lats, lons]));
  });
});

test("a grid of which not even a row fits the memory is refused, with what would do", async () => {
  const { dataset, about } = await packed();
  const store = watchedStore(folderStore(temporaryFolder()));
  const memoryBytes = memoryFor(about, 1) - 1;
  // A row of 5 tiles of 3 x 2 cells and 35 months.
  expect(memoryBytes + 1).toBe(5 * 3 * 2 * 35 * 2);
  await expect(storeGrid(dataset, about, store, { memoryBytes })).rejects.toMatchObject({
    tag: "TooLarge",
    message: expect.stringMatching(
      /packed\.nc: a grid of 11 x 9 cells and 35 months takes 1 MiB at once, not 0\.\d+\. Allow 1: GRID_MEMORY_MB of the coordinator, --grid-memory on the command line/,
    ),
  });
  expect(store.puts).toEqual([]);
});

test("progress rises from 0 to 1, whatever the bands", async () => {
  for (const rows of [4, 1]) {
    const { dataset, about } = await packed();
    const memoryBytes = memoryFor(about, rows);
    const parts: number[] = [];
    await storeGrid(dataset, about, folderStore(temporaryFolder()), { memoryBytes, onProgress: (p) => parts.push(p) });
    expect(parts.length).toBeGreaterThan(2);
    expect(parts[0]).toBeGreaterThan(0);
    expect(parts.every((part, i) => i === 0 || part >= parts[i - 1]!)).toBe(true);
    expect(parts.at(-1)).toBeCloseTo(1, 12);
  }
});

describe("the marker", () => {
  test("is written last, after the consolidated metadata; tiles at most sixteen at once", async () => {
    const { dataset, about } = await packed();
    const folder = folderStore(temporaryFolder());
    const gate = gathering(16);
    const waiting = async (key: string, body: Uint8Array | string) => {
      await gate();
      return folder.put(key, body);
    };
    const store = watchedStore({ ...folder, put: waiting });
    await storeGrid(dataset, about, store, WHOLE);
    expect(store.puts.slice(-2)).toEqual([keys.grid(about.id, ".zmetadata"), keys.gridMarker(about.id)]);
    expect(store.puts.slice(0, 18).every((key) => key.includes("/anomaly/"))).toBe(true);
    expect(store.peak).toBe(16);
  });

  test("is not there, whichever put fails; the grid is then made anew", async () => {
    const { dataset, about } = await packed();
    const whole = watchedStore(folderStore(temporaryFolder()));
    const grid = await storeGrid(dataset, about, whole, WHOLE);
    const store = folderStore(temporaryFolder());
    for (let failing = 0; failing < whole.puts.length; failing++) {
      const failingStore = watchedStore(store, (_, before) => {
        if (before === failing) throw new Error("the disk is full");
      });
      await expect(storeGrid(dataset, about, failingStore, WHOLE)).rejects.toThrow("the disk is full");
      expect(await findGrid(store, about.id)).toBeUndefined();
    }
    await storeGrid(dataset, about, store, WHOLE);
    expect(await findGrid(store, about.id)).toEqual(grid);
  });
});

test("rows of tiles that are stored by themselves, in any order, make the same grid", async () => {
  const { dataset, about } = await packed();
  const [whole, parts] = [temporaryFolder(), temporaryFolder()];
  await storeGrid(dataset, about, folderStore(whole), WHOLE);
  const store = folderStore(parts);
  const [first, ...later] = [
    [1, 3],
    [0, 1],
    [3, 4],
  ] as const;
  const progress: number[] = [];
  const made = [
    await storeTiles(dataset, about, store, { ...WHOLE, rows: first, onProgress: (p) => progress.push(p) }),
  ];
  expect([progress.every((part) => part > 0 && part <= 1), progress.at(-1)]).toEqual([true, 1]);
  for (const rows of later) {
    // In passes of one row.
    made.push(await storeTiles(dataset, about, store, { memoryBytes: memoryFor(about, 1), rows }));
  }
  expect(await findGrid(store, about.id)).toBeUndefined();
  await finishGrid(store, about, {
    tiles: Object.assign({}, ...made.map(({ tiles }) => tiles)) as TileChecksums,
    sparseCells: made.reduce((sum, { sparseCells }) => sum + sparseCells, 0),
  });
  const files = async (folder: string) => {
    const from = folderStore(folder);
    const found = await Array.fromAsync(from.list(""), async ({ key }) => [key, crc32((await from.get(key))!.body)]);
    return Object.fromEntries(found) as Record<string, number>;
  };
  expect(await files(parts)).toEqual(await files(whole));
});

test("what a look at the progress throws ends the work", async () => {
  const { dataset, about } = await packed();
  const onProgress = () => {
    throw new Error("no time");
  };
  const made = storeTiles(dataset, about, folderStore(temporaryFolder()), { ...WHOLE, onProgress });
  await expect(made).rejects.toThrow("no time");
});

test("a grid is not there, whichever byte of its marker is another", async () => {
  const { dataset, about } = await packed();
  const store = folderStore(temporaryFolder());
  const grid = await storeGrid(dataset, about, store, WHOLE);
  const key = keys.gridMarker(about.id);
  const { body } = (await store.get(key))!;
  for (let at = 0; at < body.length; at += 7) {
    const changed = Uint8Array.from(body);
    changed[at]! ^= 1;
    await store.put(key, changed);
    expect(await findGrid(store, about.id), `byte ${at}`).toBeUndefined();
    await expect(gridReader(store)(about.id), `byte ${at}`).rejects.toMatchObject({ tag: "BrokenFile" });
  }
  await store.put(key, body);
  expect(await findGrid(store, about.id)).toEqual(grid);
});
