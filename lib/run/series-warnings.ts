import { isFirstValid } from "../grid/station-method.ts";
import { counted, type Warning } from "../warning.ts";
import type { CellHistory } from "./cell-histories.ts";
import type { ChunkPlan, PlannedStation } from "./chunk-records.ts";

/** What the zeros of a series hide. @param forecast - as it is written; NaN is missing */
export function seriesWarnings(
  station: PlannedStation,
  { months, missing: absent, infinite: infinitePast }: CellHistory,
  forecast: readonly number[],
  { missing, method, rows }: Pick<ChunkPlan, "missing" | "method"> & { readonly rows: "months" | "weeks" },
): Warning[] {
  const { id, cellLat, cellLon, distanceKm, forecast: planned, forecastCells } = station;
  const about = { station: id, cell: { lat: cellLat, lon: cellLon }, distanceKm };
  const infinite = infinitePast + forecast.filter(isInfinite).length;
  const warnings: Warning[] = [];
  if (absent === months) {
    warnings.push({
      kind: "cellMissing",
      message: `${noAnomalies(station)}: all are written ${missing}`,
      ...about,
    });
  } else if (absent > 0) {
    const cells = method === undefined || isFirstValid(method) ? "cell lacks" : "cells lack";
    const message = `its ${cells} ${absent} of ${months} ${rows}: they are written ${missing}`;
    warnings.push({ kind: "monthsMissing", message, ...about });
  }
  if (infinite > 0) {
    const message = `${infinite} of its anomalies and forecasts are infinite: they are written inf or -inf`;
    warnings.push({ kind: "valueInfinite", message, ...about });
  }
  const [absentLeads, lost] = [planned.filter((value) => value === null).length, forecast.filter(Number.isNaN).length];
  if (absentLeads > 0) {
    const none = forecastCells?.length === 0 ? `, in all cells that series.method takes` : "";
    const message = `the forecast lacks ${absentLeads} of ${forecast.length} leads there${none}: they are written ${missing}`;
    warnings.push({ kind: "forecastMissing", message, station: id });
  }
  if (lost > absentLeads) {
    const message = `${lost - absentLeads} of ${forecast.length} leads of the forecast cannot be rebased there, as the observations have no climatology: they are written ${missing}`;
    warnings.push({ kind: "forecastMissing", message, station: id });
  }
  return warnings;
}

function isInfinite(value: number): boolean {
  return Math.abs(value) === Infinity;
}

function noAnomalies({ cells }: PlannedStation): string {
  if (cells === undefined) return "its cell has no anomalies, as it has no observations, or none in the baseline";
  if (cells.length === 0) return "no centre of a cell of the observations lies in the box of series.method";
  return `none of the ${counted(cells.length, "cell")} that series.method takes has anomalies, as they have no observations, or none in the baseline`;
}
