import { describe, expect, test } from "vitest";
import { type Extent } from "../../lib/grid/choices.ts";
import { chooseGrid } from "../../lib/grid/choose-grid.ts";
import { storeGrid } from "../../lib/grid/compute.ts";
import type { GridPlan } from "../../lib/grid/description.ts";
import { covers, firstCell, gridOfRegion, regionInId, regionOf, wholeRegion } from "../../lib/grid/region.ts";
import { cellReader } from "../../lib/grid/stored-grid.ts";
import { keys } from "../../lib/keys.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { gridCase } from "../support/grid.ts";
import { openGroup } from "../support/zarr.ts";

/** 11 x 9 cells in tiles of 3 x 2: four rows and five columns of tiles. */
const packed = () => gridCase("grid/packed.nc", "air", "packed");
const WHOLE = { memoryBytes: 2 ** 30 };

type Cells = readonly (readonly [lat: number, lon: number])[];

describe("a region", () => {
  const shape = { cells: [11, 9], months: 35, tile: [3, 2] } as const;

  test.each<[Cells, object]>([
    [[[0, 0]], { lats: [0, 3], lons: [0, 2] }],
    [
      [
        [2, 1],
        [3, 2],
      ],
      { lats: [0, 6], lons: [0, 4] },
    ],
    [[[10, 8]], { lats: [9, 11], lons: [8, 9] }],
    [
      [
        [4, 8],
        [4, 3],
        [8, 4],
      ],
      { lats: [3, 9], lons: [2, 9] },
    ],
  ])("of the cells %j is the box of their tiles", (cells, region) => {
    expect(regionOf(shape, cells)).toEqual(region);
  });

  test("covers what lies inside it", () => {
    const region = { lats: [3, 9], lons: [2, 9] } as const;
    expect(covers(region, region)).toBe(true);
    expect(covers(region, { lats: [6, 9], lons: [2, 4] })).toBe(true);
    expect(covers(region, { lats: [0, 6], lons: [2, 4] })).toBe(false);
    expect(covers(region, { lats: [3, 6], lons: [0, 4] })).toBe(false);
    expect(covers(wholeRegion(shape), region)).toBe(true);
  });

  test("is read back from the id of its grid, and from no other", async () => {
    const { about } = await packed();
    const region = { lats: [3, 9], lons: [2, 9] } as const;
    expect(regionInId(gridOfRegion(about, region).id, about)).toEqual(region);
    expect(regionInId(about.id, about)).toEqual(wholeRegion(about.shape));
    for (const id of [`${about.id}x`, `${about.id}-lats3-9`, `x${gridOfRegion(about, region).id}`, "air"]) {
      expect(regionInId(id, about)).toBeUndefined();
    }
  });
});

test("the grid of a region has its coordinates, and xarray's values of its cells to the last bit", async () => {
  const { dataset, about, expected, anomalies } = await packed();
  const [lats, lons, months] = expected.shape;
  for (const region of [
    { lats: [3, 9], lons: [2, 8] },
    { lats: [9, 11], lons: [8, 9] },
    { lats: [0, 11], lons: [0, 2] },
  ] as const) {
    const grid = gridOfRegion(about, region);
    const store = folderStore(temporaryFolder());
    await storeGrid(dataset, grid, store, WHOLE);
    const [lat, lon] = firstCell(grid);
    const [height, width] = grid.shape.cells;
    const group = await openGroup(store, `grids/${grid.id}`);
    expect((await group.read("lat")).data).toEqual(Float64Array.from(expected.lat.slice(lat, lat + height)));
    expect((await group.read("lon")).data).toEqual(Float64Array.from(expected.lon.slice(lon, lon + width)));
    const { data, shape } = await group.read("anomaly");
    expect(shape).toEqual([height, width, months]);
    expect(lat + height <= lats && lon + width <= lons).toBe(true);
    const cells = Array.from({ length: height * width }, (_, i) => {
      const at = ((lat + Math.floor(i / width)) * lons + lon + (i % width)) * months;
      return [...anomalies.subarray(at, at + months)];
    });
    expect(data).toEqual(Float32Array.from(cells.flat()));
  }
});

describe("the grid of some cells", () => {
  const choose = async (store: ObjectStore, whole: GridPlan, cells: Cells, extent: Extent = "stations") => {
    const { grid, stored } = await chooseGrid(store, whole, { cells, extent });
    return { id: grid.id.slice(whole.id.length), stored };
  };
  const NEAR: Cells = [
    [4, 3],
    [5, 4],
  ];

  test("is that of their region, where none is stored", async () => {
    const { about } = await packed();
    const store = folderStore(temporaryFolder());
    expect(await choose(store, about, NEAR)).toEqual({ id: "-lats3-6-lons2-6", stored: false });
    expect(await choose(store, about, NEAR, "global")).toEqual({ id: "", stored: false });
    expect(
      await choose(store, about, [
        [0, 0],
        [10, 8],
      ]),
    ).toEqual({ id: "", stored: false });
  });

  test("is the smallest that is stored and has them all", async () => {
    const { dataset, about } = await packed();
    const store = folderStore(temporaryFolder());
    const put = (grid: GridPlan) => storeGrid(dataset, grid, store, WHOLE);
    await put(about);
    expect(await choose(store, about, NEAR)).toEqual({ id: "", stored: true });
    await put(gridOfRegion(about, { lats: [3, 6], lons: [2, 8] }));
    expect(await choose(store, about, NEAR)).toEqual({ id: "-lats3-6-lons2-8", stored: true });
    expect(await choose(store, about, NEAR, "global")).toEqual({ id: "", stored: true });
    expect(await choose(store, about, [[4, 1]])).toEqual({ id: "", stored: true });
    // A marker that is broken is no grid.
    await store.put(keys.gridMarker(`${about.id}-lats3-6-lons2-6`), "{");
    expect(await choose(store, about, NEAR)).toEqual({ id: "-lats3-6-lons2-8", stored: true });
  });

  test("is the whole, where four regions are stored", async () => {
    const { dataset, about } = await packed();
    const store = folderStore(temporaryFolder());
    for (const lon of [0, 4, 6, 7]) {
      expect(await choose(store, about, NEAR)).toEqual({ id: "-lats3-6-lons2-6", stored: false });
      const region = { lats: [0, 3], lons: [lon, lon + 2] } as const;
      await storeGrid(dataset, gridOfRegion(about, region), store, WHOLE);
    }
    expect(await choose(store, about, NEAR)).toEqual({ id: "", stored: false });
  });

  test("has the same values in any grid that has them", async () => {
    const { dataset, about } = await packed();
    const store = folderStore(temporaryFolder());
    const read = async (grid: GridPlan, [lat, lon]: readonly [number, number]) => {
      const [firstLat, firstLon] = firstCell(grid);
      return Array.from(
        await cellReader(store, await storeGrid(dataset, grid, store, WHOLE))([lat - firstLat, lon - firstLon]),
      );
    };
    const region = gridOfRegion(about, regionOf(about.shape, NEAR));
    for (const cell of NEAR) expect(await read(region, cell)).toEqual(await read(about, cell));
  });
});
