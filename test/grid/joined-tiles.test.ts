import { expect, test } from "vitest";
import { tileJoiner } from "../../lib/grid/joined-tiles.ts";
import { type TileShape, tileCell, tileCounts, tileLength } from "../../lib/grid/tiles.ts";

const CELLS = [7, 5] as const;
const MONTHS = 2;
const GRID: TileShape = { cells: CELLS, months: MONTHS, tile: [2, 2] };

/** A value that no other month of another cell has. */
const valueOf = (lat: number, lon: number, month: number) => lat * 100 + lon * 10 + month;

/** A tile of the grid; its cells off the grid have a value that belongs nowhere. */
function tileOf(row: number, column: number): Float32Array {
  const values = new Float32Array(tileLength(GRID)).fill(-1);
  for (let lat = row * 2; lat < Math.min(CELLS[0], row * 2 + 2); lat++) {
    for (let lon = column * 2; lon < Math.min(CELLS[1], column * 2 + 2); lon++) {
      const { position } = tileCell(GRID, lat, lon);
      for (let month = 0; month < MONTHS; month++) values[position * MONTHS + month] = valueOf(lat, lon, month);
    }
  }
  return values;
}

/** All larger tiles of a grid whose tiles are given row by row, those of `missing` without a value. */
function joinedTiles(tile: TileShape["tile"], missing: readonly string[] = []) {
  const joined: TileShape = { cells: CELLS, months: MONTHS, tile };
  const join = tileJoiner(GRID, joined, "float32");
  const [rows, columns] = tileCounts(GRID);
  const found = new Map<string, Float32Array>();
  const room = new Float32Array(tileLength(GRID));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // In a room that is used again, as those of tiles are.
      room.set(tileOf(row, column));
      const whole = join(row, column, missing.includes(`${row}.${column}`) ? undefined : room);
      if (whole !== undefined) found.set(`${whole.row}.${whole.column}`, whole.values as Float32Array);
    }
  }
  const valueAt = (lat: number, lon: number, month: number) => {
    const { row, column, position } = tileCell(joined, lat, lon);
    return found.get(`${row}.${column}`)?.[position * MONTHS + month];
  };
  return { names: [...found.keys()], found, valueAt };
}

test.each([
  ["all in one", [7, 5], ["0.0"]],
  ["one of a size of whole tiles, larger than the grid", [8, 6], ["0.0"]],
  ["rows of tiles", [4, 5], ["0.0", "1.0"]],
  ["parts of a row", [2, 4], ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1", "3.0", "3.1"]],
  ["parts of several rows", [4, 4], ["0.0", "0.1", "1.0", "1.1"]],
  ["each alone", [2, 2], Array.from({ length: 12 }, (_, i) => `${Math.floor(i / 3)}.${i % 3}`)],
] as const)("every cell keeps its values: %s", (_, tile, names) => {
  const { names: found, valueAt } = joinedTiles(tile);
  expect(found).toEqual(names);
  for (let lat = 0; lat < CELLS[0]; lat++) {
    for (let lon = 0; lon < CELLS[1]; lon++) {
      for (let month = 0; month < MONTHS; month++) expect(valueAt(lat, lon, month)).toBe(valueOf(lat, lon, month));
    }
  }
});

test("a tile without a value is NaN in there, and so are cells off the grid", () => {
  const { found, valueAt } = joinedTiles([8, 6], ["1.1"]);
  const values = found.get("0.0")!;
  for (const [lat, lon] of [
    [2, 2],
    [2, 3],
    [3, 2],
    [3, 3],
  ] as const)
    expect(valueAt(lat, lon, 1)).toBeNaN();
  expect(valueAt(3, 1, 1)).toBe(valueOf(3, 1, 1));
  const cells = Array.from({ length: 48 }, (_, cell) => values[cell * MONTHS]!);
  expect(cells.filter((value) => !Number.isNaN(value))).toHaveLength(CELLS[0] * CELLS[1] - 4);
});

test("where none of its tiles has a value there is none", () => {
  const { names } = joinedTiles([4, 5], ["0.0", "0.1", "0.2", "1.0", "1.1", "1.2"]);
  expect(names).toEqual(["1.0"]);
});
