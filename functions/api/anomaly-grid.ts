import { storeGrid } from "../../lib/grid/compute.ts";
import { describeGrid, type GridRequest } from "../../lib/grid/description.ts";
import { GRID_MEMORY_BYTES, planPasses } from "../../lib/grid/passes.ts";
import { readTiles } from "../../lib/grid/read-tiles.ts";
import { tileAnomalies } from "../../lib/grid/tile-anomalies.ts";
import { keys } from "../../lib/keys.ts";
import { withDataset } from "../../lib/netcdf/open.ts";
import { findVariable } from "../../lib/netcdf/slab.ts";
import { inputRecord, pathOf } from "../../lib/run/inputs.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import type { Warning } from "../../lib/warning.ts";
import { hashFile, localFile } from "../local/files.ts";

/** The anomalies of a variable: each value less the mean of its cell and calendar month over the baseline years. */
export interface AnomalyGrid {
  /** Cell centres, degrees north, in the order of the archive; as many as `shape[0]`. */
  readonly lat: Float64Array;
  /** Cell centres, degrees east, in the order of the archive; as many as `shape[1]`. */
  readonly lon: Float64Array;
  /** Time of every month from the first one on, UTC seconds since 1970, in order; as many as `shape[2]`. */
  readonly time: Float64Array;
  readonly shape: readonly [lat: number, lon: number, months: number];
  /**
   * Row-major, so that the series of a cell is contiguous: cell (i, j) begins at `(i * shape[1] + j) * shape[2]`. In
   * the archive's units. NaN where the value is missing, or the baseline has none in that calendar month.
   */
  readonly values: Float32Array;
  /** As the archive has them. */
  readonly units?: string;
  /** What the archive lacks, such as months of the baseline. */
  readonly warnings: readonly Warning[];
}

/**
 * Computes the anomalies of an archive of monthly fields, of shape (time, lat, lon), in memory: 4 bytes for every cell
 * and month, and up to 12 more meanwhile.
 *
 * @throws InputError as opening the file does, and `MissingVariable`, `NotNumeric`, `MissingCoordinate`,
 *   `BadDimensions`, `BadAxis`, `BadTime`, `BadBaseline`
 */
export function computeAnomalyGrid(path: string, request: GridRequest): Promise<AnomalyGrid> {
  return withDataset(path, path, async (dataset) => {
    const described = describeGrid(dataset, request, "");
    const { lat, lon, seconds, units, warnings } = described;
    const { cells, months } = described.shape;
    const length = cells[0] * cells[1] * months;
    let values: Float32Array | undefined;
    // One tile that is the whole grid.
    const grid = { ...described, shape: { cells, months, tile: cells } };
    const anomaliesOf = tileAnomalies(grid, findVariable(dataset, grid.variable), undefined);
    const passes = { ...planPasses(grid, Infinity), spooled: false };
    await readTiles(dataset, grid, { passes, onProgress: () => {} }, async (row, column, stored) => {
      values = anomaliesOf(row, column, stored)?.anomalies;
    });
    return {
      lat: Float64Array.from(lat),
      lon: Float64Array.from(lon),
      time: Float64Array.from(seconds),
      shape: [...cells, months],
      // A tile without any value has none.
      values: values ?? new Float32Array(length).fill(Number.NaN),
      ...(units === undefined ? {} : { units }),
      warnings,
    };
  });
}

/** Where an anomaly grid was stored. */
export interface StoredAnomalyGrid {
  readonly id: string;
  /** Key prefix of its Zarr store. */
  readonly prefix: string;
  /** What the archive lacks, such as months of the baseline. */
  readonly warnings: readonly Warning[];
}

/**
 * Computes the anomalies of an archive, as {@link computeAnomalyGrid} does, into a store as Zarr v2, of shape (lat, lon,
 * time), which xarray's `open_zarr` reads. At most 256 MiB of it are held at once. A run with the same archive and
 * product over a folder that has the grid uses it.
 *
 * @throws InputError as {@link computeAnomalyGrid}; `TooLarge` for a grid whose every ten degrees of latitude take more;
 *   `CannotWrite`, `NoAccess` where the store takes no object; `InputChanged` where the archive was replaced meanwhile
 */
export async function storeAnomalyGrid(
  path: string,
  request: GridRequest,
  store: ObjectStore,
): Promise<StoredAnomalyGrid> {
  const file = localFile(path, async (large) => hashFile(large));
  const record = await inputRecord(file);
  return withDataset(path, record.key, async (dataset) => {
    const about = describeGrid(dataset, request, record.etag);
    const checkInput = () => pathOf(file, record);
    await storeGrid(dataset, about, store, { memoryBytes: GRID_MEMORY_BYTES, checkInput });
    return { id: about.id, prefix: keys.grid(about.id, ""), warnings: about.warnings };
  });
}
