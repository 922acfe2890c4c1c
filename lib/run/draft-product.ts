import type { Years } from "../grid/months.ts";
import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, Variable } from "../netcdf/dataset.ts";
import { isNumeric } from "../netcdf/numeric-types.ts";
import { findRoles, type Roles } from "../netcdf/roles.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { monthNumber, monthText } from "../time.ts";
import { type Choice, fileName, type Product } from "./product.ts";

/** A first draft of a product, for a person to look through: what its files tell, and what they leave open. */
export interface ProductDraft {
  readonly product: DraftedProduct;
  /** Sentences about what was chosen among several, or has to be filled in. */
  readonly notes: readonly string[];
}

/** What must be said of a product; the rest has defaults. */
export type DraftedProduct = Pick<Product, "name" | "observations" | "forecast"> & {
  readonly series: Pick<Product["series"], "column" | "suffix">;
};

/** A file with more months than any forecast has is an archive. */
const ARCHIVE_MONTHS = 24;

/** The normals of the WMO, from the newest, and the years that GISTEMP's anomalies are relative to. */
const NORMALS: readonly Years[] = [
  [1991, 2020],
  [1981, 2010],
  [1971, 2000],
  [1961, 1990],
  [1951, 1980],
];

/** What stands for the half of a product of which there is no file. */
const UNKNOWN = "VARIABLE";

/**
 * A product that fits these files: an archive, a forecast, or one of each, told apart by how many months they have.
 *
 * @param files - with the name of each
 * @throws InputError `MissingCoordinate` where a file has no variable on a grid with times
 */
export function draftProduct(files: readonly Dataset[]): ProductDraft {
  const notes: string[] = [];
  const fields = files.map((file) => fieldOf(file, notes));
  const archive = fields.find((field) => field.isArchive);
  const forecast = fields.find((field) => !field.isArchive);
  if (archive === undefined) {
    notes.push("observations: none of the files is an archive, so its key and variable have to be filled in");
  }
  if (forecast === undefined) {
    notes.push("forecast: none of the files is a forecast, so its pattern and variable have to be filled in");
  }
  const variable = archive?.variable.name ?? forecast?.variable.name ?? UNKNOWN;
  const name = nameOf(variable);
  const product: DraftedProduct = {
    name,
    observations: archive === undefined ? UNKNOWN_OBSERVATIONS : observationsOf(archive, notes),
    forecast: forecast === undefined ? UNKNOWN_FORECAST : forecastOf(forecast, notes),
    series: { column: `${name.replaceAll("-", "_")}_ano`, suffix: name },
  };
  return { product, notes };
}

const UNKNOWN_OBSERVATIONS: Product["observations"] = {
  key: "observations/FILE.nc",
  variable: UNKNOWN,
  firstMonth: "1979-01",
  baseline: [1991, 2020],
};
const UNKNOWN_FORECAST: Product["forecast"] = { pattern: "FILE.*.nc", variable: UNKNOWN, select: {} };

/** A variable on a grid. */
interface Field {
  readonly dataset: Dataset;
  readonly variable: Variable;
  readonly roles: Roles;
  readonly isArchive: boolean;
}

/** The variable of a file that a product would be made of. */
function fieldOf(dataset: Dataset, notes: string[]): Field {
  const fields = [...dataset.variables.values()]
    .filter(({ type, dimensions }) => isNumeric(type) && dimensions.length > 2)
    .map((variable) => ({ variable, roles: findRoles(dataset, variable.name) }))
    .filter(({ roles: { lat, lon, time, lead } }) => lat !== undefined && lon !== undefined && (time ?? lead));
  const [first, ...others] = fields;
  if (first === undefined) {
    // It says what was looked for.
    const [any] = [...dataset.variables.values()].toSorted((a, b) => b.dimensions.length - a.dimensions.length);
    findCoordinates(dataset, any?.name ?? "");
    throw new TypeError(`${dataset.file}: "${any?.name}" has coordinates and is no field`);
  }
  if (others.length > 0) {
    notes.push(
      `${dataset.file}: "${first.variable.name}" was taken; there are also ${others.map(({ variable }) => variable.name).join(", ")}`,
    );
  }
  const { time, init, lead } = first.roles;
  const months = time === undefined ? 0 : (dataset.dimensions.get(time)?.size ?? 0);
  return { dataset, ...first, isArchive: months >= ARCHIVE_MONTHS && init === undefined && lead === undefined };
}

function observationsOf({ dataset, variable }: Field, notes: string[]): Product["observations"] {
  const { seconds } = readValidTimes(dataset, variable.name, findTimeSource(dataset, variable.name)!, 0);
  const firstMonth = monthText(seconds[0]!);
  const baseline = baselineOf(seconds);
  notes.push(
    `observations: from ${firstMonth} on, with the baseline ${baseline.join("-")}: choose what your series need`,
  );
  const anomalies = isAnomaly(variable);
  if (anomalies) {
    notes.push(
      `observations: "${variable.name}" seems to be anomalies already: set base to the years they are relative to`,
    );
  }
  noteUnits("observations", variable, notes);
  return {
    key: `observations/${fileName(dataset.file)}`,
    variable: variable.name,
    firstMonth,
    baseline,
    ...(anomalies ? { kind: "anomaly" } : {}),
  };
}

/** The newest normals of which the archive has every month, else all of its own years. */
function baselineOf(seconds: Float64Array): Years {
  const first = Math.ceil(monthNumber(seconds[0]!) / 12);
  const last = Math.floor((monthNumber(seconds.at(-1)!) + 1) / 12) - 1;
  return NORMALS.find(([from, to]) => first <= from && to <= last) ?? [first, Math.max(first, last)];
}

function forecastOf({ dataset, variable, roles }: Field, notes: string[]): Product["forecast"] {
  const select: Record<string, Choice> = {};
  for (const [i, dimension] of variable.dimensions.entries()) {
    if (variable.shape[i] === 1 || dimension === roles.lat || dimension === roles.lon) continue;
    const choice = choiceFor(dimension, roles);
    if (choice === undefined) continue;
    select[dimension] = choice;
    notes.push(`forecast: ${dimension} has ${variable.shape[i]} values, of which it takes ${JSON.stringify(choice)}`);
  }
  if (!isAnomaly(variable)) {
    notes.push(`forecast: nothing says that "${variable.name}" is an anomaly, as a forecast has to be`);
  }
  noteUnits("forecast", variable, notes);
  return { pattern: patternOf(fileName(dataset.file)), variable: variable.name, select };
}

/** Undefined for the dimension of the leads, all of which are taken by default. */
function choiceFor(dimension: string, { time, init, lead, member }: Roles): Choice | undefined {
  switch (dimension) {
    case init:
      return "last";
    case member:
      return "mean";
    case lead:
      return undefined;
    case time:
      return lead === undefined ? undefined : "last";
    default:
      return 0;
  }
}

function noteUnits(part: "observations" | "forecast", { name, attributes }: Variable, notes: string[]): void {
  const units = attributes["units"]?.value;
  if (typeof units === "string" && units.trim() !== "") return;
  notes.push(`${part}: "${name}" has no units: set ${part}.units`);
}

function isAnomaly({ name, attributes }: Variable): boolean {
  const texts = [name, ...["long_name", "standard_name", "statistic"].map((key) => attributes[key]?.value)];
  return texts.some((text) => typeof text === "string" && /anom/i.test(text));
}

/** The file's name with any text for its dates: `CFSv2.Prec.*.nc` of `CFSv2.Prec.20200625.202008.nc`. */
function patternOf(name: string): string {
  return name.replace(/\d{4}-\d{2}(-\d{2})?|\d{6,10}/g, "*").replace(/\*(?:[._-]?\*)+/g, "*");
}

/** A product's name of a variable's. */
function nameOf(variable: string): string {
  const letters = variable.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 32);
  return /^[A-Za-z]/.test(letters) ? letters : `p${letters}`.slice(0, 32);
}
