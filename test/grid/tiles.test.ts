import { expect, test } from "vitest";
import { joinedTile, tileCell, tileCounts, tileLength, tileName, tileShape, wideTiles } from "../../lib/grid/tiles.ts";

const axis = (count: number, spacing: number) => Array.from({ length: count }, (_, i) => i * spacing);

test.each([
  ["one degree", axis(180, -1), axis(360, 1), [10, 10], [18, 36]],
  ["a half", axis(360, 0.5), axis(720, 0.5), [20, 20], [18, 36]],
  ["two and a half", axis(73, -2.5), axis(144, 2.5), [4, 4], [19, 36]],
  ["twenty", axis(9, -20), axis(18, 20), [1, 1], [9, 18]],
  ["a small region", axis(3, 1), axis(12, 1), [3, 10], [1, 2]],
  ["one cell", [50], [100], [1, 1], [1, 1]],
] as const)("tiles of a grid of %s", (_, lat, lon, tile, counts) => {
  const shape = tileShape(lat, lon, 7);
  expect(shape).toEqual({ cells: [lat.length, lon.length], months: 7, tile });
  expect(tileCounts(shape)).toEqual(counts);
  expect(tileLength(shape)).toBe(tile[0] * tile[1] * 7);
});

test("every cell has a place of its own", () => {
  const shape = tileShape(axis(7, 3), axis(5, 5), 4);
  expect(shape.tile).toEqual([3, 2]);
  const places = new Set<string>();
  for (let lat = 0; lat < 7; lat++) {
    for (let lon = 0; lon < 5; lon++) {
      const { row, column, position } = tileCell(shape, lat, lon);
      expect([row, column]).toEqual([Math.floor(lat / 3), Math.floor(lon / 2)]);
      expect(position).toBeLessThan(3 * 2);
      places.add(`${tileName(row, column)} ${position}`);
    }
  }
  expect(places.size).toBe(35);
  expect(tileCell(shape, 4, 3)).toEqual({ row: 1, column: 1, position: 1 * 2 + 1 });
  expect(tileName(1, 12)).toBe("1.12.0");
});

test("a tile of a very fine grid is kept within 4 MiB", () => {
  const fine = tileShape(axis(3600, 0.05), axis(7200, 0.05), 550);
  expect(fine.tile).toEqual([43, 43]);
  expect(tileLength(fine) * 4).toBeLessThanOrEqual(4 * 2 ** 20);
});

test.each([
  [50, 70, 498, [10, 70]],
  // 210 columns of ten cells would be 4 MiB.
  [180, 360, 498, [10, 180]],
  [50, 70, 12_000, [10, 10]],
] as const)(
  "tiles of a region of %i x %i cells and %i months are as wide as 4 MiB allow",
  (lats, lons, months, tile) => {
    expect(wideTiles({ cells: [lats, lons], months, tile: [10, 10] })).toEqual({ cells: [lats, lons], months, tile });
  },
);

test.each([
  ["a region in one", [50, 70], 498, [10, 70], [50, 70]],
  ["its last one reaching no farther than the grid", [45, 70], 498, [10, 70], [45, 70]],
  ["one degree in a row each, as a tile has no room for two", [180, 360], 498, [10, 10], [10, 360]],
  ["the same of more months in two, evenly", [180, 360], 12 * 90, [10, 10], [20, 360]],
  ["the same of few months in parts of a row", [180, 360], 120, [10, 10], [10, 90]],
  ["a quarter in parts of a row of a megabyte, evenly", [720, 1440], 504, [40, 40], [40, 480]],
  ["as they are, where the grid has hardly more months", [180, 360], 20, [10, 10], [10, 10]],
  ["as they are, where they are large", [10, 40_000], 498, [10, 40_000], [10, 40_000]],
] as const)("climatologies have several tiles in one: %s", (_, cells, months, tile, joined) => {
  expect(joinedTile({ cells, months, tile }, 12)).toEqual(joined);
});

test("of double precision there is room for half as many in a megabyte", () => {
  const quarter = { cells: [720, 1440], months: 504, tile: [40, 40] } as const;
  expect(joinedTile(quarter, 12, "float64")).toEqual([40, 240]);
});
