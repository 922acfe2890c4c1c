import type { RunEntry } from "../../../run/records.ts";
import { dashed } from "../../../time.ts";

/** Where the page of a run is from here. */
export function pageOf({ runId }: Pick<RunEntry, "runId">): string {
  return `runs/${encodeURIComponent(runId)}/index.html`;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** `25 Jun 2020` of a day of issue, `20200625`; the forecast's name where that is not known. */
export function issueText({ forecast: { issued, label } }: Pick<RunEntry, "forecast">): string {
  return issued === null ? label : dated(DAY, dashed(issued));
}

/** How a sentence calls the forecast of a run. */
export function forecastText(run: RunEntry): string {
  return run.forecast.issued === null ? run.forecast.label : issueText(run);
}

/** `Aug 2020` of a target, or the day of a week. */
export function targetText({ weekly }: Pick<RunEntry, "weekly">, target: string): string {
  return dated(weekly === true ? DAY : MONTH, target.slice(0, "YYYY-MM-DD".length));
}

function dated(format: Intl.DateTimeFormat, day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : format.format(time);
}

const WORDS: Readonly<Record<string, string>> = { complete: "Complete", partial: "Partial", failed: "Failed" };

export function statusText(status: RunEntry["status"]): string {
  return WORDS[status] ?? status;
}
