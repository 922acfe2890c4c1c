import { isInputError } from "../../lib/errors.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { describe } from "../../lib/netcdf/cdl.ts";
import { findCoordinates } from "../../lib/netcdf/coordinates.ts";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { findTimeSource } from "../../lib/netcdf/time-source.ts";
import { readValidTimes } from "../../lib/netcdf/valid-time.ts";
import { oneLine } from "../../lib/printable.ts";
import { draftProduct } from "../../lib/run/draft-product.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import type { Product } from "../../lib/run/product.ts";
import { jsonText } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { timeText } from "../../lib/time.ts";
import { counted } from "../../lib/warning.ts";
import { openInput } from "./places.ts";
import { loadProducts } from "./products.ts";

/**
 * What NetCDF files hold: for each its header, the coordinates of every variable on a grid, and for each product whether
 * the file could be its observations or its forecast, or why not.
 *
 * @param files - paths, or `s3://bucket/key`
 * @param products - a `products.json`
 * @throws InputError as opening them does; `BadProduct`
 */
export async function inspect(files: readonly string[], products?: string): Promise<string> {
  const defined = await loadProducts(products);
  const texts = await withOpened(files, (datasets) => datasets.map((dataset) => textOf(dataset, defined)));
  return texts.join("");
}

/**
 * A products.json that fits these files, an archive, a forecast or one of each, and sentences about what to look at in it.
 *
 * @throws InputError as opening them does; `MissingCoordinate` where one has no variable on a grid with times
 */
export function draftProducts(
  files: readonly string[],
): Promise<{ readonly json: string; readonly notes: readonly string[] }> {
  return withOpened(files, (datasets) => {
    const { product, notes } = draftProduct(datasets);
    return { json: jsonText({ products: [product] }), notes };
  });
}

/** Opens all of the files for as long as `use` takes. */
async function withOpened<T>(files: readonly string[], use: (datasets: readonly Dataset[]) => T): Promise<T> {
  await using downloads = new TemporaryFolder();
  const open: Dataset[] = [];
  try {
    for (const file of files) open.push(await openDataset(await openInput(file, downloads).path(), file));
    return use(open);
  } finally {
    for (const dataset of open) dataset.close();
  }
}

function textOf(dataset: Dataset, products: readonly Product[]): string {
  const found = [...coordinateLines(dataset), "", ...fitLines(dataset, products)].map(oneLine);
  return [describe(dataset).trimEnd(), "", ...found, ""].join("\n");
}

/** Variables whose coordinates are shown: for each, all of the file's are looked through. */
const MOST_VARIABLES = 256;

function coordinateLines(dataset: Dataset): string[] {
  const onGrids = [...dataset.variables.values()].filter(({ dimensions }) => dimensions.length >= 2);
  const lines = onGrids.slice(0, MOST_VARIABLES).flatMap(({ name }) => {
    const found = attempt(() => findCoordinates(dataset, name));
    if (typeof found === "string") return [`${name}: ${found}`];
    const { lat, lon, time } = found;
    return [`${name}: latitude is ${lat}, longitude is ${lon}, time is ${time} (${timeRange(dataset, name)})`];
  });
  const more = onGrids.length - MOST_VARIABLES;
  if (more > 0) lines.push(`and ${counted(more, "more variable")}`);
  return lines.length === 0 ? ["no variable has two dimensions or more"] : lines;
}

function timeRange(dataset: Dataset, variable: string): string {
  const source = findTimeSource(dataset, variable)!;
  const range = attempt(() => readValidTimes(dataset, variable, source, 0).seconds);
  if (typeof range === "string") return range;
  if (range.length === 0) return "no times";
  const starts = source.init === undefined ? 1 : dataset.dimensions.get(source.init)!.size;
  const which = starts > 1 && source.init !== source.along ? `, of the first of ${starts} along ${source.init}` : "";
  return `${range.length} times, ${timeText(range[0]!)} to ${timeText(range.at(-1)!)} UTC${which}`;
}

function fitLines(dataset: Dataset, products: readonly Product[]): string[] {
  return products.flatMap((product) => {
    const grid = attempt(() => describeGrid(dataset, product.observations, ""));
    const forecast = attempt(() => readForecast(dataset, product));
    return [
      `product ${product.name}, as observations: ${
        typeof grid === "string"
          ? `no: ${grid}`
          : [`yes, ${grid.seconds.length} months`, ...grid.warnings.map((w) => w.message)].join("; ")
      }`,
      `product ${product.name}, as forecast: ${
        typeof forecast === "string"
          ? `no: ${forecast}`
          : `yes, for ${Array.from(forecast.seconds, timeText).join(", ")}`
      }`,
    ];
  });
}

/** The result, or why the input does not give it. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (isInputError(error)) return error.message;
    throw error;
  }
}
