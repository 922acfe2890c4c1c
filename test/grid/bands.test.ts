import { describe, expect, test } from "vitest";
import { type BandLimits, type Invocation, planBands } from "../../lib/grid/bands.ts";
import type { ArchiveLayout, GridPlan } from "../../lib/grid/description.ts";
import { gridOfRegion } from "../../lib/grid/region.ts";
import { tileCounts, tileShape } from "../../lib/grid/tiles.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A global grid of so many degrees and months, in chunks that are whole fields unless it is said otherwise. */
function globe(degrees: number, months: number, layout: Partial<ArchiveLayout> = {}): GridPlan {
  const axis = (span: number) => Array.from({ length: span / degrees }, (_, i) => i * degrees);
  const [lat, lon] = [axis(180), axis(360)];
  const shape = tileShape(lat, lon, months);
  const { cells } = shape;
  const archive = {
    type: "float32",
    timeAt: 0,
    latAt: 1,
    lonAt: 2,
    cells,
    chunkMonths: 1,
    chunkCells: cells,
    ...layout,
  };
  return {
    id: "grid",
    firstIndex: 0,
    lat,
    lon,
    shape,
    archive,
    observations: { key: "a.nc", etag: "" },
  } as unknown as GridPlan;
}

/** An invocation as it is deployed, unless it is said otherwise. */
function limits({ inputBytes = GIB, ...invocation }: Partial<Invocation & BandLimits> = {}): BandLimits {
  return {
    memoryBytes: 256 * MIB,
    inputBytes,
    invocation: { storageBytes: 2 * GIB, seconds: 300, processors: 1, mostBands: 40, ...invocation },
  };
}

/** Sizes that a grid of a tenth of a degree can be made with. */
const LARGEST = { storageBytes: 10 * GIB, seconds: 900, inputBytes: 5 * GIB };

describe("a grid that fits one invocation is one band", () => {
  test.each([
    ["one degree, 500 months", globe(1, 500), limits({ inputBytes: 0.1 * GIB })],
    ["a quarter of a degree with room for its spool", globe(0.25, 504), limits({ storageBytes: 4 * GIB })],
    ["a tenth of a degree where nothing is limited", globe(0.1, 850), { memoryBytes: 256 * MIB, inputBytes: 0 }],
  ])("%s", (_, grid, given) => {
    expect(planBands(grid, given)).toEqual([[0, tileCounts(grid.shape)[0]]]);
  });
});

describe("a grid that does not is cut into as few bands as fit", () => {
  test("where its spool is larger than the storage", () => {
    // 1.95 GiB of values, in 720 / 40 rows of tiles, beside an archive of 1 GiB, where 1.8 GiB are counted on.
    expect(planBands(globe(0.25, 504), limits())).toEqual([
      [0, 6],
      [6, 12],
      [12, 18],
    ]);
  });

  test("of as many rows each, or one more", () => {
    const grid = globe(0.25, 504);
    const bands = planBands(grid, limits({ storageBytes: 1.6 * GIB }));
    expect(bands).toEqual([
      [0, 3],
      [3, 7],
      [7, 10],
      [10, 14],
      [14, 18],
    ]);
  });

  test("where its tiles take too much time", () => {
    // Reading takes 13 s in each, the download 21 s; its tiles take 94 s in all.
    const bands = planBands(globe(0.25, 504), limits({ storageBytes: 10 * GIB, seconds: 140 }));
    expect(bands).toEqual([
      [0, 9],
      [9, 18],
    ]);
  });

  test("where its function has a part of a processor", () => {
    const given = { storageBytes: 10 * GIB, seconds: 250 };
    const grid = globe(0.25, 504);
    expect(planBands(grid, limits(given))).toHaveLength(1);
    expect(planBands(grid, limits({ ...given, processors: 0.3 })).length).toBeGreaterThan(1);
  });

  test("a tenth of a degree, 850 months", () => {
    const grid = globe(0.1, 850);
    const bands = planBands(grid, limits(LARGEST));
    expect(bands.length).toBeGreaterThan(4);
    expect(bands.length).toBeLessThan(10);
    expect(bands[0]![0]).toBe(0);
    for (const [i, [start]] of bands.slice(1).entries()) expect(start).toBe(bands[i]![1]);
    expect(bands.at(-1)![1]).toBe(tileCounts(grid.shape)[0]);
    const sizes = bands.map(([start, stop]) => stop - start);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test("a region, by its own rows", () => {
    const region = gridOfRegion(globe(0.1, 850), { lats: [700, 1400], lons: [0, 2100] });
    const bands = planBands(region, limits({ ...LARGEST, storageBytes: 6.5 * GIB }));
    expect(bands.length).toBeGreaterThan(1);
    expect([bands[0]![0], bands.at(-1)![1]]).toEqual([0, 20]);
  });
});

test("rows that share a tile of a climatology stay together", () => {
  const given = limits({ storageBytes: 1.6 * GIB });
  const grid = { ...globe(0.25, 504), climatologyTile: [80, 480] } as const;
  expect(planBands(grid, given)).toEqual([
    [0, 2],
    [2, 6],
    [6, 10],
    [10, 14],
    [14, 18],
  ]);
  const five = { ...grid, climatologyTile: [5 * 40, 480] } as const;
  expect(planBands(five, limits({ storageBytes: 2.2 * GIB }))).toEqual([
    [0, 5],
    [5, 10],
    [10, 18],
  ]);
  expect(() => planBands({ ...grid, climatologyTile: [720, 480] }, given)).toThrow("one invocation would take");
});

describe("bands that are read by parts of fields", () => {
  /** Too little time for all of it, but for the download. */
  const given = limits({ storageBytes: 10 * GIB, seconds: 27, inputBytes: 0.1 * GIB });

  test("read less each", () => {
    expect(planBands(globe(0.25, 504, { chunkCells: [40, 1440] }), given).length).toBeGreaterThan(1);
    expect(() => planBands(globe(0.25, 504), given)).toThrow(/^a\.nc: a grid of 720 x 1440 cells/);
  });

  test("are not counted on where a plan that was kept does not know of chunks", () => {
    const { chunkCells: _, ...archive } = globe(0.25, 504).archive;
    expect(() => planBands({ ...globe(0.25, 504), archive }, given)).toThrow(/does not fit/);
  });

  test("read a chunk that two of them share twice", () => {
    const bandsOf = (lats: number) => planBands(globe(0.25, 504, { chunkCells: [lats, 1440] }), given).length;
    expect(bandsOf(200)).toBeGreaterThan(bandsOf(40));
  });
});

test("passes of a band share the storage, and each reads all that it touches", () => {
  const grid = globe(0.25, 504);
  /** Memory for four rows of tiles at once. */
  const few = (more: Partial<Invocation>) => ({
    ...limits({ storageBytes: 1.7 * GIB, seconds: 900, ...more }),
    memoryBytes: 11 * MIB,
  });
  expect(planBands(grid, { ...few({}), memoryBytes: 256 * MIB })).toHaveLength(5);
  expect(planBands(grid, few({}))).toHaveLength(1);
  expect(planBands(grid, few({ seconds: 200 }))).toHaveLength(2);
  expect(() => planBands(grid, few({ seconds: 200, mostBands: 1 }))).toThrow(
    /Raise coordinatorTimeoutSeconds to 255, gridMemoryMb, so that the archive is read in fewer passes; or let/,
  );
});

test("months that are made of days take the time to read the days", () => {
  // 31 million values of four bytes, in 0.7 s, or in thirty times as much, and 3 s for the tiles.
  const bandsOf = (layout: Partial<ArchiveLayout>) => () =>
    planBands(globe(1, 480, layout), limits({ seconds: 20, inputBytes: 0 }));
  expect(bandsOf({})()).toHaveLength(1);
  expect(bandsOf({ madeOf: 31 })).toThrow(/does not fit: each of 18 invocations would take .* and 24 s/);
});

test("weeks take the storage and the time of their days", () => {
  const storageOf = (layout: Partial<ArchiveLayout>) => {
    const few = limits({ inputBytes: 0, storageBytes: MIB, mostBands: 1 });
    const problem = () => planBands(globe(1, 2348, layout), few);
    expect(problem).toThrow(/does not fit/);
    try {
      problem();
    } catch (error) {
      return Number(/take (\d+) MiB/.exec((error as Error).message)![1]);
    }
  };
  expect(storageOf({ fields: 16_436 })! / storageOf({})!).toBeCloseTo(7, 1);
  const grid = globe(1, 2348, { fields: 16_436 });
  expect(planBands(globe(1, 2348), limits({ inputBytes: 0 }))).toHaveLength(1);
  // 1.06 thousand million values of four bytes are 4 GiB, beside which there is nothing.
  expect(planBands(grid, limits({ inputBytes: 0, seconds: 900 })).length).toBeGreaterThan(1);
});

describe("what does not fit is refused, with what it takes", () => {
  const messageOf = (grid: GridPlan, given: BandLimits) => {
    try {
      planBands(grid, given);
    } catch (error) {
      expect(error).toMatchObject({ tag: "TooLarge" });
      return (error as Error).message;
    }
    return "it fits";
  };

  test("where the archive alone fills the storage", () => {
    expect(messageOf(globe(0.25, 504), limits({ inputBytes: 1.8 * GIB }))).toBe(
      "a.nc: a grid of 720 x 1440 cells and 504 months does not fit: each of 18 invocations would take 1954 MiB of storage " +
        'and 57 s, and can count on 1843 MiB and 210 s. Raise coordinatorStorageMb to 2172; or let the product say grid: "stations", ' +
        "or a later first month",
    );
  });

  test("where to read it takes too long, however many bands there are", () => {
    const message = messageOf(globe(0.1, 850), limits({ ...LARGEST, seconds: 300, processors: 0.5 }));
    expect(message).toMatch(
      /each of 40 invocations would take \d+ MiB of storage and \d+ s, and can count on 9216 MiB/,
    );
    expect(message).toMatch(/Raise coordinatorTimeoutSeconds to \d+, coordinatorMemoryMb to 1769; or let/);
  });

  test("where more bands would do, and an execution has no room for them", () => {
    expect(planBands(globe(0.25, 504), limits({ mostBands: 3 }))).toHaveLength(3);
    expect(messageOf(globe(0.25, 504), limits({ mostBands: 2 }))).toContain("each of 2 invocations");
    expect(messageOf(globe(0.25, 504), limits({ mostBands: 1 }))).toContain("one invocation would take");
  });

  test("a region is not told to be one", () => {
    const region = gridOfRegion(globe(0.25, 504), { lats: [0, 720], lons: [0, 480] });
    expect(messageOf(region, limits({ seconds: 40 }))).toMatch(
      /; or choose a coarser archive, or a later first month$/,
    );
  });

  test("where not even a row of tiles fits the memory", () => {
    expect(messageOf(globe(0.25, 504), { ...limits(), memoryBytes: MIB })).toContain("MiB at once, not 1");
  });
});
