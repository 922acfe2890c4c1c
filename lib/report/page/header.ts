import { shortfalls, stationsOf, usableText } from "../../run/headline.ts";
import { listed } from "../../warning.ts";
import type { PageData } from "../page-data.ts";
import { daysInWords, forecastTitle, rowsInWords } from "../spoken-dates.ts";
import { el } from "./element.ts";

/** A run of which fewer stations are usable is not called complete without a word. */
const MOST = 0.9;

const WORDS = { complete: "Complete", partial: "Partial", failed: "Failed" } as const;

/** What the run is of, and how it ended. */
export function makeHeader({
  product,
  status,
  forecast,
  leads,
  variable,
  baseline,
  counts,
  ...data
}: PageData): HTMLElement {
  const warned = data.warnings.reduce((sum, group) => sum + Math.max(1, group.stations.length, group.rows.length), 0);
  const what = variable.longName ?? variable.name;
  const facts: readonly (readonly [string, string])[] = [
    ["forecast", forecast.label],
    ["initialised", startText(forecast)],
    ["observed", data.history.length === 0 ? "unknown" : rowsInWords(data.history, data.weekly)],
    ...unitsFact(variable.units, forecast.convertedFrom),
    ["baseline", baselineText(baseline, forecast.base)],
    ["stations", `${counts.written} of ${counts.planned} written`],
    ["warnings", warned === 0 ? "none" : String(warned)],
    ["took", `${(data.seconds["total"] ?? 0).toFixed(1)} s, ended ${data.finishedAt} UTC`],
  ];
  return el(
    "header",
    {},
    el("p", { class: "eyebrow" }, `${product} · ${what === "" ? "anomalies" : `${what}, anomalies`}`),
    el("h1", {}, forecastTitle(forecast, leads, data.weekly), " ", makeStatus(status, counts)),
    counts.planned === 0
      ? null
      : el("p", { class: "headline" }, `${[usableText(counts), ...shortfalls(counts)].join("; ")}.`),
    el("dl", {}, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
  );
}

function makeStatus(status: PageData["status"], counts: PageData["counts"]): HTMLElement {
  const all = stationsOf(counts);
  const few = status === "complete" && counts.usable < MOST * all;
  const words = few ? `${WORDS[status]}, ${counts.usable} of ${all} usable` : WORDS[status];
  return el("span", { class: `status ${few ? "few" : status}` }, words);
}

/** What is missing and what to do about it, before anything else; null for a complete run. */
export function makeAlarm({ status, error, missing, counts, runId }: PageData): HTMLElement | null {
  if (status === "complete") return null;
  const notWritten = missing.reduce((sum, chunk) => sum + chunk.stations, 0);
  const title =
    status === "partial"
      ? `${notWritten} of ${counts.planned} stations were not written`
      : counts.written === 0
        ? "This run failed: no station was written"
        : "This run failed: its series are not to be used";
  const reasons = Map.groupBy(missing, (chunk) => chunk.error);
  const list = Array.from(reasons, ([why, chunks]) => {
    const ids = chunks.map(({ chunkId }) => chunkId);
    const named = listed(ids, 8);
    const stations = chunks.reduce((sum, chunk) => sum + chunk.stations, 0);
    return el("li", {}, el("strong", {}, `${stations} stations, chunk${ids.length === 1 ? "" : "s"} ${named}: `), why);
  });
  const alarm = el(
    "div",
    { class: `alarm ${status}` },
    el("h2", {}, title),
    list.length === 0 ? el("p", {}, error ?? "") : el("ul", {}, ...list),
    el(
      "p",
      { class: "todo" },
      "What to do: mend the cause, then resume the run, which does only what is missing (on the command line the same command with ",
      el("code", {}, "--resume"),
      "; on Lambda an event with ",
      el("code", {}, '"resume": true'),
      `). Run ${runId}.`,
    ),
  );
  alarm.setAttribute("role", "alert");
  return alarm;
}

/** The baseline, and the years that the forecast is, or was, relative to where they are others. */
function baselineText(baseline: PageData["baseline"], base: PageData["forecast"]["base"]): string {
  const [ours, theirs] = [baseline.join("–"), base?.years.join("–")];
  if (base === null || theirs === ours) return ours;
  return base.rebased ? `${ours}, forecast rebased from ${theirs}` : `${ours}, but of the forecast ${theirs}`;
}

function unitsFact(units?: string, convertedFrom?: string): [string, string][] {
  if (units === undefined) return [];
  return [["units", convertedFrom === undefined ? units : `${units}, forecast converted from ${convertedFrom}`]];
}

/** Of a mean of several, the days of all. */
function startText({ issued, initialisations: days = [] }: PageData["forecast"]): string {
  if (days.length > 1) return `${daysInWords(days.toReversed())}, mean of ${days.length}`;
  return issued === null ? "not known" : daysInWords([issued]);
}
