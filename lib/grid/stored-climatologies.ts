import { isAmount } from "../units/amount.ts";
import type { GridDescription } from "./description.ts";
import type { Years } from "./months.ts";

/**
 * The years of the climatologies that are stored with a grid, first of the one that was taken off: where forecasts are rebased
 * by them, and where the values are amounts, which are shown as a part of it.
 */
export function climatologyYears({
  baseline,
  rebase,
  normal,
  weekly,
  units = "",
}: Pick<GridDescription, "baseline" | "rebase" | "normal" | "weekly" | "units">): readonly Years[] {
  if (rebase !== undefined) return [baseline, rebase];
  // The normals of weeks are those of days around each.
  return weekly === undefined && normal !== "none" && isAmount(units) ? [baseline] : [];
}
