import type { Dataset } from "./dataset.ts";
import { openDataset } from "./open.ts";

/**
 * Opens a NetCDF file for as long as `use` takes.
 *
 * @param name - what messages call the file
 * @throws InputError as {@link openDataset} does
 */
export async function withDataset<T>(
  path: string,
  name: string,
  use: (dataset: Dataset) => T | Promise<T>,
): Promise<T> {
  const dataset = await openDataset(path, name);
  try {
    return await use(dataset);
  } finally {
    dataset.close();
  }
}
