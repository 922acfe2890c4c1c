import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import type { GridRequest } from "../../lib/grid/grid-order.ts";
import { keys } from "../../lib/keys.ts";
import { inputRecord, pathOf } from "../../lib/run/inputs.ts";
import { withObservations } from "../../lib/run/observations.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import type { Warning } from "../../lib/warning.ts";
import { hashLargeFile, localFile } from "../local/files.ts";

/**
 * The anomalies of a variable: each value less the mean of its cell and calendar month over the baseline years. With `weekly`
 * of the request they are of weeks of a daily archive, less the mean of the days around each.
 */
export interface AnomalyGrid {
  /** Cell centres, degrees north, in the order of the archive; as many as `shape[0]`. */
  readonly lat: Float64Array;
  /** Cell centres, degrees east, in the order of the archive; as many as `shape[1]`. */
  readonly lon: Float64Array;
  /** Time of every month, or week, from the first one on, UTC seconds since 1970, in order; as many as `shape[2]`. */
  readonly time: Float64Array;
  readonly shape: readonly [lat: number, lon: number, months: number];
  /**
   * Row-major, so that the series of a cell is contiguous: cell (i, j) begins at `(i * shape[1] + j) * shape[2]`. In
   * the archive's units, and of the type that its values decode to. NaN where the value is missing, or the baseline has
   * too few in that calendar month.
   */
  readonly values: Float32Array | Float64Array;
  /** As the archive has them. */
  readonly units?: string;
  /** What the archive lacks, such as months of the baseline. */
  readonly warnings: readonly Warning[];
}

/**
 * Computes the anomalies of an archive of monthly fields, of shape (time, lat, lon), in memory: 4 bytes for every cell
 * and month, 8 in double precision, and at most 256 MiB more meanwhile.
 *
 * @throws InputError as opening the file does, and `MissingVariable`, `NotNumeric`, `MissingCoordinate`,
 *   `BadDimensions`, `BadAxis`, `BadTime`, `BadBaseline`; `TooLarge` as {@link storeAnomalyGrid}
 */
export function computeAnomalyGrid(path: string, request: GridRequest): Promise<AnomalyGrid> {
  return withObservations({ path, key: path }, request, async (dataset) => {
    const grid = describeGrid(dataset, request, "");
    const { lat, lon, seconds, units, warnings, shape } = grid;
    // Loaded late, as a program may import this for something else.
    const { wholeGrid } = await import("../../lib/grid/whole-grid.ts");
    const made = await wholeGrid(dataset, grid);
    return {
      lat: Float64Array.from(lat),
      lon: Float64Array.from(lon),
      time: Float64Array.from(seconds),
      shape: [...shape.cells, shape.months],
      values: made.values,
      ...(units === undefined ? {} : { units }),
      warnings: [...warnings, ...made.warnings],
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
  const file = localFile(path, hashLargeFile);
  const record = await inputRecord(file);
  return withObservations({ path, key: record.key }, request, async (dataset) => {
    const about = describeGrid(dataset, request, record.etag);
    const checkInput = () => pathOf(file, record);
    const { storeGrid } = await import("../../lib/grid/compute.ts");
    const { id, warnings } = await storeGrid(dataset, about, store, { memoryBytes: GRID_MEMORY_BYTES, checkInput });
    return { id, prefix: keys.grid(id, ""), warnings };
  });
}
