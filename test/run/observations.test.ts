import { describe, expect, test } from "vitest";
import { isInputError } from "../../lib/errors.ts";
import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid, type GridPlan } from "../../lib/grid/description.ts";
import { type GridRequest, gridId } from "../../lib/grid/grid-order.ts";
import { planPasses } from "../../lib/grid/passes.ts";
import type { Slab } from "../../lib/netcdf/dataset.ts";
import { asObservations } from "../../lib/run/observations.ts";
import { folderStore } from "../../lib/store/folder.ts";
import {
  classicFile,
  counting,
  latitudes,
  longitudes,
  monthsOf,
  openUntilEnd,
  type TestField,
} from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, float32, float64, golden } from "../support/golden.ts";
import { joined, picked } from "../support/pieces.ts";
import { openGroup } from "../support/zarr.ts";

/** An archive, what is asked of it, and the anomalies of shape (lat, lon, months) that xarray makes of it: see make-views.py. */
interface Case extends Pick<GridRequest, "select" | "baseline" | "firstMonth"> {
  readonly file: string;
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  readonly seconds: readonly number[];
  readonly type: "float32" | "float64";
  readonly anomalies: string;
}

const cases = golden<Case[]>("views/grids.expected.json").map(
  (each) => [`${each.file} ${JSON.stringify(each.select ?? {})}`, each] as const,
);

/** The least power of two that suffices for a row of tiles. */
function leastMemory(grid: GridPlan): number {
  for (let bytes = 1; ; bytes *= 2) {
    try {
      planPasses(grid, bytes);
      return bytes;
    } catch (error) {
      if (!isInputError(error)) throw error;
    }
  }
}

describe.each(cases)("the grid of %s", (_, { file, select, firstMonth, baseline, ...expected }) => {
  test.each(["at once", "in as many passes as can be"])("made %s has xarray's values to the last bit", async (how) => {
    const opened = await openUntilEnd(fixture(`views/${file}`), file);
    const request = { variable: "air", firstMonth, baseline, select };
    const dataset = asObservations(opened, request);
    const about = describeGrid(dataset, request, "etag");
    const store = folderStore(temporaryFolder());
    await storeGrid(dataset, about, store, { memoryBytes: how === "at once" ? 2 ** 30 : leastMemory(about) });
    const group = await openGroup(store, `grids/${about.id}`);
    expect((await group.read("lat")).data).toEqual(Float64Array.from(expected.lat));
    expect((await group.read("lon")).data).toEqual(Float64Array.from(expected.lon));
    expect((await group.read("time")).data).toEqual(BigInt64Array.from(expected.seconds, BigInt));
    const { data, shape } = await group.read("anomaly");
    expect(shape).toEqual([expected.lat.length, expected.lon.length, expected.seconds.length]);
    expect(data).toEqual((expected.type === "float32" ? float32 : float64)(expected.anomalies));
  });
});

describe("an archive", () => {
  const [time, lat, lon] = [monthsOf(1990, 0, 1), latitudes(10, 0), longitudes(100, 110)];
  const two = { values: [1, 5] };
  const request: GridRequest = { variable: "air", firstMonth: "1990-01", baseline: [1990, 1991] };

  const observed = async (axes: TestField["axes"], select?: GridRequest["select"]) => {
    const opened = await openUntilEnd(classicFile({ variable: "air", axes }), "air.nc");
    return { opened, dataset: asObservations(opened, { ...request, select }) };
  };

  test("in the order of grids is read as it is, whatever has length 1", async () => {
    for (const axes of [
      { time, lat, lon },
      { time, level: { values: [1000] }, lat, lon },
    ]) {
      const { opened, dataset } = await observed(axes);
      expect(dataset).toBe(opened);
    }
  });

  test("of one month may have its time beside the field", async () => {
    const opened = await openUntilEnd(fixture("views/time-alone.nc"), "air.nc");
    const stored = opened.readRaw("air");
    const dataset = asObservations(opened, request);
    expect(dataset.variables.get("air")).toMatchObject({ dimensions: ["time", "lat", "lon"], shape: [1, 5, 7] });
    const inOrder = counting(0, 5).flatMap((y) => counting(0, 7).map((x) => stored[5 * x + y]!));
    expect(dataset.readRaw("air")).toEqual(Float32Array.from(inOrder, Number));
    const part: Slab = [
      [0, 1],
      [1, 3],
      [2, 6],
    ];
    expect(await joined(dataset, "air", part)).toEqual(picked(inOrder, [1, 5, 7], part));
    const none: Slab = [[1, 1], ...part.slice(1)];
    expect([dataset.readRaw("air", none).length, await joined(dataset, "air", none)]).toEqual([0, []]);
    expect(dataset.dimensions.get("time")).toEqual({ name: "time", size: 1, unlimited: false });
    expect(await joined(dataset, "time", [[0, 1]])).toEqual(Array.from(opened.readRaw("time"), Number));
  });

  test("of one month may have its start and its lead beside the field", async () => {
    const opened = await openUntilEnd(fixture("views/start-and-lead-alone.nc"), "air.nc");
    const dataset = asObservations(opened, request);
    expect(describeGrid(dataset, request, "etag").seconds).toEqual([Date.UTC(1990, 3, 1) / 1000]);
    const whole: Slab = [
      [0, 1],
      [0, 5],
      [0, 7],
    ];
    expect(await joined(dataset, "air", whole)).toEqual(Array.from(opened.readRaw("air"), Number));
  });

  test("that has nothing to merge is read as it is", async () => {
    const { opened, dataset } = await observed({ time, lat, lon }, { expver: "merge" });
    expect(dataset).toBe(opened);
  });

  test.each<[string, TestField["axes"], GridRequest["select"], string, string]>([
    [
      "of which nobody says what to take",
      { time, level: two, lat, lon },
      undefined,
      "BadDimensions",
      'air.nc: "air" has 2 values along level, and the product does not say which to take. Set observations.select.level of the product to a position from 0 to 1, "last", "mean" or "merge"',
    ],
    [
      "that has no such position",
      { level: two, time, lat, lon },
      { level: 2 },
      "BadProduct",
      'air.nc: "air" has no position 2 along level. Set observations.select.level of the product to a position from 0 to 1, "last", "mean" or "merge"',
    ],
    [
      "that has no such dimension",
      { time, level: two, lat, lon },
      { level: 1, height: 0 },
      "BadProduct",
      'air.nc: "air" has no dimension height to choose along. Valid choices: level. Correct observations.select of the product',
    ],
    [
      "whose times are to be chosen",
      { time, lat, lon },
      { time: 0 },
      "BadProduct",
      'air.nc: "air" has no dimension time to choose along. Valid choices: (none). Correct observations.select of the product',
    ],
    [
      "without members",
      { member: { values: [] }, time, lat, lon },
      { member: "mean" },
      "BadDimensions",
      'air.nc: dimension member of "air" has length 0. Fetch it again, when it is whole',
    ],
  ])("%s is refused", async (_, axes, select, tag, message) => {
    await expect(observed(axes, select)).rejects.toMatchObject({ tag, message });
  });

  test("of other values has another grid, and what is not chosen changes no id", () => {
    const ids = [{ level: 0 }, { level: 1 }, { level: "mean" }, undefined] as const;
    const all = ids.map((select) => gridId("etag", { ...request, select }));
    expect(new Set(all).size).toBe(ids.length);
    expect(all[3]).toBe(gridId("etag", request));
  });
});
