import { describe, expect, test } from "vitest";
import type { GridPlan } from "../../lib/grid/description.ts";
import { planPasses } from "../../lib/grid/passes.ts";
import { tileShape } from "../../lib/grid/tiles.ts";
import type { NumericType } from "../../lib/netcdf/dataset.ts";

/** A global grid of so many degrees and months. */
function globe(degrees: number, months: number, type: NumericType, chunkMonths = 1): GridPlan {
  const axis = (span: number) => Array.from({ length: span / degrees }, (_, i) => i * degrees);
  const [lat, lon] = [axis(180), axis(360)];
  const shape = tileShape(lat, lon, months);
  const archive = { type, timeAt: 0, latAt: 1, lonAt: 2, cells: shape.cells, chunkMonths };
  return { shape, archive, observations: { key: "a.nc", etag: "" } } as unknown as GridPlan;
}

const MEMORY = 256 * 2 ** 20;

describe("an archive is read in one pass", () => {
  test.each([
    ["a small one in memory", globe(2.5, 500, "float32"), { bandRows: 18, blockMonths: 16, spooled: false }],
    ["one degree through a file", globe(1, 500, "float32"), { bandRows: 18, blockMonths: 16, spooled: true }],
    ["a quarter of a degree", globe(0.25, 504, "int16"), { bandRows: 18, blockMonths: 4, spooled: true }],
    ["chunks of some months", globe(1, 500, "float32", 12), { bandRows: 18, blockMonths: 12, spooled: true }],
    ["chunks of more", globe(1, 500, "float32", 100), { bandRows: 18, blockMonths: 100, spooled: true }],
  ])("%s", (_, grid, passes) => {
    expect(planPasses(grid, MEMORY)).toMatchObject(passes);
  });
});

describe("memory is that of some months, whatever the archive's length", () => {
  test.each([500, 5000])("%d months", (months) => {
    expect(planPasses(globe(1, months, "float32"), 32 * 2 ** 20)).toMatchObject({ bandRows: 18, spooled: true });
  });
});

test("chunks of all months are read band by band, where memory does not hold them all", () => {
  const passes = planPasses(globe(1, 500, "float32", 500), 64 * 2 ** 20);
  // A band is there twice for a moment: as fields, and as the series that they become.
  expect(passes).toMatchObject({ bandRows: 4, blockMonths: 500, spooled: false });
});

test("what not even the largest memory holds is told to be cut", () => {
  expect(() => planPasses(globe(0.05, 9000, "float32", 9000), 2 ** 40)).toThrow(
    /takes \d+ MiB at once, not 1536\. Choose .* one whose chunks have fewer months: nccopy -c time\/1 in\.nc out\.nc/,
  );
});
