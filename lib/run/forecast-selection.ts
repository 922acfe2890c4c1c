import { InputError } from "../errors.ts";
import { missingCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, Slab, Variable } from "../netcdf/dataset.ts";
import { findRoles } from "../netcdf/roles.ts";
import { findVariable } from "../netcdf/slab.ts";
import { findTimeSource, type TimeSource } from "../netcdf/time-source.ts";
import { readValidTimes, type ValidTimes } from "../netcdf/valid-time.ts";
import { reordered } from "../netcdf/views/reordered.ts";
import type { Choice, Product } from "./product.ts";

/** A choice along a dimension of known length. */
export type Taken = Exclude<Choice, "last">;

/** What a product takes of a forecast file. */
export interface ForecastSelection {
  /** The file, with latitude and longitude as the last two dimensions of the variable. */
  readonly dataset: Dataset;
  readonly variable: Variable;
  /** Names of the last two dimensions. */
  readonly lat: string;
  readonly lon: string;
  /** For each dimension before them. */
  readonly choices: readonly Taken[];
  readonly slab: Slab;
  /** Of every lead of the file, taken or not. */
  readonly times: ValidTimes;
  /** Of the leads that are taken, UTC seconds since 1970. */
  readonly seconds: Float64Array;
}

/**
 * What a product takes along the dimensions of its forecast variable, and when that is valid.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `NotNumeric`, `BadDimensions`, `BadTime`, `BadProduct`
 */
export function selectForecast(opened: Dataset, product: Product): ForecastSelection {
  const { file } = opened;
  const { name: wanted, dimensions } = findVariable(opened, product.forecast.variable);
  const { lat, lon, lead } = findRoles(opened, wanted);
  const source = findTimeSource(opened, wanted);
  if (source === undefined && lead !== undefined) throw undatedLeads(file, wanted, lead);
  if (lat === undefined || lon === undefined || source === undefined) {
    throw missingCoordinates(opened, wanted, { lat, lon, time: source === undefined ? undefined : "found" });
  }
  requireTargets(file, wanted, source);
  const leading = dimensions.filter((name) => name !== lat && name !== lon);
  const dataset = reordered(opened, wanted, [...leading, lat, lon]);
  const variable = findVariable(dataset, wanted);
  requireKnown(product, file, leading);
  const choices = leading.map((name, i) => {
    const isInit = name === source.init;
    return choose(product, file, { name, size: variable.shape[i]!, isTime: name === source.along, isInit });
  });
  const slab: Slab = variable.shape.map((size, i) => {
    const choice = choices[i];
    return typeof choice === "number" ? [choice, choice + 1] : [0, size];
  });
  const chosenAlong = (name: string | undefined) => choices[leading.indexOf(name ?? "")];
  const init = chosenAlong(source.init);
  const times = readValidTimes(dataset, variable.name, source, typeof init === "number" ? init : 0);
  const taken = chosenAlong(source.along);
  const seconds = typeof taken === "number" ? times.seconds.subarray(taken, taken + 1) : times.seconds;
  return { dataset, variable, lat, lon, choices, slab, times, seconds };
}

function undatedLeads(file: string, name: string, lead: string): InputError {
  return new InputError(
    "MissingCoordinate",
    `"${name}" has leads along ${lead}, and nothing says after which initial time`,
    {
      file,
      hint:
        `Add a coordinate variable ${lead} with units such as months, and the initial time: a coordinate of one value ` +
        '(standard_name forecast_reference_time), or an attribute initial_time such as "20261116"',
    },
  );
}

/** A forecast's initial time is never the time that it is for. */
function requireTargets(file: string, name: string, source: TimeSource): void {
  if (source.kind !== "initial") return;
  throw new InputError(
    "MissingCoordinate",
    `"${name}" has initial times, ${source.init}, and nothing says for when it is`,
    {
      file,
      hint: "Add a coordinate of the leads (standard_name forecast_period) or of the valid times (standard_name time)",
    },
  );
}

/** Checks that the product chooses along dimensions that there are: a misspelt one would be ignored. */
function requireKnown({ name, forecast }: Product, file: string, leading: readonly string[]): void {
  const known = new Set(leading.map((dimension) => dimension.toLowerCase()));
  const unknown = Object.keys(forecast.select).find((key) => !known.has(key.toLowerCase()));
  if (unknown === undefined) return;
  throw new InputError("BadProduct", `"${forecast.variable}" has no dimension ${unknown} to choose along`, {
    file,
    choices: leading,
    hint: `Correct forecast.select of product "${name}"`,
  });
}

interface Leading {
  readonly name: string;
  readonly size: number;
  readonly isTime: boolean;
  readonly isInit: boolean;
}

/** What becomes of a leading dimension. */
function choose(product: Product, file: string, { name, size, isTime, isInit }: Leading): Taken {
  const { select } = product.forecast;
  const key = Object.keys(select).find((k) => k.toLowerCase() === name.toLowerCase());
  const choice = key === undefined ? undefined : select[key];
  const also = isTime ? ' or "all"' : isInit ? ' or "last"' : ' or "mean"';
  const bad = (problem: string, tag: "BadProduct" | "BadDimensions" = "BadProduct") =>
    new InputError(tag, `"${product.forecast.variable}" ${problem}`, {
      file,
      hint: `Set forecast.select.${name} of product "${product.name}" to a position from 0 to ${size - 1}${also}`,
    });
  if (size === 0) {
    throw new InputError("BadDimensions", `dimension ${name} has length 0: the file holds no forecast`, {
      file,
      hint: "Fetch it again, when it is whole",
    });
  }
  if (choice === undefined) {
    if (size === 1) return isTime ? "all" : 0;
    if (isTime && !isInit) return "all";
    throw bad(`has ${size} values along ${name}, and the product does not say which to take`, "BadDimensions");
  }
  if (choice === "mean" && isTime) throw bad("cannot be averaged over time");
  if (choice === "mean" && isInit) throw bad("cannot be averaged over forecasts that start at different times");
  if (choice === "all" && !isTime) throw bad(`cannot have a row for each ${name}`);
  if (typeof choice === "number" && choice >= size) throw bad(`has no position ${choice} along ${name}`);
  return choice === "last" ? size - 1 : choice;
}
