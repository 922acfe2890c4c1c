import { basename } from "node:path";
import { oneLine } from "../../lib/printable.ts";
import { shortfalls } from "../../lib/run/headline.ts";
import { counted } from "../../lib/warning.ts";
import type { Batch, BatchEnd } from "./batch.ts";

type Row = readonly [title: string, text: string];

/** One screen about several runs: how they ended, and those that need a look. */
export function batchSummary({ ends, seconds }: Batch, out: string): string {
  const open = ends.filter(({ status }) => status !== "complete");
  const isAnyDone = ends.some(({ before }) => !before);
  const rows: Row[] = [
    ["runs", countsText(ends)],
    ...open.map((end): Row => ["", endText(end)]),
    ...(isAnyDone ? ([["stations", stationsText(ends)], ...warningRows(ends)] satisfies Row[]) : []),
    ["seconds", secondsText(ends, seconds)],
    ["next", `s2s status ${out} lists all runs, s2s open ${out} shows the newest`],
  ];
  if (open.length > 0) rows.push(["", "run the same command with --resume to do what is missing"]);
  return rows.map(([title, text]) => `${title.padEnd(10)}${oneLine(text)}\n`).join("");
}

/** What a line says of a run that has ended. */
export function endText({ forecast, status, before, runId, why, counts, seconds, warnings }: BatchEnd): string {
  const name = basename(forecast);
  if (before) return `${name}: complete before, ${runId}`;
  const run = runId === undefined ? "" : `, ${runId}`;
  if (status !== "complete" || counts === undefined) return `${name}: ${status}${run}: ${why ?? ""}`;
  const told = warnings.reduce((sum, { count }) => sum + count, 0);
  const parts = [`${counts.written} of ${counts.planned} stations`, counted(told, "warning")];
  return `${name}: complete in ${seconds!.toFixed(2)} s, ${parts.join(", ")}${run}`;
}

/** A line for each run that `--strict` does not let pass. */
export function strictTexts(ends: readonly BatchEnd[]): string[] {
  return ends.flatMap(({ forecast, counts }) => {
    const found = counts === undefined ? [] : shortfalls(counts);
    return found.length === 0 ? [] : [`strict: ${basename(forecast)}: ${found.join("; ")}\n`];
  });
}

function countsText(ends: readonly BatchEnd[]): string {
  const kinds = Map.groupBy(ends, ({ status, before }) => (before ? "complete before" : status));
  return `${ends.length}: ${Array.from(kinds, ([kind, list]) => `${list.length} ${kind}`).join(", ")}`;
}

function stationsText(ends: readonly BatchEnd[]): string {
  const sum = (of: "written" | "planned") => ends.reduce((total, { counts }) => total + (counts?.[of] ?? 0), 0);
  return `${sum("written")} of ${sum("planned")} series written`;
}

/** A row for each kind of warning: of how many runs it is, and an example. */
function warningRows(ends: readonly BatchEnd[]): Row[] {
  const kinds = Map.groupBy(
    ends.flatMap(({ warnings }) => warnings),
    ({ kind }) => kind,
  );
  if (kinds.size === 0) return [["warnings", "none"]];
  return Array.from(kinds, ([kind, ofRuns], i): Row => {
    const all = ofRuns.reduce((sum, { count }) => sum + count, 0);
    const text = `${all} ${kind} in ${counted(ofRuns.length, "run")}, e.g. ${ofRuns[0]!.example}`;
    return [i === 0 ? "warnings" : "", text];
  });
}

function secondsText(ends: readonly BatchEnd[], all: number): string {
  const [first, ...others] = ends.flatMap(({ seconds }) => seconds ?? []);
  if (first === undefined || others.length === 0) return `all ${all.toFixed(2)}`;
  const mean = others.reduce((sum, one) => sum + one, 0) / others.length;
  return `all ${all.toFixed(2)}, the first ${first.toFixed(2)}, each after it ${mean.toFixed(2)}`;
}
