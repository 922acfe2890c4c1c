import type { Dataset } from "../netcdf/dataset.ts";
import type { Warning } from "../warning.ts";
import { sparseWarning } from "./archive-warnings.ts";
import { GRID_MEMORY_BYTES } from "./choices.ts";
import type { GridPlan } from "./description.ts";
import { type FloatArray, floats, floatType } from "./floats.ts";
import { Kernels } from "./kernels/kernels.ts";
import { planPasses } from "./passes.ts";
import { readTiles } from "./read-tiles.ts";
import { tileAnomalies } from "./tile-anomalies.ts";

/**
 * The anomalies of a grid in memory, of shape (lat, lon, months), row-major; NaN is missing. And what was seen to be too
 * little for a climatology.
 *
 * @param dataset - the archive that `grid` describes
 * @throws InputError `TooLarge`, as `storeGrid`
 */
export async function wholeGrid(
  dataset: Dataset,
  grid: GridPlan,
): Promise<{ readonly values: FloatArray; readonly warnings: readonly Warning[] }> {
  const { cells, months, tile } = grid.shape;
  // A tile without any value is left as it is.
  const values = floats(floatType(grid), cells[0] * cells[1] * months).fill(Number.NaN);
  const kernels = await Kernels.load();
  let sparseCells = 0;
  const anomaliesOf = tileAnomalies(kernels, grid, {
    dataset,
    normals: undefined,
    onSparse: (count) => (sparseCells += count),
  });
  const passes = planPasses(grid, GRID_MEMORY_BYTES);
  await readTiles(dataset, grid, { kernels, passes, onProgress: () => {} }, async (row, column, stored) => {
    const anomalies = anomaliesOf(row, column, stored)?.anomalies;
    if (anomalies === undefined) return;
    const lons = Math.min(tile[1], cells[1] - column * tile[1]);
    for (let line = 0; line < Math.min(tile[0], cells[0] - row * tile[0]); line++) {
      const from = line * tile[1] * months;
      const cell = (row * tile[0] + line) * cells[1] + column * tile[1];
      values.set(anomalies.subarray(from, from + lons * months), cell * months);
    }
  });
  return { values, warnings: sparseWarning(sparseCells, grid) };
}
