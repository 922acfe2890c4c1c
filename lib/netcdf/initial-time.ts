import type { Dataset, Variable } from "./dataset.ts";
import type { ScaledTime } from "./time.ts";

/** Attributes that name the time a forecast starts from, in lower case; those of the variable come first. */
const INITIAL_ATTRIBUTES = [
  "initial_time",
  "initial_date",
  "init_time",
  "init_date",
  "init",
  "initialization_time",
  "initialization_date",
  "initialisation_time",
  "initialisation_date",
  "forecast_reference_time",
  "reference_time",
  "issue_time",
  "issue_date",
  "issued",
] as const;

/** `20261116`, `2026111600`, `2026-11-16`, `2026-11-16 00:00:00`, `2026-11-16T00:00Z`. */
const DATE = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]*(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d*)?)?)?\s*(?:Z|UTC|GMT)?)?$/i;

/** The initial time that an attribute of a variable, or of its file, tells; undefined where none does. */
export function findInitialAttribute(dataset: Dataset, variable: Variable): ScaledTime | undefined {
  for (const attributes of [variable.attributes, dataset.attributes]) {
    const byName = new Map(Object.entries(attributes).map(([name, { value }]) => [name.toLowerCase(), value]));
    for (const name of INITIAL_ATTRIBUTES) {
      const value = byName.get(name);
      const seconds = value === undefined ? undefined : secondsOf(typeof value === "string" ? value : value.join());
      if (seconds !== undefined) {
        return { value: seconds, units: "seconds since 1970-01-01", calendar: "proleptic_gregorian" };
      }
    }
  }
  return undefined;
}

function secondsOf(text: string): number | undefined {
  const parts = DATE.exec(text.trim());
  if (parts === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const milliseconds = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const date = new Date(milliseconds);
  const isDate = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day && hour < 24;
  return isDate ? milliseconds / 1000 : undefined;
}
