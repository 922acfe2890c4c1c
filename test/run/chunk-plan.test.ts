import { expect, test } from "vitest";
import { tileShape } from "../../lib/grid/tiles.ts";
import { chunkName, cutChunks, defaultChunkSize, MAX_CHUNKS } from "../../lib/run/chunk-plan.ts";
import type { PlannedStation } from "../../lib/run/chunk-records.ts";
import { plannedValue, valueOf } from "../../lib/run/planned-value.ts";

const degrees = (count: number) => Array.from({ length: count }, (_, i) => i + 0.5);
const station = (id: string, ...cell: [number, number]): PlannedStation => ({
  id,
  key: id,
  cell,
  cellLat: 0,
  cellLon: 0,
  distanceKm: 0,
  forecast: [],
});

test("stations are ordered along the tiles, then the cells of a tile, then by id", () => {
  const shape = tileShape(degrees(30), degrees(40), 12);
  expect(shape.tile).toEqual([10, 10]);
  const stations = [
    station("next row of tiles", 10, 0),
    station("b", 0, 1),
    station("next tile", 0, 10),
    station("second line", 1, 0),
    station("a", 0, 1),
  ];
  const chunks = cutChunks(stations, shape, 2).map((chunk) => chunk.map(({ id }) => id));
  expect(chunks).toEqual([["a", "b"], ["second line", "next tile"], ["next row of tiles"]]);
  expect(cutChunks(stations.toReversed(), shape, 2).map((chunk) => chunk.map(({ id }) => id))).toEqual(chunks);
});

test.each([
  [1, 50],
  [2000, 50],
  [22_500, 50],
  [22_501, 51],
  [100_000, 223],
])("%d stations go in chunks of %d: never more than 450 chunks", (stations, size) => {
  expect(defaultChunkSize(stations, MAX_CHUNKS)).toBe(size);
  expect(Math.ceil(stations / size)).toBeLessThanOrEqual(450);
});

test("a run that shares its execution has fewer and larger chunks", () => {
  expect(defaultChunkSize(20_000, 150)).toBe(134);
});

test("chunks are named so that their keys sort", () => {
  expect([0, 9, 449].map(chunkName)).toEqual(["0001", "0010", "0450"]);
});

test.each([0.5, 0, -0, Infinity, -Infinity, Number.NaN, Math.fround(-0.953), 5e-324])(
  "the forecast value %d comes out of a chunk's JSON as it went in",
  (value) => {
    expect(valueOf(JSON.parse(JSON.stringify(plannedValue(value))))).toBe(value);
  },
);

test("a missing value is null, and a number is a number", () => {
  expect([Number.NaN, 1.5, 0].map(plannedValue)).toEqual([null, 1.5, 0]);
});
