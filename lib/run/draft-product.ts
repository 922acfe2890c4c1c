import type { ObservedChoice } from "../grid/grid-order.ts";
import type { Years } from "../grid/months.ts";
import { DAY, WEEK } from "../grid/weeks.ts";
import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, Variable } from "../netcdf/dataset.ts";
import type { Roles } from "../netcdf/roles.ts";
import { textOf } from "../netcdf/text-of.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { areWithinMonths, stepOf } from "../netcdf/views/days.ts";
import { monthNumber, monthText } from "../time.ts";
import { candidatesOf, type Field, fieldOf, isAnomaly } from "./field.ts";
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
  const fields = files.map((file) => mainFieldOf(file, notes));
  const archive = fields.find(({ part }) => part === "archive");
  const forecast = fields.find(({ part }) => part !== "archive");
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
    observations:
      archive === undefined ? UNKNOWN_OBSERVATIONS : observationsOf(archive, { ofWeeks: isOfWeeks(forecast), notes }),
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

/** The field of a file that a product would be made of. */
function mainFieldOf(dataset: Dataset, notes: string[]): Field {
  const [first, ...others] = candidatesOf(dataset).first.flatMap((variable) => fieldOf(dataset, variable) ?? []);
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
  return first;
}

function observationsOf(
  { dataset, variable, roles, source }: Field,
  { ofWeeks, notes }: { readonly ofWeeks: boolean; readonly notes: string[] },
): Product["observations"] {
  const { seconds } = readValidTimes(dataset, variable.name, source, 0);
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
  const frequency = frequencyOf(seconds, variable, { ofWeeks, notes });
  const select: Record<string, ObservedChoice> = {};
  const ofGrid = Object.values(findCoordinates(dataset, variable.name));
  for (const [i, dimension] of variable.dimensions.entries()) {
    if (variable.shape[i] === 1 || ofGrid.includes(dimension)) continue;
    const choice = observedChoice(dimension, roles);
    select[dimension] = choice;
    notes.push(
      `observations: ${dimension} has ${variable.shape[i]} values, of which it takes ${JSON.stringify(choice)}`,
    );
  }
  return {
    key: `observations/${fileName(dataset.file)}`,
    variable: variable.name,
    firstMonth,
    baseline,
    ...frequency,
    ...(Object.keys(select).length === 0 ? {} : { select }),
    ...(anomalies ? { kind: "anomaly" } : {}),
  };
}

/** Amounts of a day, but for metres, which heights are in, too. */
const AMOUNTS = /^(mm|cm|in(ch(es)?)?|kg ?(m-2|\/ ?m\^?2|m\*\*-2))$/i;

/** What is said of an archive of days. */
function frequencyOf(
  seconds: Float64Array,
  variable: Variable,
  { ofWeeks, notes }: { readonly ofWeeks: boolean; readonly notes: string[] },
): Pick<Product["observations"], "frequency" | "monthly" | "weekly"> {
  if (!areWithinMonths(seconds)) return {};
  const monthly = AMOUNTS.test(textOf(variable, "units")) ? "sum" : "mean";
  if (ofWeeks && stepOf(seconds)! <= DAY) {
    notes.push(
      `observations: weeks are made of its days, as the forecast is of weeks: weekly is "${monthly}", take "${monthly === "sum" ? "mean" : "sum"}" if that fits its values`,
      "forecast: a time is taken for the first day of its week, unless its bounds say otherwise: else set daysIntoWeek",
    );
    return { frequency: "daily", weekly: monthly };
  }
  notes.push(
    `observations: its times are no months, which are made of them: monthly is "${monthly}", take "${monthly === "sum" ? "mean" : "sum"}" if that fits its values`,
  );
  return { frequency: "daily", monthly };
}

/** Whether the leads of a forecast are weeks. */
function isOfWeeks(forecast: Field | undefined): boolean {
  if (forecast === undefined) return false;
  const { seconds } = readValidTimes(forecast.dataset, forecast.variable.name, forecast.source, 0);
  return seconds.length > 1 && seconds.every((time, i) => time === seconds[0]! + i * WEEK);
}

/** ERA5 has its last months, which are preliminary, along a dimension of experiments. */
function observedChoice(dimension: string, { member }: Roles): ObservedChoice {
  if (dimension.toLowerCase() === "expver") return "merge";
  return dimension === member ? "mean" : 0;
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
    notes.push(
      `forecast: nothing says that "${variable.name}" is an anomaly, as a forecast has to be: else set forecast.climatology to its hindcasts`,
    );
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

/** The file's name with any text for its dates: `CFSv2.Prec.*.nc` of `CFSv2.Prec.20200625.202008.nc`. */
function patternOf(name: string): string {
  return name.replace(/\d{4}-\d{2}(-\d{2})?|\d{6,10}/g, "*").replace(/\*(?:[._-]?\*)+/g, "*");
}

/** A product's name of a variable's. */
function nameOf(variable: string): string {
  const letters = variable.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 32);
  return /^[A-Za-z]/.test(letters) ? letters : `p${letters}`.slice(0, 32);
}
