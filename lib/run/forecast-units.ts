import { InputError } from "../errors.ts";
import type { GridDescription } from "../grid/description.ts";
import { chosenUnits, overrideWarnings, type SaidUnits } from "../units/chosen.ts";
import { converter } from "../units/converter.ts";
import { type Unit, unitOf, unitTimes } from "../units/unit.ts";
import type { Warning } from "../warning.ts";
import type { Forecast } from "./forecast.ts";
import { mapped } from "./member-mean.ts";
import type { Product } from "./product.ts";
import type { UnitConversion } from "./records.ts";

/** A forecast in the units of the observations, and how it came into them. */
export interface ForecastInUnits {
  readonly forecast: Forecast;
  /** Undefined where its values are what they were. */
  readonly converted: UnitConversion | undefined;
  readonly warnings: readonly Warning[];
}

const SECOND = unitOf("s")!;
const TOTALS = "A total of a month is mm/month, and ERA5's monthly mean of daily totals m/day, whatever the file says";

/** The two units that are to be one. */
interface Pair {
  readonly from: string;
  readonly to: string;
  readonly grid: GridDescription;
  readonly forecast: Forecast;
  readonly product: Product;
}

/**
 * Converts a forecast's anomalies to the units of the observations: each is multiplied in double precision, by the factor for
 * the month of its lead, and rounded once to the type that it had. Where the factor is 1 nothing is touched.
 *
 * @throws InputError `BadUnits` where the two measure different things, or differ and one of them is not understood
 */
export function inUnitsOf(grid: GridDescription, forecast: Forecast, product: Product): ForecastInUnits {
  const said: SaidUnits = {
    of: `"${product.forecast.variable}" in ${forecast.key}`,
    attribute: forecast.units,
    product: product.forecast.units,
  };
  const to = grid.units;
  const from = chosenUnits(said);
  const warnings = overrideWarnings(said);
  if (from === undefined || to === undefined) {
    warnings.push(missingWarning(grid, forecast, product));
    return { forecast, converted: undefined, warnings };
  }
  const factors = factorsOf({ from, to, grid, forecast, product });
  if (factors.every((factor) => factor === 1)) return { forecast, converted: undefined, warnings };
  return { forecast: multiplied(forecast, factors), converted: { from, factors }, warnings };
}

/** A factor for every lead. */
function factorsOf(pair: Pair): number[] {
  const { from, to, forecast } = pair;
  const leads = Array.from(forecast.seconds);
  if (from.trim() === to.trim()) return leads.map(() => 1);
  const [unit, wanted] = [unitOf(from), unitOf(to)];
  if (unit === undefined || wanted === undefined) throw unknownUnits(pair, unit === undefined ? from : to);
  const factorAt = converter(unit, wanted);
  if (factorAt === undefined) throw differentUnits(pair, unit, wanted);
  return leads.map(factorAt);
}

function multiplied(forecast: Forecast, factors: readonly number[]): Forecast {
  const field = forecast.values.length / factors.length;
  return mapped(forecast, (value, i) => value * factors[Math.floor(i / field)]!);
}

function missingWarning(grid: GridDescription, forecast: Forecast, { name, ...product }: Product): Warning {
  const missing: string[] = [];
  const fields: string[] = [];
  if (grid.units === undefined) {
    missing.push(`"${grid.variable}" in ${grid.observations.key}`);
    fields.push("observations.units");
  }
  if ((product.forecast.units ?? forecast.units ?? "").trim() === "") {
    missing.push(`"${product.forecast.variable}" in ${forecast.key}`);
    fields.push("forecast.units");
  }
  const have = missing.length === 1 ? "has" : "have";
  const message = `${missing.join(" and ")} ${have} no units: the forecast is joined as it is. Set ${fields.join(" and ")} of product "${name}"`;
  return { kind: "unitsMissing", message };
}

function unknownUnits(pair: Pair, unknown: string): InputError {
  return refusal(pair, `and "${unknown}" is not understood, so that one cannot be converted to the other`, [
    "Write it as UDUNITS does, such as mm/day, mm/month, kg m-2 s-1, degC, K, m2 s-2",
  ]);
}

function differentUnits(pair: Pair, from: Unit, to: Unit): InputError {
  const isTotalNextToRate = [1, -1].some((power) => converter(unitTimes(from, SECOND, power), to) !== undefined);
  return refusal(pair, "which measure different things", isTotalNextToRate ? [TOTALS] : []);
}

function refusal({ from, to, grid, forecast, product }: Pair, why: string, hints: readonly string[]): InputError {
  const variable = `"${product.forecast.variable}" is in ${from}`;
  const other = `"${grid.variable}" of ${grid.observations.key} in ${to}`;
  const fields = `If a file says it wrong, set forecast.units or observations.units of product "${product.name}"`;
  return new InputError("BadUnits", `${variable} and ${other}, ${why}`, {
    file: forecast.key,
    hint: [...hints, fields].join(". "),
  });
}
