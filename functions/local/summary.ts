import { keys } from "../../lib/keys.ts";
import { oneLine } from "../../lib/printable.ts";
import { shortfalls, usableText } from "../../lib/run/headline.ts";
import type { Manifest, NowSource, UnitConversion } from "../../lib/run/records.ts";
import { within } from "../../lib/store/place.ts";
import { prettyUnits } from "../../lib/units/pretty.ts";
import type { LocalResult } from "./result.ts";

/** One screen about a run that has ended: what was written, what to know, how long it took, where to look. */
export function summaryOf({ manifest, chunksKept, unsaid }: LocalResult, out: string): string {
  const { runId, status, now, nowFrom, error, counts, forecast, grid, units, series, missing, warnings, seconds } =
    manifest;
  const rows: [string, string][] = [["run", `${runId}: ${status}`]];
  if (forecast !== undefined) {
    const { label, targets, initialisations = [] } = forecast;
    const of = initialisations.length < 2 ? "" : `; mean of ${initialisations.length} initialisations`;
    rows.push(["forecast", `${label} for ${targets.join(", ")}${of}`]);
  }
  rows.push(["now", `${now}, ${NOW_SOURCES[nowFrom]}`]);
  if (grid !== undefined) {
    const months = `${grid.months} ${grid.weekly === true ? "weeks" : "months"}, ${grid.firstMonth} to ${grid.lastMonth}`;
    rows.push(["grid", `${grid.stored ? "stored grid used" : "computed and stored"}: ${grid.id} (${months})`]);
  }
  if (forecast?.base?.rebased === true) rows.push(["base", `forecast rebased from ${forecast.base.years.join("-")}`]);
  if (units) rows.push(["units", `${prettyUnits(units)}${conversionText(forecast?.converted)}`]);
  if (counts.planned > 0) {
    rows.push(["usable", usableText(counts)], ...shortfalls(counts).map((text): [string, string] => ["", text]));
  }
  const kept = chunksKept === 0 ? "" : `; ${chunksKept} of ${counts.chunks} chunks were done before`;
  rows.push(["stations", `${counts.written} of ${counts.planned} written${kept}`]);
  for (const { chunkId, error: why, stations } of missing) {
    rows.push(["", `chunk ${chunkId}, ${stations.length} stations not written: ${why}`]);
  }
  // The errors of chunks stand there already.
  if (error !== undefined && missing.length === 0) rows.push(["error", error]);
  rows.push(...warningRows(warnings));
  const times = Object.entries(seconds).map(([stage, time]) => `${stage} ${time.toFixed(2)}`);
  rows.push(["seconds", times.join(", ")]);
  if (series !== undefined) rows.push(["series", within(out, series.replace("{station}", "<station>"))]);
  rows.push(["manifest", within(out, keys.manifest(runId))]);
  if (missing.length > 0) rows.push(["next", "run the same command with --resume to do what is missing"]);
  if (unsaid !== undefined) rows.push(["page", unsaid]);
  else if (!warnings.some(({ kind }) => kind === "pageMissing")) rows.push(["page", within(out, keys.page(runId))]);
  return `${rows.map(([name, text]) => `${name.padEnd(10)}${oneLine(text)}`).join("\n")}\n`;
}

const NOW_SOURCES: Readonly<Record<NowSource, string>> = {
  request: "as asked",
  name: "the day of issue in the forecast's name (--now sets another)",
  file: "the initial time in the forecast (--now sets another)",
  clock: "when the run was claimed: the forecast tells no day of issue (--now sets one)",
};

/** Where the forecast was in other units: from which, and what it was multiplied by. */
function conversionText(converted: UnitConversion | undefined): string {
  if (converted === undefined) return "";
  const factors = Array.from(new Set(converted.factors), (factor) => String(factor));
  return `; forecast converted from ${prettyUnits(converted.from)}, times ${factors.join(", ")}`;
}

/** One line about a run that is not complete. */
export function failureOf({ manifest }: LocalResult, out: string): string {
  const { status, counts, error, missing, runId } = manifest;
  const why = error ?? missing[0]?.error ?? "";
  const where = within(out, keys.manifest(runId));
  return `error: ${status}, ${counts.written} of ${counts.planned} stations written: ${why}. See ${where}\n`;
}

/** One line that names what `--strict` does not let pass; undefined where there is nothing. */
export function strictText({ manifest: { counts } }: LocalResult): string | undefined {
  const found = shortfalls(counts);
  return found.length === 0 ? undefined : `strict: ${found.join("; ")}\n`;
}

const EXAMPLES = 1;

/** A row for each kind of warning, with how often it is and an example. */
export function warningRows(warnings: Manifest["warnings"]): [string, string][] {
  if (warnings.length === 0) return [["warnings", "none"]];
  const kinds = Map.groupBy(warnings, (warning) => warning.kind);
  return Array.from(kinds, ([kind, list], i) => {
    const examples = list.slice(0, EXAMPLES).map(({ station, row, message }) => {
      const where = station === undefined ? (row === undefined ? "" : `row ${row}: `) : `${station}: `;
      return where + message;
    });
    const more = list.length > EXAMPLES ? "; all are in the manifest" : "";
    return [i === 0 ? "warnings" : "", `${list.length} ${kind}, e.g. ${examples.join("; ")}${more}`];
  });
}
