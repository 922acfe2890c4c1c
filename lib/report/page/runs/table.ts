import { stationsOf } from "../../../run/headline.ts";
import type { RunEntry } from "../../../run/records.ts";
import { type Change, changesOf } from "../../index/order.ts";
import { el } from "../element.ts";
import { leadsCell } from "./leads.ts";
import { issueText, pageOf, statusText } from "./words.ts";

/** More are drawn when they are asked for, so that thousands of runs open fast. */
const AT_FIRST = 100;
const MORE = 500;

/** A run of which fewer stations are usable is not called complete without a word. */
const MOST = 0.9;

const HEADS = ["Issued", "Product", "Mean anomaly, and its change", "Status", "Usable", "Warnings", "Ended (UTC)"];

export interface RunsTable {
  readonly element: HTMLElement;
  show(runs: readonly RunEntry[], accepts: (run: RunEntry) => boolean): void;
  /** Of the runs that are listed, drawn or not. */
  count(): number;
  /** Draws up to a run, and brings it into view. */
  reveal(runId: string): void;
}

/** The runs as a table. @param marked - id of a run that stands out */
export function makeTable(all: readonly RunEntry[], marked: string): RunsTable {
  const body = el("tbody", {});
  const more = el("button", { type: "button", class: "more" });
  const none = el("p", { class: "hint" }, "No run is like that.");
  let listed: readonly RunEntry[] = all;
  let changes: ReturnType<typeof changesOf> = new Map();
  let of: readonly RunEntry[] = [];
  let drawn = 0;

  const draw = (count: number) => {
    const next = listed.slice(drawn, drawn + count);
    body.append(...next.map((run) => row(run, changes.get(run) ?? [], run.runId === marked)));
    drawn += next.length;
    const left = listed.length - drawn;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(left, MORE)} more of ${left}`;
  };
  more.addEventListener("click", () => draw(MORE));

  const heads = HEADS.map((text) => el("th", { scope: "col" }, text));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body);
  const frame = el("div", { class: "runs-frame", tabIndex: 0, "aria-label": "Runs, newest first" }, table);
  frame.setAttribute("role", "region");
  return {
    element: el("div", {}, frame, none, more),
    show(runs, accepts) {
      if (runs !== of) [of, changes] = [runs, changesOf(runs)];
      listed = runs.filter(accepts);
      // What was drawn stays drawn: a list that renews itself does not shrink under its reader.
      const wanted = Math.max(AT_FIRST, Math.min(drawn, listed.length));
      body.replaceChildren();
      drawn = 0;
      draw(wanted);
      none.hidden = listed.length > 0;
      table.hidden = listed.length === 0;
    },
    count: () => listed.length,
    reveal(runId) {
      const at = listed.findIndex((run) => run.runId === runId);
      if (at === -1) return;
      if (at >= drawn) draw(at + 1 - drawn);
      body.children[at]?.scrollIntoView({ block: "center" });
    },
  };
}

function row(run: RunEntry, changes: readonly (Change | undefined)[], isMarked: boolean): HTMLElement {
  const { product, counts, finishedAt, forecast, hasPage } = run;
  const name = issueText(run);
  return el(
    "tr",
    isMarked ? { "aria-current": "true" } : {},
    el(
      "th",
      { scope: "row" },
      hasPage ? el("a", { href: pageOf(run) }, name) : name,
      name === forecast.label ? null : el("div", { class: "faint small" }, forecast.label),
    ),
    el("td", {}, product),
    leadsCell(run, changes),
    el("td", {}, status(run)),
    el("td", {}, counts.planned === 0 ? "" : `${counts.usable} of ${stationsOf(counts)}`),
    el("td", {}, counts.warnings === 0 ? "none" : String(counts.warnings)),
    el("td", {}, finishedAt),
  );
}

function status({ status: of, counts }: RunEntry): HTMLElement {
  const isFew = of === "complete" && counts.usable < MOST * stationsOf(counts);
  return el(
    "span",
    { class: `status ${isFew ? "few" : of}` },
    isFew ? `${statusText(of)}, few usable` : statusText(of),
  );
}
