import { isInputError } from "../errors.ts";
import { withDataset } from "../netcdf/open.ts";
import type { InputFile } from "../store/input-file.ts";
import { dayText } from "../time.ts";
import { readForecastName } from "./forecast-name.ts";
import { selectForecast } from "./forecast-selection.ts";
import type { Product } from "./product.ts";
import type { Issue, NowSource } from "./records.ts";

/** An issue, and where its day is from. */
export interface FoundIssue {
  readonly issue: Issue;
  readonly from: Extract<NowSource, "name" | "file"> | undefined;
}

/**
 * The label of a forecast, and its day of issue: that of its name; where the name has none, the initial time that the file
 * tells. The label has the day where nothing in the name tells one forecast from the next: a file that is written again
 * every day under one name.
 *
 * @throws InputError `BadName` where the name cannot be part of a key; those of the input's path
 */
export async function findIssue(input: InputFile, product: Product): Promise<FoundIssue> {
  const { label, issued, isDated } = readForecastName(input.key);
  if (issued !== null) return { issue: { label, issued }, from: "name" };
  const inside = await dayInFile(await input.path(), input.key, product);
  if (inside === undefined) return { issue: { label, issued: null }, from: undefined };
  return { issue: { label: isDated ? label : `${label}.${inside}`, issued: inside }, from: "file" };
}

/** The day that a forecast starts from, YYYYMMDD; undefined where the file does not tell. */
async function dayInFile(path: string, key: string, product: Product): Promise<string | undefined> {
  try {
    const initial = await withDataset(path, key, (dataset) => selectForecast(dataset, product).times.initial);
    return initial === undefined ? undefined : dayText(initial).replaceAll("-", "");
  } catch (error) {
    // A file that cannot be used fails the run where it is read, which then has a manifest that says why.
    if (isInputError(error)) return undefined;
    throw error;
  }
}
