import type { GridDescription } from "../grid/description.ts";
import { weekNumber } from "../grid/weeks.ts";
import type { StationTable } from "../stations/station.ts";
import { dayText, monthNumber, monthText, secondsOf } from "../time.ts";
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
  const { noun, numberAt, numberOf, text } = stepsOf(grid);
  const behind = numberAt(secondsOf(now)) - 1 - numberOf(last);
  if (behind > 0) {
    const message = `the observations end with ${text(last)}, ${counted(behind, noun)} before the ${noun} before now`;
    warnings.push({ kind: "historyBehind", message });
  }
  const overlap = forecast.seconds.filter((time) => numberOf(time) <= numberOf(last));
  if (overlap.length > 0) {
    warnings.push({
      kind: "historyOverlapsForecast",
      message: `the forecast for ${Array.from(overlap, text).join(", ")} is not after the last observed ${noun}, ${text(last)}`,
    });
  }
  return warnings;
}

/** The steps of a series, counted. */
interface Steps {
  readonly noun: "month" | "week";
  /** The number of the one that a time lies in, and of the one whose row has that time. */
  readonly numberAt: (seconds: number) => number;
  readonly numberOf: (rowSeconds: number) => number;
  /** Of the time of a row. */
  readonly text: (rowSeconds: number) => string;
}

function stepsOf({ weekly, weeks }: Pick<GridDescription, "weekly" | "weeks">): Steps {
  if (weekly === undefined || weeks === undefined) {
    return { noun: "month", numberAt: monthNumber, numberOf: monthNumber, text: monthText };
  }
  const begin = (rowSeconds: number) => rowSeconds - weeks.dated;
  return {
    noun: "week",
    numberAt: (seconds) => weekNumber(seconds, weeks),
    numberOf: (rowSeconds) => weekNumber(begin(rowSeconds), weeks),
    text: (rowSeconds) => `the week from ${dayText(begin(rowSeconds))} on`,
  };
}
