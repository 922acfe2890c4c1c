import type { GridDescription } from "../grid/description.ts";
import type { StationTable } from "../stations/station.ts";
import { monthNumber, monthText, secondsOf } from "../time.ts";
import { counted, listed, type Warning } from "../warning.ts";
import type { Forecast } from "./forecast.ts";

/** Rows of the station table that are left out, and what is doubtful about the others. */
export function tableWarnings({ rejected, emptyRows, warnings: doubts }: StationTable): Warning[] {
  const warnings: Warning[] = rejected.map(({ row, id, reason }) => ({
    kind: "rowRejected",
    message: reason,
    row,
    ...(id === undefined ? {} : { station: id }),
  }));
  if (emptyRows.length > 0) {
    warnings.push({
      kind: "rowsEmpty",
      message: `${counted(emptyRows.length, "row")} with an empty cell left out: ${listed(emptyRows, 10)}`,
    });
  }
  return [...warnings, ...doubts];
}

/** Whether observations, now and forecast follow each other. */
export function timeWarnings(grid: GridDescription, forecast: Forecast, now: string): Warning[] {
  const warnings: Warning[] = [];
  const last = grid.seconds.at(-1)!;
  const needed = monthNumber(secondsOf(now)) - 1;
  const behind = needed - monthNumber(last);
  if (behind > 0) {
    const message = `the observations end with ${monthText(last)}, ${counted(behind, "month")} before the month before now`;
    warnings.push({ kind: "historyBehind", message });
  }
  const overlap = forecast.seconds.filter((time) => monthNumber(time) <= monthNumber(last));
  if (overlap.length > 0) {
    warnings.push({
      kind: "historyOverlapsForecast",
      message: `the forecast for ${Array.from(overlap, monthText).join(", ")} is not after the last observed month, ${monthText(last)}`,
    });
  }
  return warnings;
}
