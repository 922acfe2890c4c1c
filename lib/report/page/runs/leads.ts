import type { RunEntry } from "../../../run/records.ts";
import type { Change } from "../../index/order.ts";
import { el } from "../element.ts";
import { forecastText, targetText } from "./words.ts";

/** Leads that are shown at once; those after them when they are asked for. */
const FIRST = 2;

/** The targets of a run with the mean anomaly of each, and how that changed since the forecast before. */
export function leadsCell(run: RunEntry, changes: readonly (Change | undefined)[]): HTMLElement {
  const lines = run.targets.map((target, lead) => line(run, target, run.means?.[lead] ?? null, changes[lead]));
  if (lines.length <= FIRST + 1) return el("td", {}, ...lines);
  const rest = el("details", {}, el("summary", {}, `${lines.length - FIRST} more`), ...lines.slice(FIRST));
  return el("td", {}, ...lines.slice(0, FIRST), rest);
}

function line(run: RunEntry, target: string, mean: number | null, change: Change | undefined): HTMLElement {
  const value =
    mean === null ? null : el("strong", {}, ` ${signed(mean)}${run.units === undefined ? "" : ` ${run.units}`}`);
  return el(
    "div",
    {},
    targetText(run, target),
    value,
    change === undefined
      ? null
      : el("span", { class: "faint" }, `, ${signed(change.difference)} since ${forecastText(change.since)}`),
  );
}

/** Two decimals with the sign, so that those of a column can be compared. */
function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return `${Number(text) === 0 ? "±" : value < 0 ? "−" : "+"}${text}`;
}
