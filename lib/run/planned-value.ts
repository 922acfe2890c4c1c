import type { PlannedValue } from "./chunk-records.ts";

/** The value as it stands in JSON; NaN is missing. */
export function plannedValue(value: number): PlannedValue {
  if (Number.isNaN(value)) return null;
  if (Object.is(value, -0)) return "-0";
  if (value === Infinity) return "Infinity";
  return value === -Infinity ? "-Infinity" : value;
}

/** The value that stands in JSON; NaN is missing. */
export function valueOf(planned: PlannedValue): number {
  return planned === null ? Number.NaN : Number(planned);
}
