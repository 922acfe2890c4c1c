import { numberOf } from "./rational.ts";
import { unitOf } from "./unit.ts";

/** Metres, and metres a second: larger units of length are of heights, and of winds. */
const [LARGEST_DEPTH, LARGEST_RATE] = [0.1, 1e-3];
const SECONDS_OF_MONTH = 30 * 86_400;

/**
 * Whether values in a unit are amounts or rates of water, of which a part of the normal makes sense: a mass or a small length, by
 * time or not, such as `kg m-2`, `mm/day` and `mm/month`. Of `m` and `m/s` nobody knows it.
 */
export function isAmount(text: string): boolean {
  const unit = unitOf(text);
  if (unit === undefined) return false;
  const { length, mass, time, month, temperature, geopotential } = unit.powers;
  const duration = time + month;
  if (temperature !== 0 || geopotential !== 0 || duration > 0 || duration < -1 || time * month !== 0) return false;
  if (mass === 1 && length === -2) return true;
  if (mass !== 0 || length !== 1) return false;
  const metres = numberOf(unit.factor) / (month === 0 ? 1 : SECONDS_OF_MONTH);
  return metres <= (duration === 0 ? LARGEST_DEPTH : LARGEST_RATE);
}
