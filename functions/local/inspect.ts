import { isInputError } from "../../lib/errors.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { describe } from "../../lib/netcdf/cdl.ts";
import { findCoordinates } from "../../lib/netcdf/coordinates.ts";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { textOf } from "../../lib/netcdf/text-of.ts";
import type { TimeSource } from "../../lib/netcdf/time-source.ts";
import { readValidTimes } from "../../lib/netcdf/valid-time.ts";
import { oneLine } from "../../lib/printable.ts";
import { draftProduct } from "../../lib/run/draft-product.ts";
import { candidatesOf, type Field, fieldOf } from "../../lib/run/field.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import { asObservations } from "../../lib/run/observations.ts";
import type { Product } from "../../lib/run/product.ts";
import { jsonText } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { timeText } from "../../lib/time.ts";
import { counted } from "../../lib/warning.ts";
import { openInput } from "./places.ts";
import { loadProducts } from "./products.ts";
import { calledFile } from "./stdin.ts";

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
  const texts = await withOpened(files, (datasets) => datasets.map((dataset) => inspected(dataset, defined)));
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
    for (const file of files) open.push(await openDataset(await openInput(file, downloads).path(), calledFile(file)));
    return use(open);
  } finally {
    for (const dataset of open) dataset.close();
  }
}

function inspected(dataset: Dataset, products: readonly Product[]): string {
  const found = [...coordinateLines(dataset), "", ...fitLines(dataset, products)].map(oneLine);
  return [describe(dataset).trimEnd(), "", ...found, ""].join("\n");
}

function coordinateLines(dataset: Dataset): string[] {
  const { first, more } = candidatesOf(dataset);
  const lines = first.map((variable) => {
    const field = attempt(() => fieldOf(dataset, variable));
    if (typeof field === "string") return `${variable.name}: ${field}`;
    return `${variable.name}: ${field === undefined ? whyNot(dataset, variable.name) : fieldText(field)}`;
  });
  if (more > 0) lines.push(`and ${counted(more, "more variable")}`);
  return lines.length === 0 ? ["no variable has two dimensions or more"] : lines;
}

/** Why a variable is no field. */
function whyNot(dataset: Dataset, name: string): string {
  const found = attempt(() => findCoordinates(dataset, name));
  return typeof found === "string" ? found : "no numbers";
}

function fieldText({ dataset, variable, roles, source, part }: Field): string {
  const { lat, lon } = roles;
  const units = textOf(variable, "units") || "no units";
  const time = source.along ?? (source.kind === "lead" ? source.lead : source.coordinate).name;
  const times = timeRange(dataset, variable.name, source);
  return `${part}, ${units}; latitude is ${lat}, longitude is ${lon}, time is ${time} (${times})`;
}

function timeRange(dataset: Dataset, variable: string, source: TimeSource): string {
  const range = attempt(() => readValidTimes(dataset, variable, source, 0).seconds);
  if (typeof range === "string") return range;
  if (range.length === 0) return "no times";
  const starts = source.init === undefined ? 1 : dataset.dimensions.get(source.init)!.size;
  const which = starts > 1 && source.init !== source.along ? `, of the first of ${starts} along ${source.init}` : "";
  const [first, last] = [timeText(range[0]!), timeText(range.at(-1)!)];
  return range.length === 1 ? `${first} UTC${which}` : `${range.length} times, ${first} to ${last} UTC${which}`;
}

function fitLines(dataset: Dataset, products: readonly Product[]): string[] {
  return products.flatMap((product) => {
    const { observations } = product;
    const grid = attempt(() => describeGrid(asObservations(dataset, observations), observations, ""));
    const forecast = attempt(() => readForecast(dataset, product));
    return [
      `product ${product.name}, as observations: ${
        typeof grid === "string"
          ? `no: ${grid}`
          : [
              `yes, ${grid.seconds.length} ${grid.weekly === undefined ? "months" : "weeks"}`,
              ...grid.warnings.map((w) => w.message),
            ].join("; ")
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
